import type { Miss } from "./leave-one-out.ts";

/** Shares: 0.05 is 5 %. A positive bias promises more than was measured. */
export interface Figures {
  readonly points: number;
  readonly median: number;
  readonly p90: number;
  readonly bias: number;
}

/** Figures of the throughput, with the share of the points that lie inside the interval their prediction states. */
export interface IntervalFigures extends Figures {
  readonly inside: number;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

const rounded = (share: number): number => Math.round(share * 1000) / 1000;

/** From logarithms of predicted / measured. */
export function figuresOf(logs: readonly number[]): Figures {
  const errors = logs.map((log) => Math.abs(Math.expm1(log)));
  return {
    points: logs.length,
    median: rounded(quantile(errors, 0.5)),
    p90: rounded(quantile(errors, 0.9)),
    bias: rounded(Math.expm1(quantile(logs, 0.5))),
  };
}

export type Quantity = "throughput" | "tpot" | "ttft";

export const logsOf = (misses: readonly Miss[], quantity: Quantity): readonly number[] =>
  misses.flatMap((miss) => (miss[quantity] === undefined ? [] : [miss[quantity] as number]));

const isInside = ({ throughput, p90Error }: Miss): boolean => Math.abs(throughput) <= Math.log1p(p90Error);

export const intervalFiguresOf = (misses: readonly Miss[]): IntervalFigures => ({
  ...figuresOf(logsOf(misses, "throughput")),
  inside: rounded(misses.filter(isInside).length / misses.length),
});

/** Figures by a property of the measurement, largest group first. */
export function figuresBy(
  misses: readonly Miss[],
  key: (miss: Miss) => string,
): readonly (readonly [string, IntervalFigures])[] {
  return [...Map.groupBy(misses, key)]
    .map(([name, group]) => [name, intervalFiguresOf(group)] as const)
    .toSorted((a, b) => b[1].points - a[1].points);
}
