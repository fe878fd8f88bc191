import type { Provenance } from "./provenance.ts";

export const COST_CATEGORIES = ["gpu", "platform", "people", "api", "failures"] as const;
export type CostCategory = (typeof COST_CATEGORIES)[number];

/** One line of a monthly bill, mean over the horizon. */
export interface BillLine {
  readonly label: string;
  readonly category: CostCategory;
  readonly usdPerMonth: number;
}

/** A price the decision used, and the monthly amount that rests on it. */
export interface UsedPrice extends Provenance {
  readonly label: string;
  readonly usdPerMonth: number;
}

export const sumUsd = (lines: readonly BillLine[]): number => lines.reduce((sum, line) => sum + line.usdPerMonth, 0);
