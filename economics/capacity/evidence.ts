import type { Provenance } from "../provenance.ts";
import type { Measurement } from "./measurement.ts";

/**
 * A: measured on this model, GPU and engine, at other settings. B: on this model and engine, on another GPU. C: the
 * formula alone. Never on another model: that is no better than C.
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
  A: { median: 0.04, p90: 0.16 },
  B: { median: 0.09, p90: 0.28 },
  C: { median: 0.11, p90: 0.33 },
};

/** What an estimate rests on. */
export interface Evidence {
  readonly tier: Tier;
  readonly medianError: number;
  readonly p90Error: number;
  /** The measurements used, nearest first; none in tier C. */
  readonly anchors: readonly Measurement[];
  /** The user's own measurement, which then is the anchor. */
  readonly own?: Provenance;
}

export const evidenceOf = (tier: Tier, anchors: readonly Measurement[]): Evidence => ({
  tier,
  medianError: TIER_ERRORS[tier].median,
  p90Error: TIER_ERRORS[tier].p90,
  anchors,
});

/** The last word of a repository or site: `aiconfigurator`, `inference_results_v5.1`. */
const publisher = ({ source }: Measurement): string => {
  const [site = "", owner, repository] = source.split(/[ ]/)[0]?.split("/") ?? [];
  return site === "github.com" ? (repository ?? owner ?? site) : site;
};

function basis({ tier, anchors, own }: Evidence): string {
  if (own !== undefined) return `measured here, ${own.source} ${own.date}`;
  const [nearest] = anchors;
  if (nearest === undefined) return "by formula, nothing measured on this model and engine";
  const points = `${anchors.length} ${anchors.length === 1 ? "point" : "points"}${tier === "A" ? "" : " of another GPU"}`;
  return `${points}: ${nearest.model} on ${nearest.gpus}x ${nearest.gpu}, ${publisher(nearest)} ${nearest.date}`;
}

/** One line: tier, errors of the tier, how many measurements it rests on and the nearest of them. */
export const evidenceText = (evidence: Evidence): string =>
  `tier ${evidence.tier}, error ${percent(evidence.medianError)} (p90 ${percent(evidence.p90Error)}), ${basis(evidence)}`;

const percent = (share: number): string => `${Math.round(share * 100)} %`;
