import type { Catalog } from "../economics/catalog.ts";
import type { Decision, DecisionInput } from "../economics/decide.ts";
import type { ArticleId } from "./articles.ts";

/**
 * `reproduced`: every figure that can be checked follows from the claim's own inputs or the dated catalogue. `not
 * reproduced`: at least one does not. `not computable`: the claim states nothing a computation could confirm or refute.
 */
export const STATUSES = ["reproduced", "not reproduced", "not computable"] as const;
export type Status = (typeof STATUSES)[number];

/** Lowest and highest value; equal for a single one. */
export type Range = readonly [low: number, high: number];

/** One published number beside ours. */
export interface Figure {
  readonly what: string;
  /** What both numbers count, e.g. `USD/month`. */
  readonly unit: string;
  readonly published: Range;
  /** Undefined where the catalogue has nothing to compare with: that never counts as reproduced. */
  readonly ours?: Range;
  /** Whether both ranges meet within the tolerance; undefined when not compared. */
  readonly holds?: boolean;
}

/** What recomputing a claim gave. */
export interface Finding {
  readonly status: Status;
  /** The claim's figures and ours, short enough for a table cell. */
  readonly published: string;
  readonly ours: string;
  readonly reason: string;
  readonly figures: readonly Figure[];
}

/** A stack file of this repository with its decision, for claims about whole deployments. */
export interface JudgedStack {
  readonly file: string;
  readonly input: DecisionInput;
  readonly decision: Decision;
}

/** Everything claims are recomputed from. */
export interface Facts {
  readonly catalog: Catalog;
  /** Day of the prices, YYYY-MM-DD. */
  readonly today: string;
  readonly stacks: readonly JudgedStack[];
}

/** One numbered claim, in this project's words. */
export interface Claim {
  readonly id: `${ArticleId}-${number}`;
  readonly says: string;
  recompute(facts: Facts): Finding;
}

/** Published figures are rounded to two digits or so. */
const ROUNDING = 0.02;

const rangeOf = (value: number | Range): Range => (typeof value === "number" ? [value, value] : value);

/** Compares a published number or range with ours: they hold when they meet within `tolerance`, a fraction. */
export function figure(
  what: string,
  unit: string,
  published: number | Range,
  ours: number | Range | undefined,
  tolerance: number = ROUNDING,
): Figure {
  const [low, high] = rangeOf(published);
  const base = { what, unit, published: [low, high] } as const;
  if (ours === undefined) return base;
  const [ourLow, ourHigh] = rangeOf(ours);
  const holds = ourHigh >= low * (1 - tolerance) && ourLow <= high * (1 + tolerance);
  return { ...base, ours: [ourLow, ourHigh], holds };
}

type Words = Omit<Finding, "status" | "figures">;

/** The finding that follows from the figures. */
export function compared(figures: readonly Figure[], words: Words): Finding {
  const checked = figures.filter(({ holds }) => holds !== undefined);
  if (checked.length === 0) return { status: "not computable", ...words, figures };
  return { status: checked.every(({ holds }) => holds) ? "reproduced" : "not reproduced", ...words, figures };
}

/** A claim without a number to confirm; `reason` says what is missing, or which feature implements what it asks for. */
export const notComputable = (reason: string, ours = "–"): Finding => ({
  status: "not computable",
  published: "–",
  ours,
  reason,
  figures: [],
});

/** How many of the compared figures hold, e.g. `16 of 20`. */
export function tally(figures: readonly Figure[]): string {
  const checked = figures.filter(({ holds }) => holds !== undefined);
  return `${checked.filter(({ holds }) => holds).length} of ${checked.length}`;
}
