import type { Provenance } from "../provenance.ts";
import type { Measurement } from "./measurement.ts";

/**
 * A: measured on this model, GPU and engine, near enough and in agreement. B: measured on this model and engine, on
 * another GPU or less near. C: the formula, with nothing measured beside it or only what disagrees. Never on another model:
 * that is no better than C.
 */
export type Tier = "A" | "B" | "C";

export interface TierError {
  /** Half of the measurements are predicted within this share. */
  readonly median: number;
  /** Nine of ten are. */
  readonly p90: number;
}

/** Leave-one-out errors of each tier, as `npm run accuracy` last committed them (docs/accuracy.md), rounded up. */
export const TIER_ERRORS: Readonly<Record<Tier, TierError>> = {
  A: { median: 0.04, p90: 0.13 },
  B: { median: 0.08, p90: 0.3 },
  C: { median: 0.11, p90: 0.4 },
};

/** What measurements near a query say of how far they carry. */
export interface Nearness {
  readonly isOwnGpu: boolean;
  /** Standard deviation of measured / formula among them (logarithms), the nearest counting most. */
  readonly spread: number;
  /** Distance of the nearest, as `nearest.ts` measures it. */
  readonly distance: number;
  readonly anchors: number;
  readonly isBurst: boolean;
}

export type IntervalTerms = Readonly<Record<"base" | "spread" | "distance" | "few" | "burst", number>>;

/**
 * Nine of ten logarithms of predicted / measured lie within the sum of these terms. Fitted to leave-one-out by
 * `npm run accuracy -- --fit`.
 */
export const INTERVALS: {
  readonly own: IntervalTerms;
  readonly other: IntervalTerms;
  readonly formula: Pick<IntervalTerms, "base" | "burst">;
} = {
  own: { base: 0.01, spread: 1.39, distance: 0.039, few: 0.39, burst: 0.27 },
  other: { base: 0.12, spread: 0.69, distance: 0.023, few: 0.45, burst: 0.37 },
  formula: { base: 0.38, burst: 0.5 },
};
/** Distances beyond this say no more. */
const FARTHEST = 9;
/** Widest interval of a tier, as a logarithm. What other GPUs say is not used beyond that of tier B. */
export const WIDEST = { A: 0.3, B: 0.5 };
/** Published repeats of the same settings differ by 6 % at the median: nothing is known better. */
const LEAST_WIDTH = 0.1;
/** Where measurements nearer than any that counts were refused, nobody knows what they would have said. */
const REFUSED_WIDTH = 0.7;

/** Logarithm of predicted / measured that nine of ten measurements stay within. */
export function widthOf(
  { isOwnGpu, spread, distance, anchors, isBurst }: Nearness,
  terms: IntervalTerms = isOwnGpu ? INTERVALS.own : INTERVALS.other,
): number {
  const { base, spread: perSpread, distance: perDistance, few, burst } = terms;
  const apart = Math.min(distance, FARTHEST);
  // How many there are matters the less the nearer they are.
  const doubt = (few / anchors) * Math.min(1, apart);
  return Math.max(LEAST_WIDTH, base + perSpread * spread + perDistance * apart + doubt + (isBurst ? burst : 0));
}
export const formulaWidth = (isBurst: boolean): number =>
  INTERVALS.formula.base + (isBurst ? INTERVALS.formula.burst : 0);

/** What an estimate rests on. */
export interface Evidence {
  readonly tier: Tier;
  /** Half of the measurements lie within this share of the estimate. */
  readonly medianError: number;
  /** Nine of ten lie between estimate / (1 + p90Error) and estimate x (1 + p90Error). */
  readonly p90Error: number;
  /** The measurements used, nearest first. */
  readonly anchors: readonly Measurement[];
  /** How near what was measured is, used or not; undefined when there is nothing. */
  readonly nearness: Nearness | undefined;
  /** Whether nearer measurements stand in the catalogue and were refused. */
  readonly isRefusedNearer: boolean;
  /** The user's own measurement, which then is the anchor. */
  readonly own?: Provenance;
}

/** Evidence of measurements beside a query; the tier follows from how far they carry. */
export function evidenceOf(
  nearness: Nearness | undefined,
  anchors: readonly Measurement[],
  isRefusedNearer: boolean,
  isBurst: boolean,
): Evidence {
  const width = nearness === undefined || anchors.length === 0 ? formulaWidth(isBurst) : widthOf(nearness);
  const wide = isRefusedNearer ? Math.max(width, REFUSED_WIDTH) : width;
  const tier = anchors.length === 0 || wide > WIDEST.B ? "C" : nearness?.isOwnGpu && wide <= WIDEST.A ? "A" : "B";
  const p90Error = Math.expm1(wide);
  const { median, p90 } = TIER_ERRORS[tier];
  return { tier, medianError: (p90Error * median) / p90, p90Error, anchors, nearness, isRefusedNearer };
}

/** The last word of a repository or site: `aiconfigurator`, `inference_results_v5.1`. */
const publisher = ({ source }: Measurement): string => {
  const [site = "", owner, repository] = source.split(/[ ]/)[0]?.split("/") ?? [];
  return site === "github.com" ? (repository ?? owner ?? site) : site;
};

function basis({ tier, anchors, own, nearness, isRefusedNearer }: Evidence): string {
  if (own !== undefined) return `measured here, ${own.source} ${own.date}`;
  const refused = isRefusedNearer ? ", nearer ones refused" : "";
  const [nearest] = anchors;
  if (nearest === undefined)
    return `by formula, ${nearness === undefined ? "nothing" : "nothing near"} measured on this model and engine${refused}`;
  const points = `${anchors.length} ${anchors.length === 1 ? "point" : "points"}${tier === "C" ? " that disagree or are far" : ""}`;
  return `${points}: ${nearest.model} on ${nearest.gpus}x ${nearest.gpu}, ${publisher(nearest)} ${nearest.date}${refused}`;
}

/** One line: tier, errors, how many measurements it rests on and the nearest of them. */
export const evidenceText = (evidence: Evidence): string =>
  `tier ${evidence.tier}, error ${percent(evidence.medianError)} (p90 ${percent(evidence.p90Error)}), ${basis(evidence)}`;

const percent = (share: number): string => `${Math.round(share * 100)} %`;
