import { coefficientsOf } from "../economics/capacity/coefficients.ts";
import { engineOf, performanceOf } from "../economics/capacity/formula.ts";
import { isAmd, SHARED } from "../economics/capacity/step-time.ts";
import { quantile } from "./figures.ts";
import type { Point } from "./points.ts";

/** What AMD's GPUs reached of the formula where NVIDIA's reach all of it. */
export interface RocmShare {
  /** Benchmarks and GPUs compared. */
  readonly pairs: number;
  readonly median: number;
}

const medianOf = (values: readonly number[]): number => quantile(values, 0.5);

/** Submissions in 8 bits and below keep an 8-bit cache as well. */
const MLPERF_CACHE_BYTES = 1;

/**
 * MLPerf runs the same prompts on all GPUs: what AMD's miss of the formula beyond what NVIDIA's miss of it in the same
 * benchmark is no matter of the prompts. The median over benchmarks and GPUs; the formula taken without `rocmShare`.
 */
export function rocmShare(points: readonly Point[]): RocmShare {
  const missed = ({ deployment, size, model, measurement: m }: Point): readonly number[] => {
    const engine = engineOf(
      { ...deployment, cacheBytesPerValue: MLPERF_CACHE_BYTES },
      size,
      coefficientsOf(model, m.engine),
    );
    return engine === undefined
      ? []
      : [Math.log(m.outputTokensPerSecond / performanceOf(engine, m.load).outputTokensPerSecond)];
  };
  const runs = points.filter(({ measurement: { load } }) => load.kind.startsWith("mlperf"));
  const apart = [...Map.groupBy(runs, ({ measurement: { model, load } }) => `${model} ${load.kind}`).values()].flatMap(
    (benchmark) => {
      const byGpu = [...Map.groupBy(benchmark, ({ deployment }) => deployment.gpu)].map(([gpu, of]) => ({
        gpu,
        missed: medianOf(of.flatMap(missed)),
      }));
      const nvidia = byGpu.filter(({ gpu }) => !isAmd(gpu));
      const reference = medianOf(nvidia.map((of) => of.missed));
      return nvidia.length === 0 ? [] : byGpu.filter(({ gpu }) => isAmd(gpu)).map((of) => of.missed - reference);
    },
  );
  return { pairs: apart.length, median: Math.round(SHARED.rocmShare * Math.exp(medianOf(apart)) * 100) / 100 };
}
