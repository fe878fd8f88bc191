import { found, type Lookup, missing } from "../provenance.ts";
import { type Anchor, type AnchorIndex, type Anchors, type Features, featuresOf } from "./anchors.ts";
import { coefficientsOf } from "./coefficients.ts";
import type { Deployment, Load, RequestSize } from "./deployment.ts";
import { type Evidence, evidenceOf, type Nearness, WIDEST, widthOf } from "./evidence.ts";
import { atRate, closedLoop, engineOf, type Performance, type PreparedEngine, performanceOf } from "./formula.ts";
import {
  distanceSquared,
  INPUT_WEIGHT,
  inputDistance,
  type Neighbour,
  nearestAnchors,
  SEQUENCES_WEIGHT,
  sequencesDistance,
  settingDistance,
  weightAt,
} from "./nearest.ts";
import { decodeSeconds, firstTokenSeconds } from "./step-time.ts";

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

export interface Times {
  readonly firstSeconds: number;
  readonly tpotSeconds: number;
}

export interface Prediction extends Performance {
  readonly evidence: Evidence;
}

const OTHER_GPU_SHARE = 0.7;
const OTHER_GPU_DOUBT = 4;
const AGREED_VARIANCE = 0.2;
const LARGEST_FACTOR = 4;
const acceptsAll = (): boolean => true;
/** Anchors that decide: of a closed loop by everything but its lengths and clients, along which the correction moves. */
const SERVED_NEAREST = 16;
const NEAREST = 12;

const factor = (logarithm: number): number =>
  Math.min(LARGEST_FACTOR, Math.max(1 / LARGEST_FACTOR, Math.exp(logarithm)));

/** Anchors of a query, and how much of what they say counts. */
interface Basis {
  readonly near: readonly Neighbour[];
  readonly share: number;
  /** Of what was measured, used or not. */
  readonly nearness: Nearness | undefined;
  /** Place of the nearest anchor. */
  readonly nearest: number;
}

/** Distance² at which an anchor counts half as much for the spread as one at the query itself. */
const SPREAD_FLOOR = 0.3;

/** How near the anchors are to the query and how far they agree there. */
function nearnessOf(features: Features, near: readonly Neighbour[], isOwnGpu: boolean) {
  let weights = 0;
  let sum = 0;
  let squares = 0;
  let nearest = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let index = 0; index < near.length; index++) {
    const { anchor } = near[index] as Neighbour;
    const apart = distanceSquared(features, anchor);
    if (apart < least) {
      least = apart;
      nearest = index;
    }
    const weight = 1 / (apart + SPREAD_FLOOR);
    weights += weight;
    sum += weight * anchor.throughput;
    squares += weight * anchor.throughput ** 2;
  }
  const mean = sum / weights;
  const spread = Math.sqrt(Math.max(0, squares / weights - mean * mean));
  const isBurst = features.family === "burst";
  return { nearness: { isOwnGpu, spread, distance: Math.sqrt(least), anchors: near.length, isBurst }, nearest };
}

const NOTHING: Basis = { near: [], share: 0, nearness: undefined, nearest: 0 };

/** Anchors on this GPU or, where those are missing, on any. */
function basisOf(
  query: PredictionQuery,
  features: Features,
  { byGpu }: Anchors,
  accepts: (anchor: Anchor) => boolean,
): Basis {
  const { isInputStated = true } = query;
  // A run of unstated prompt length says nothing of a stated one, and the other way round.
  const isEligible = (anchor: Anchor): boolean => anchor.isInputStated === isInputStated && accepts(anchor);
  const isBurst = features.family === "burst";
  const isServed = features.family === "served";
  const measure = isServed ? settingDistance : distanceSquared;
  const most = isServed ? SERVED_NEAREST : NEAREST;
  const here = nearestAnchors(features, byGpu[features.gpu] ?? [], isEligible, measure, most);
  if (here.length > 0) return { near: here, share: 1, ...nearnessOf(features, here, true) };
  const there = nearestAnchors(
    features,
    Object.values(byGpu).flat(),
    (anchor) => (isBurst || anchor.family !== "burst") && isEligible(anchor),
    measure,
    most,
  );
  if (there.length === 0) return NOTHING;
  const found = nearnessOf(features, there, false);
  // Beside prompts of unstated length the formula says nothing at all.
  if (isInputStated && widthOf(found.nearness) > WIDEST.B) return { ...NOTHING, nearness: found.nearness };
  return { near: there, share: otherGpuShare(there, isInputStated), ...found };
}

