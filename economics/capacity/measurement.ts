import type { Gpu } from "../gpu.ts";
import type { CatalogModel } from "../model.ts";
import type { Provenance } from "../provenance.ts";
import type { Precision } from "../serving.ts";
import type { Deployment, Engine, Load, RequestSize } from "./deployment.ts";
import { isWeightOnly } from "./formats.ts";
import { maxConcurrentSequences } from "./memory.ts";

/** One published measurement. `date` may be a year or a month where the source states no day. */
export interface Measurement extends Provenance {
  readonly engine: Engine;
  /** As the source states it; empty when it does not. */
  readonly version: string;
  /** Catalogue names. */
  readonly model: string;
  readonly gpu: string;
  readonly precision: Precision;
  readonly gpus: number;
  /** GPUs per copy of the weights, pipeline stages included; 0 when the source does not say. */
  readonly tensorParallel: number;
  readonly expertParallel: boolean;
  /** Pipeline stages the `tensorParallel` GPUs of a copy are arranged in; 1 without pipeline parallel. */
  readonly pipelineStages: number;
  /** 0 when the source does not say. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly load: Load;
  /** What the source says of the run beyond the columns: flags, parallelism, chapter; empty when nothing. */
  readonly variant: string;
  readonly outputTokensPerSecond: number;
  /** Milliseconds; undefined where not measured. */
  readonly ttftMs?: number | undefined;
  readonly tpotMs?: number | undefined;
}

/** What a benchmark ran, as far as its table says. */
export type Setting = Pick<
  Measurement,
  | "engine"
  | "version"
  | "precision"
  | "gpus"
  | "tensorParallel"
  | "expertParallel"
  | "pipelineStages"
  | "inputTokens"
  | "outputTokens"
>;

/** Prompts of unstated length are taken as this long: only ratios between such rows are ever used. */
const UNSTATED_INPUT_TOKENS = 512;
/** Engines' own defaults. */
const GPU_MEMORY_SHARE: Readonly<Record<Engine, number>> = { vllm: 0.9, sglang: 0.9, "tensorrt-llm": 0.95 };
const MAX_SEQUENCES = 2048;
const VLLM_MAX_SEQUENCES = { large: 1024, small: 256 };
/** vLLM and SGLang open more sequences on GPUs of this bandwidth and above (Hopper and later). */
const LARGE_GB_PER_SECOND = 3000;
/** Where a source does not say how many GPUs hold a copy: the fewest that leave room for this many sequences. */
const ROOMY = { sequences: 64, tokens: 1024 };

/**
 * vLLM and SGLang keep a 16-bit cache unless told otherwise. TensorRT-LLM is benchmarked with an 8-bit cache beside weights
 * below 16 bits, but for MXFP4 on GPUs without such arithmetic (performance overview of 1.1, on Hopper).
 */
function cacheBytesPerValue(engine: Engine, precision: Precision, gpu: Gpu): number {
  if (engine !== "tensorrt-llm") return 2;
  if (precision === "mxfp4") return isWeightOnly(gpu, precision) ? 2 : 1;
  return precision === "fp8" || precision === "nvfp4" ? 1 : 2;
}

/** Releases 0.x of 2025 start here; a version of another form is taken as newer. */
const FIRST_OF_2025: Readonly<Record<Engine, number>> = { vllm: 7, sglang: 4, "tensorrt-llm": 17 };

const isEarlyRelease = (engine: Engine, version: string): boolean =>
  Number(version.match(/^0\.(\d+)/)?.[1] ?? Number.POSITIVE_INFINITY) < FIRST_OF_2025[engine];

function maxSequences(engine: Engine, gpu: Gpu): number {
  if (engine === "tensorrt-llm") return MAX_SEQUENCES;
  return gpu.memoryBandwidthGBPerSecond >= LARGE_GB_PER_SECOND ? VLLM_MAX_SEQUENCES.large : VLLM_MAX_SEQUENCES.small;
}

/** The deployment a benchmark table describes, with the engines' defaults for what it leaves out. */
export function benchmarkDeployment(setting: Setting, model: CatalogModel, gpu: Gpu): Deployment {
  const { engine, version, precision, gpus, expertParallel, pipelineStages } = setting;
  const shared = {
    engine,
    model,
    precision,
    gpu,
    gpuMemoryUtilization: GPU_MEMORY_SHARE[engine],
    cacheBytesPerValue: cacheBytesPerValue(engine, precision, gpu),
  };
  let gpusPerReplica = setting.tensorParallel;
  if (gpusPerReplica === 0) {
    gpusPerReplica = 1;
    while (
      gpusPerReplica < gpus &&
      maxConcurrentSequences({ ...shared, gpusPerReplica }, ROOMY.tokens) < ROOMY.sequences
    )
      gpusPerReplica *= 2;
  }
  return {
    ...shared,
    isEarlyRelease: isEarlyRelease(engine, version),
    gpusPerReplica,
    replicas: Math.max(1, Math.floor(gpus / gpusPerReplica)),
    expertParallel,
    pipelineStages,
    maxSequences: maxSequences(engine, gpu),
  };
}

/** Synthetic prompts have round lengths, short of a token or two; any other is the mean of a dataset (ShareGPT: 214 to 220). */
function isMixed(inputTokens: number): boolean {
  const isNear = (unit: number): boolean =>
    Math.abs(inputTokens / unit - Math.round(inputTokens / unit)) * unit <= 4 + inputTokens * 0.002;
  return inputTokens > 0 && !isNear(64) && !isNear(100) && !isNear(1000);
}

export const benchmarkSize = ({ inputTokens, outputTokens }: Setting): RequestSize => ({
  inputTokens: inputTokens || UNSTATED_INPUT_TOKENS,
  outputTokens,
  prefixCacheShare: 0,
  isMixed: isMixed(inputTokens),
});
