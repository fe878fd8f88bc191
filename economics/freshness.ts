import type { UsedPrice } from "./bill.ts";
import { ageInDays } from "./provenance.ts";

/** When a price counts as stale: days since its source stated it, and how much money rests on it. */
export interface FreshnessLimits {
  readonly warnAfterDays: number;
  readonly blockAfterDays: number;
  /** Stale prices block only when more than this share of the bill rests on them; below it they warn. */
  readonly materialShare: number;
}

export const DEFAULT_FRESHNESS: FreshnessLimits = { warnAfterDays: 45, blockAfterDays: 120, materialShare: 0.05 };

export interface StalePrice extends UsedPrice {
  readonly ageDays: number;
}

export interface Freshness {
  /** Past the warning age, oldest first. */
  readonly stale: readonly StalePrice[];
  /** Share of the bill that rests on prices past the blocking age, 0 to 1. */
  readonly expiredShare: number;
  readonly isMaterial: boolean;
}

/** Judges the age of every price of a decision. A date in the future is as suspect as an old one. */
export function freshness(prices: readonly UsedPrice[], today: string, limits: FreshnessLimits): Freshness {
  const aged = merged(prices).map((price) => ({ ...price, ageDays: ageInDays(price.date, today) }));
  const isExpired = ({ ageDays }: StalePrice) => ageDays > limits.blockAfterDays || ageDays < 0;
  const stale = aged
    .filter((price) => price.ageDays > limits.warnAfterDays || price.ageDays < 0)
    .toSorted((a, b) => b.ageDays - a.ageDays);
  const total = aged.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0);
  const expired = aged.filter(isExpired).reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0);
  const expiredShare = total === 0 ? 0 : expired / total;
  return { stale, expiredShare, isMaterial: expiredShare > limits.materialShare };
}

/** One row per price, however many resources use it. */
function merged(prices: readonly UsedPrice[]): readonly UsedPrice[] {
  const rows = new Map<string, UsedPrice>();
  for (const price of prices) {
    const key = `${price.label} ${price.date}`;
    rows.set(key, { ...price, usdPerMonth: price.usdPerMonth + (rows.get(key)?.usdPerMonth ?? 0) });
  }
  return [...rows.values()];
}