/**
 * On another GPU measurements say less about this one: only a share of their logarithm counts, less of it the fewer they
 * are and the more they disagree. Where the input length is not stated, most of what the formula misses is that length,
 * which no GPU changes.
 */
function otherGpuShare(near: readonly Neighbour[], isInputStated: boolean): number {
  const many = near.length / (near.length + OTHER_GPU_DOUBT);
  return isInputStated ? (OTHER_GPU_SHARE * many) / (1 + varianceOf(near) / AGREED_VARIANCE) : many;
}

function varianceOf(near: readonly Neighbour[]): number {
  let sum = 0;
  let squares = 0;
  for (const { anchor } of near) {
    sum += anchor.throughput;
    squares += anchor.throughput ** 2;
  }
  const mean = sum / near.length;
  return Math.max(0, squares / near.length - mean * mean);
}

/** A logarithm of measured / formula at one place along a size, and how far its run is from the query in everything else. */
interface Sample {
  readonly value: number;
  readonly place: number;
  readonly apart: number;
}

/** Weighted mean of the samples as seen from a place along the size, where a doubling weighs `weight`; 0 without samples. */
function meanAt(samples: readonly Sample[], place: number, weight: number): number {
  let sum = 0;
  let weights = 0;
  for (const sample of samples) {
    const along = place - sample.place;
    const here = weightAt(sample.apart + weight * along * along);
    sum += here * sample.value;
    weights += here;
  }
  return weights === 0 ? 0 : sum / weights;
}

/**
 * A corrected time that never falls as a size grows: the correction is taken at powers of two of the size, what falls is
 * held, and between two of them the time moves as the formula does. `formula` must not fall.
 */
function risingTime(
  least: number,
  size: number,
  formula: (logSize: number) => number,
  correction: (logSize: number) => number,
): number {
  let low = 0;
  let lowFormula = 0;
  for (let node = Math.min(least, Math.floor(size)); ; node++) {
    const here = formula(node);
    const high = Math.max(low, here * factor(correction(node)));
    if (node >= size) {
      const rise = here - lowFormula;
      return node === size || rise <= 0 ? high : low + ((high - low) * (formula(size) - lowFormula)) / rise;
    }
    low = high;
    lowFormula = here;
  }
}

/** Shortest prompt, as a power of two, at which the first token is corrected. */
const LEAST_INPUT = 6;

/** Times of requests in an engine, corrected by anchors. */
function servedTimes({ step, coefficients }: PreparedEngine, features: Features, { near, share }: Basis) {
  const { input } = features;
  const tokens = near.map(({ anchor, distanceSquared: apart }) => ({
    value: share * anchor.tpot,
    place: anchor.sequences,
    apart: apart + inputDistance(input, anchor),
  }));
  const timed = near.filter(({ anchor }) => anchor.ttft !== undefined);
  return (running: number): Times => {
    const sequences = Math.log2(running);
    const tpotSeconds = risingTime(
      0,
      sequences,
      (log) => decodeSeconds(step, 2 ** log),
      (log) => meanAt(tokens, log, SEQUENCES_WEIGHT),
    );
    const firsts = timed.map(({ anchor, distanceSquared: apart }) => ({
      value: share * (anchor.ttft as number),
      place: anchor.input,
      apart: apart + sequencesDistance(sequences, anchor),
    }));
    const firstSeconds = risingTime(
      LEAST_INPUT,
      input,
      (log) => firstTokenSeconds(step, 2 ** log, running, coefficients),
      (log) => meanAt(firsts, log, INPUT_WEIGHT),
    );
    return { firstSeconds, tpotSeconds };
  };
}

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
  const basis = basisOf(query, features, known, accepts);
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
