import type { Projector } from "./projection.ts";
import { AS_PLANNED } from "./scenario.ts";

/** The volume at which both bills meet, as a multiple of today's traffic, or why there is none. */
export type BreakEven =
  | { readonly reached: true; readonly volume: number; readonly utilization: number }
  | { readonly reached: false; readonly bestVolume: number; readonly bestSavingUsdPerMonth: number };

const SMALLEST = 1 / 64;
const LARGEST = 1024;
const STEP = 2 ** 0.25;
const PRECISION = 1e-3;

/**
 * The smallest multiple of today's traffic, between 1/64 and 1,024, at which this plan costs no more than the API.
 * The saving need not grow with volume (elastic nodes come in steps, overflow is bought back from the API), so a
 * geometric grid finds the first crossing and bisection refines it.
 */
export function breakEven(projector: Projector): BreakEven {
  const saving = (traffic: number) => projector.totals({ ...AS_PLANNED, traffic }).savingUsdPerMonth;
  let best = { volume: SMALLEST, saving: Number.NEGATIVE_INFINITY };
  let previous = 0;
  for (let volume = SMALLEST; volume <= LARGEST; volume *= STEP) {
    const here = saving(volume);
    if (here >= 0) return crossing(projector, saving, previous, volume);
    if (here > best.saving) best = { volume, saving: here };
    previous = volume;
  }
  return { reached: false, bestVolume: best.volume, bestSavingUsdPerMonth: best.saving };
}

function crossing(projector: Projector, saving: (volume: number) => number, below: number, above: number): BreakEven {
  let low = below;
  let high = above;
  while (high - low > PRECISION * high) {
    const middle = (low + high) / 2;
    if (saving(middle) >= 0) high = middle;
    else low = middle;
  }
  return { reached: true, volume: high, utilization: projector.project({ ...AS_PLANNED, traffic: high }).utilization };
}
