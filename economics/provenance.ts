/** Where a fact or a price comes from: `date` is the day the source states it for, as YYYY-MM-DD. */
export interface Provenance {
  readonly source: string;
  readonly date: string;
}

/** An amount of US dollars with its provenance, e.g. the price of one NAT gateway hour. */
export interface Price extends Provenance {
  readonly usd: number;
}

/** The answer of every look-up: a value, or why there is none. A missing price is never zero. */
export type Lookup<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

export const found = <T>(value: T): Lookup<T> => ({ ok: true, value });
export const missing = <T>(reason: string): Lookup<T> => ({ ok: false, reason });

/** Whole days from `date` to `today`, both YYYY-MM-DD. Negative when the date lies in the future. */
export function ageInDays(date: string, today: string): number {
  return Math.round((Date.parse(`${today}T00:00:00Z`) - Date.parse(`${date}T00:00:00Z`)) / 86_400_000);
}
