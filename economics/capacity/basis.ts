import type { Anchor, Anchors, Features } from "./anchors.ts";
import { type Nearness, WIDEST, widthOf } from "./evidence.ts";
import { distanceSquared, type Neighbour, nearestAnchors, settingDistance } from "./nearest.ts";

const OTHER_GPU_SHARE = 0.7;
const OTHER_GPU_DOUBT = 4;
const AGREED_VARIANCE = 0.2;
/** Anchors that decide: of a closed loop by everything but its lengths and clients, along which the correction moves. */
const SERVED_NEAREST = 16;
const NEAREST = 12;

/** Anchors of a query, and how much of what they say counts. */
export interface Basis {
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
export function basisOf(features: Features, { byGpu }: Anchors, accepts: (anchor: Anchor) => boolean): Basis {
  const { isInputStated } = features;
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
