import { found, type Lookup, missing } from "../provenance.ts";
import { type Anchor, type AnchorIndex, featuresOf } from "./anchors.ts";
import { coefficientsOf } from "./coefficients.ts";
import type { Deployment, Load, RequestSize } from "./deployment.ts";
import { type Evidence, evidenceOf, type Tier } from "./evidence.ts";
import { engineOf, type Performance, type PreparedEngine, performanceOf } from "./formula.ts";
import { correction, nearestAnchors } from "./nearest.ts";

export interface PredictionQuery {
  readonly deployment: Deployment;
  /** PreparedEngine version; empty when unknown. */
  readonly version?: string;
  readonly size: RequestSize;
  /** False when the input length is a stand-in, so that only runs of unstated length anchor it. */
  readonly isInputStated?: boolean;
  readonly load: Load;
}

/** Factors that anchors put on the formula. */
export interface Correction {
  readonly throughput: number;
  readonly ttft: number;
  readonly tpot: number;
  readonly evidence: Evidence;
}

export interface Prediction extends Performance {
  readonly evidence: Evidence;
}

/**
 * On another GPU measurements say less about this one: only a share of their logarithm counts, and less of it the fewer
 * they are. Bursts on another GPU say nothing.
 */
const OTHER_GPU_SHARE = 0.7;
const OTHER_GPU_DOUBT = 4;
const LARGEST_FACTOR = 4;
const acceptsAll = (): boolean => true;

const factor = (logarithm: number): number =>
  Math.min(LARGEST_FACTOR, Math.max(1 / LARGEST_FACTOR, Math.exp(logarithm)));

/** What the anchors say of the formula near this query. `accepts` leaves anchors out, as leave-one-out does. */
export function correctionFor(
  query: PredictionQuery,
  formula: Performance,
  index: AnchorIndex,
  accepts: (anchor: Anchor) => boolean = acceptsAll,
): Correction {
  const { deployment, version = "", size, load, isInputStated = true } = query;
  const anchors = index.anchorsOf(deployment.engine, deployment.model);
  const features = featuresOf(deployment, size, load, formula, version, isInputStated);
  let tier: Tier = "A";
  let share = 1;
  // A run of unstated prompt length says nothing of a stated one, and the other way round.
  const isEligible = (anchor: Anchor): boolean => anchor.isInputStated === isInputStated && accepts(anchor);
  let near = nearestAnchors(features, anchors, (anchor) => anchor.gpu === features.gpu && isEligible(anchor));
  if (near.length === 0) {
    tier = "B";
    near = nearestAnchors(features, anchors, (anchor) => !anchor.isBurst && isEligible(anchor));
    // Where the input length is not stated, most of what the formula misses is that length, which no GPU changes.
    share = ((isInputStated ? OTHER_GPU_SHARE : 1) * near.length) / (near.length + OTHER_GPU_DOUBT);
  }
  if (near.length === 0) return { throughput: 1, ttft: 1, tpot: 1, evidence: evidenceOf("C", []) };
  return {
    throughput: factor(share * correction(near, ({ throughput }) => throughput)),
    ttft: factor(share * correction(near, ({ ttft }) => ttft)),
    // Where only the throughput was measured, the time per token is off by as much the other way.
    tpot: factor(share * correction(near, ({ tpot, throughput }) => tpot ?? -throughput)),
    evidence: evidenceOf(
      tier,
      near.map(({ anchor }) => anchor.measurement),
    ),
  };
}

/** The engine of a query, or why it cannot run. */
export function readyEngine({ deployment, size }: PredictionQuery): Lookup<PreparedEngine> {
  const engine = engineOf(deployment, size, coefficientsOf(deployment.model, deployment.engine));
  return engine === undefined ? missing(`no arithmetic rate is known for ${deployment.gpu.name}`) : found(engine);
}

/** Anchor x formula(query) / formula(anchor), or the formula where there is no anchor. */
export function predict(
  query: PredictionQuery,
  index: AnchorIndex,
  accepts?: (anchor: Anchor) => boolean,
): Lookup<Prediction> {
  const engine = readyEngine(query);
  if (!engine.ok) return engine;
  const formula = performanceOf(engine.value, query.load);
  const { throughput, ttft, tpot, evidence } = correctionFor(query, formula, index, accepts);
  const isOffered =
    query.load.kind === "rate" &&
    formula.outputTokensPerSecond >= query.load.requestsPerSecond * query.size.outputTokens * 0.999;
  return found({
    outputTokensPerSecond: formula.outputTokensPerSecond * (isOffered ? 1 : throughput),
    ttftSeconds: formula.ttftSeconds * ttft,
    tpotSeconds: formula.tpotSeconds * tpot,
    sequences: formula.sequences,
    evidence,
  });
}
