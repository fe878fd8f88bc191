import type { ModelDimensions } from "../model.ts";
import { found, type Lookup, missing } from "../provenance.ts";
import type { Precision } from "../serving.ts";
import { BYTES_PER_GB } from "../units.ts";
import { leastMemoryGB, weightBytes } from "./memory.ts";

/** Below this a claim leaves out more than rounding and overhead: not even the weights would load. */
const TOLERANCE = 0.95;
const SHORT_CONTEXT_TOKENS = 4096;

/** What is true instead of a claimed minimum of GPU memory. */
export interface MemoryClaim {
  /** Weights alone, decimal gigabytes; every expert of a mixture is held. */
  readonly weightsGB: number;
  /** Weights, overhead and one short sequence on one GPU. */
  readonly leastGB: number;
}

/** Checks a rule of thumb such as "a 100B mixture needs 80 GB, it has only few active parameters". */
export function checkMemoryClaim(model: ModelDimensions, precision: Precision, claimedGB: number): Lookup<MemoryClaim> {
  const weightsGB = weightBytes(model, precision) / BYTES_PER_GB;
  const leastGB = leastMemoryGB(model, precision, SHORT_CONTEXT_TOKENS);
  if (claimedGB >= weightsGB * TOLERANCE) return found({ weightsGB, leastGB });
  const active =
    model.mixtureOfExperts === undefined
      ? ""
      : `; all ${model.mixtureOfExperts.experts} experts are held, not only the ${model.activeParametersBillion} billion active parameters`;
  return missing(
    `${claimedGB} GB do not hold ${weightsGB.toFixed(0)} GB of ${precision} weights${active}; at least ${leastGB.toFixed(0)} GB`,
  );
}
