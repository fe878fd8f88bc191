import type { Features } from "./anchors.ts";
import type { Basis } from "./basis.ts";
import type { PreparedEngine } from "./formula.ts";
import { INPUT_WEIGHT, inputDistance, SEQUENCES_WEIGHT, sequencesDistance, weightAt } from "./nearest.ts";
import { decodeSeconds, firstTokenSeconds } from "./step-time.ts";

export interface Times {
  readonly firstSeconds: number;
  readonly tpotSeconds: number;
}

const LARGEST_FACTOR = 4;
/** A correction of the formula by a logarithm, held within bounds. */
export const factor = (logarithm: number): number =>
  Math.min(LARGEST_FACTOR, Math.max(1 / LARGEST_FACTOR, Math.exp(logarithm)));

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
export function servedTimes({ step, coefficients }: PreparedEngine, features: Features, { near, share }: Basis) {
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
