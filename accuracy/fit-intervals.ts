import type { LoadedCatalog } from "../catalog/look-ups.ts";
import { type INTERVALS, type Nearness, widthOf } from "../economics/capacity/evidence.ts";
import { minimise, type Term } from "./fit.ts";
import { anchoredMisses, type HeldOut, type Miss } from "./leave-one-out.ts";
import type { Point } from "./points.ts";

type Terms = (typeof INTERVALS)["own"];

const SHARE_INSIDE = 0.9;
const TERMS: Readonly<Record<keyof Terms, Term>> = {
  base: { prior: 0.05, spread: 1.5 },
  spread: { prior: 1, spread: 0.7 },
  distance: { prior: 0.03, spread: 1.5 },
  few: { prior: 0.4, spread: 1 },
  burst: { prior: 0.2, spread: 1 },
};

/** What a group weighs against the priors. */
const GROUP_WEIGHT = 1000;

/** Pinball loss: least where nine of ten points lie inside. */
const pinball = (beyond: number): number => (beyond > 0 ? SHARE_INSIDE * beyond : (SHARE_INSIDE - 1) * beyond);

function fitTerms(groups: readonly (readonly (Miss & { nearness: Nearness })[])[]): Terms {
  return minimise(TERMS, (terms) =>
    groups.reduce(
      (sum, misses) =>
        sum +
        (GROUP_WEIGHT *
          misses.reduce(
            (all, { throughput, nearness }) =>
              all + pinball(Math.abs(throughput) - widthOf(nearness, terms as unknown as Terms)),
            0,
          )) /
          misses.length,
      0,
    ),
  ) as unknown as Terms;
}

/** Terms of the intervals: of the GPU's own anchors with settings and with whole deployments left out, counting the same; of other GPUs' with the GPU left out. */
export function fitIntervals(points: readonly Point[], catalog: LoadedCatalog): Record<"own" | "other", Terms> {
  const near = (heldOut: HeldOut, isOwnGpu: boolean) =>
    anchoredMisses(points, catalog, heldOut).flatMap((miss) =>
      miss.nearness?.isOwnGpu === isOwnGpu ? [{ ...miss, nearness: miss.nearness }] : [],
    );
  return {
    own: fitTerms([near("setting", true), near("deployment", true)]),
    other: fitTerms([near("gpu", false)]),
  };
}
