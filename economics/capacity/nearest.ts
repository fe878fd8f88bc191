import type { Anchor, Features } from "./anchors.ts";

/**
 * How far apart two runs are. Sizes weigh per doubling, everything else is a step. Set once by leave-one-out over the
 * measurements and rounded; the figures move little around them.
 */
const WEIGHTS = { ranks: 1.4, output: 1.2, replicas: 1.5, stages: 1.4, input: 0.3, sequences: 0.35 };
const STEPS = {
  gpu: 0.35,
  precision: 1.2,
  version: 4,
  saturation: 2,
  scenario: 4,
  expertParallel: 0.6,
  burst: 3,
  mixed: 2,
};
const { input: INPUT, sequences: SEQUENCES } = WEIGHTS;
/** Squared distance of one doubling. */
export const INPUT_WEIGHT = INPUT ** 2;
export const SEQUENCES_WEIGHT = SEQUENCES ** 2;
/** Weight of an anchor: 1 / (distance² + floor²)³. */
const FLOOR_SQUARED = 0.01;

const square = (apart: number): number => apart * apart;
const squared = Object.fromEntries(Object.entries(STEPS).map(([name, step]) => [name, square(step)])) as typeof STEPS;

/** Squared distance between a query and an anchor, input length and running sequences left out. */
export function settingDistance(query: Features, anchor: Anchor): number {
  let sum =
    square((query.ranks - anchor.ranks) * WEIGHTS.ranks) +
    square((query.output - anchor.output) * WEIGHTS.output) +
    square((query.replicas - anchor.replicas) * WEIGHTS.replicas) +
    square((query.stages - anchor.stages) * WEIGHTS.stages);
  if (query.gpu !== anchor.gpu) sum += squared.gpu;
  if (query.precision !== anchor.precision) sum += squared.precision;
  if (query.version !== "" && query.version !== anchor.version) sum += squared.version;
  if (query.family !== anchor.family) sum += familyStep(query, anchor);
  if (query.expertParallel !== anchor.expertParallel) sum += squared.expertParallel;
  if (query.isMixed !== anchor.isMixed) sum += squared.mixed;
  return sum;
}

function familyStep(query: Features, anchor: Anchor): number {
  if (query.family.startsWith("mlperf") || anchor.family.startsWith("mlperf")) return squared.scenario;
  return query.family === "burst" || anchor.family === "burst" ? squared.burst : squared.saturation;
}

/** What the input length and the running sequences add to the squared distance. */
export const inputDistance = (input: number, anchor: Anchor): number => INPUT_WEIGHT * square(input - anchor.input);
export const sequencesDistance = (sequences: number, anchor: Anchor): number =>
  SEQUENCES_WEIGHT * square(sequences - anchor.sequences);

/** Squared distance between a query and an anchor. */
export const distanceSquared = (query: Features, anchor: Anchor): number =>
  settingDistance(query, anchor) + inputDistance(query.input, anchor) + sequencesDistance(query.sequences, anchor);

export const weightAt = (distanceSquared: number): number => {
  const floored = distanceSquared + FLOOR_SQUARED;
  return 1 / (floored * floored * floored);
};

export interface Neighbour {
  readonly anchor: Anchor;
  readonly distanceSquared: number;
}

/** The nearest anchors by `distance`, nearest first. `accepts` leaves anchors out. */
export function nearestAnchors(
  query: Features,
  anchors: readonly Anchor[],
  accepts: (anchor: Anchor) => boolean,
  distance: (query: Features, anchor: Anchor) => number,
  most: number,
): readonly Neighbour[] {
  const found: Anchor[] = [];
  const distances: number[] = [];
  for (const anchor of anchors) {
    if (!accepts(anchor)) continue;
    const here = distance(query, anchor);
    if (found.length === most && here >= (distances[most - 1] as number)) continue;
    let place = found.length < most ? found.length : most - 1;
    while (place > 0 && (distances[place - 1] as number) > here) {
      distances[place] = distances[place - 1] as number;
      found[place] = found[place - 1] as Anchor;
      place--;
    }
    distances[place] = here;
    found[place] = anchor;
  }
  return found.map((anchor, index) => ({ anchor, distanceSquared: distances[index] as number }));
}
