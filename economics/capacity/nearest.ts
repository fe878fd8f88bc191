import { type Anchor, type Features, SIZE_NAMES } from "./anchors.ts";

/**
 * How far apart two runs are. Sizes weigh per doubling, everything else is a step. Set once by leave-one-out over the
 * measurements and rounded; the figures move little around them.
 */
const WEIGHTS = { ranks: 1.4, input: 0.3, output: 1.2, sequences: 0.35, replicas: 1.5 };
const STEPS = { gpu: 0.35, precision: 1.2, version: 4, saturation: 2, scenario: 4, expertParallel: 0.6, burst: 3 };
const SIZE_WEIGHTS = SIZE_NAMES.map((name) => WEIGHTS[name] ** 2);
const NEAREST = 12;
/** Weight of an anchor: 1 / (distance² + floor²)³. */
const FLOOR_SQUARED = 0.01;

/** Squared distance between a query and an anchor. */
export function distanceSquared(query: Features, anchor: Anchor): number {
  let sum = 0;
  for (let index = 0; index < SIZE_WEIGHTS.length; index++) {
    const apart = (query.sizes[index] as number) - (anchor.sizes[index] as number);
    sum += (SIZE_WEIGHTS[index] as number) * apart * apart;
  }
  if (query.gpu !== anchor.gpu) sum += STEPS.gpu ** 2;
  if (query.precision !== anchor.precision) sum += STEPS.precision ** 2;
  if (query.version !== "" && query.version !== anchor.version) sum += STEPS.version ** 2;
  if (query.family !== anchor.family) {
    const isScenario = query.family.startsWith("mlperf") || anchor.family.startsWith("mlperf");
    sum += (isScenario ? STEPS.scenario : STEPS.saturation) ** 2;
  }
  if (query.expertParallel !== anchor.expertParallel) sum += STEPS.expertParallel ** 2;
  if (anchor.isBurst) sum += STEPS.burst ** 2;
  return sum;
}

export interface Neighbour {
  readonly anchor: Anchor;
  readonly weight: number;
}

/** The nearest anchors with their weights, nearest first. `accepts` leaves anchors out. */
export function nearestAnchors(
  query: Features,
  anchors: readonly Anchor[],
  accepts: (anchor: Anchor) => boolean,
): readonly Neighbour[] {
  const found: Anchor[] = [];
  const distances: number[] = [];
  for (const anchor of anchors) {
    if (!accepts(anchor)) continue;
    const distance = distanceSquared(query, anchor);
    if (found.length === NEAREST && distance >= (distances[NEAREST - 1] as number)) continue;
    let place = found.length < NEAREST ? found.length : NEAREST - 1;
    while (place > 0 && (distances[place - 1] as number) > distance) {
      distances[place] = distances[place - 1] as number;
      found[place] = found[place - 1] as Anchor;
      place--;
    }
    distances[place] = distance;
    found[place] = anchor;
  }
  return found.map((anchor, index) => ({ anchor, weight: ((distances[index] as number) + FLOOR_SQUARED) ** -3 }));
}

/** Weighted mean of a logarithm over the neighbours that have it; 0 when none has. */
export function correction(neighbours: readonly Neighbour[], of: (anchor: Anchor) => number | undefined): number {
  let sum = 0;
  let weights = 0;
  for (const { anchor, weight } of neighbours) {
    const value = of(anchor);
    if (value === undefined) continue;
    sum += weight * value;
    weights += weight;
  }
  return weights === 0 ? 0 : sum / weights;
}
