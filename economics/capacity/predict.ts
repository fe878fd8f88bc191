import { found, type Lookup, missing } from "../provenance.ts";
import { type Anchor, type AnchorIndex, featuresOf } from "./anchors.ts";
import { basisOf } from "./basis.ts";
import { coefficientsOf } from "./coefficients.ts";
import { factor, servedTimes, type Times } from "./corrected-times.ts";
import type { Deployment, Load, RequestSize } from "./deployment.ts";
import { type Evidence, evidenceOf } from "./evidence.ts";
import { atRate, closedLoop, engineOf, type Performance, type PreparedEngine, performanceOf } from "./formula.ts";
import { distanceSquared, type Neighbour, weightAt } from "./nearest.ts";

export interface PredictionQuery {
  readonly deployment: Deployment;
  /** PreparedEngine version; empty when unknown. */
  readonly version?: string;
  readonly size: RequestSize;
  /** False when the input length is a stand-in, so that only runs of unstated length anchor it. */
  readonly isInputStated?: boolean;
  readonly load: Load;
}

/** What the anchors near a query say of the formula. */
export interface Correction {
  /** On throughput, where it does not follow from times: everything but closed loops and rates. */
  readonly throughput: number;
  /** Times of one running request, beside `running - 1` others. */
  readonly times: (running: number) => Times;
  readonly evidence: Evidence;
}

export interface Prediction extends Performance {
  readonly evidence: Evidence;
}

const acceptsAll = (): boolean => true;
/** Weighted mean of the throughput's logarithm over the neighbours. */
function throughputMean(near: readonly Neighbour[]): number {
  let sum = 0;
  let weights = 0;
  for (const { anchor, distanceSquared: apart } of near) {
    const weight = weightAt(apart);
    sum += weight * anchor.throughput;
    weights += weight;
  }
  return weights === 0 ? 0 : sum / weights;
}

/** What the anchors say of the formula near this query. `accepts` leaves anchors out, as leave-one-out does. */
export function correctionFor(
  query: PredictionQuery,
  engine: PreparedEngine,
  formula: Performance,
  index: AnchorIndex,
  accepts: (anchor: Anchor) => boolean = acceptsAll,
): Correction {
  const { deployment, version = "", size, load, isInputStated = true } = query;
  const features = featuresOf(deployment, size, load, formula, version, isInputStated);
  const known = index.anchorsOf(deployment.engine, deployment.model);
  const basis = basisOf(features, known, accepts);
  const { nearness } = basis;
  const reach = nearness?.isOwnGpu ? nearness.distance ** 2 : Number.POSITIVE_INFINITY;
  const isRefusedNearer = known.refused.some(
    (anchor) => anchor.gpu === features.gpu && distanceSquared(features, anchor) < reach,
  );
  const used = basis.near.map(({ anchor }) => anchor.measurement);
  const [nearest] = used.splice(basis.nearest, 1);
  return {
    throughput: features.family === "served" ? 1 : factor(basis.share * throughputMean(basis.near)),
    times: servedTimes(engine, features, basis),
    evidence: evidenceOf(
      nearness,
      nearest === undefined ? [] : [nearest, ...used],
      isRefusedNearer,
      features.family === "burst",
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
  const ready = readyEngine(query);
  if (!ready.ok) return ready;
  const engine = ready.value;
  const { load } = query;
  const formula = performanceOf(engine, load);
  const { throughput, times, evidence } = correctionFor(query, engine, formula, index, accepts);
  const loop = (clients: number): Performance => closedLoop(engine, clients, times);
  if (load.kind === "concurrency") return found({ ...loop(load.clients), evidence });
  if (load.kind === "rate") {
    const full = loop(engine.limit * engine.deployment.replicas);
    return found({ ...atRate(engine, load.requestsPerSecond, full, loop), evidence });
  }
  return found({
    ...formula,
    outputTokensPerSecond: formula.outputTokensPerSecond * throughput,
    tpotSeconds: formula.tpotSeconds / throughput,
    evidence,
  });
}
