import type { Provenance } from "./provenance.ts";

export const COST_CATEGORIES = ["gpu", "platform", "people", "api", "failures"] as const;
export type CostCategory = (typeof COST_CATEGORIES)[number];

export const DRAINS = [
  "engineering labour",
  "MLOps infrastructure",
  "hardware decay",
  "incident response",
  "opportunity cost",
  "idle capacity",
] as const;
/**
 * The six hidden costs of owning. GPU hours that answer requests, the API and failed answers are none of them: a line
 * has no drain where it is the work itself. Every dollar of a bill is in at most one drain.
 */
export type Drain = (typeof DRAINS)[number];

/** One line of a monthly bill, mean over the horizon. Lines of one label belong together: the busy and the idle part of a pool. */
export interface BillLine {
  readonly label: string;
  readonly category: CostCategory;
  readonly drain?: Drain;
  readonly usdPerMonth: number;
}

/** A price the decision used, and the monthly amount that rests on it. */
export interface UsedPrice extends Provenance {
  readonly label: string;
  readonly usdPerMonth: number;
}

export const sumUsd = (lines: readonly BillLine[]): number => lines.reduce((sum, line) => sum + line.usdPerMonth, 0);

/** One line per label, in the order of first appearance. */
export function byLabel(lines: readonly BillLine[]): readonly BillLine[] {
  const merged = new Map<string, BillLine>();
  for (const line of lines) {
    const known = merged.get(line.label);
    merged.set(
      line.label,
      known === undefined ? line : { ...known, usdPerMonth: known.usdPerMonth + line.usdPerMonth },
    );
  }
  return [...merged.values()];
}
