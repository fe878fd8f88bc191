import type { IntervalFigures } from "./figures.ts";
import type { TierMisses } from "./leave-one-out.ts";

/** All rows of the file, and those whose columns determine their results. */
export const SUBSETS = ["all", "comparable"] as const;
export type Committed = Readonly<Record<(typeof SUBSETS)[number], Readonly<Record<keyof TierMisses, IntervalFigures>>>>;

export const TOLERANCE = { median: 0.005, p90: 0.02, bias: 0.015, inside: 0.02, points: 0.02 };

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/**
 * What got worse than committed, in words: larger errors, a bias that moved either way, intervals that hold fewer points, or
 * fewer points to judge by.
 */
export function regressions(committed: Committed, now: Committed): readonly string[] {
  return SUBSETS.flatMap((subset) =>
    (Object.keys(committed[subset]) as (keyof TierMisses)[]).flatMap((tier) => {
      const [before, after] = [committed[subset][tier], now[subset][tier]];
      const isWorse = {
        median: after.median > before.median + TOLERANCE.median,
        p90: after.p90 > before.p90 + TOLERANCE.p90,
        bias: Math.abs(after.bias - before.bias) > TOLERANCE.bias,
        inside: after.inside < before.inside - TOLERANCE.inside,
      };
      const name = `${subset} rows, tier ${tier}`;
      const figures = (["median", "p90", "bias", "inside"] as const).flatMap((figure) =>
        isWorse[figure] || !Number.isFinite(after[figure])
          ? [`${name}: ${figure} ${percent(after[figure])}, committed ${percent(before[figure])}`]
          : [],
      );
      return after.points < before.points * (1 - TOLERANCE.points)
        ? [...figures, `${name}: ${after.points} points, committed ${before.points}`]
        : figures;
    }),
  );
}
