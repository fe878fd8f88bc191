import type { Gpu } from "./gpu.ts";
import type { ModelDimensions } from "./model.ts";
import { found, type Lookup, missing } from "./provenance.ts";
import type { Precision } from "./serving.ts";
import { BYTES_PER_GB, BYTES_PER_GIB, BYTES_PER_MIB } from "./units.ts";

/** int4: 4 bits plus a 16-bit scale and zero point per 128 weights; mxfp4: 4 bits plus an 8-bit scale per 32 weights. */
const BYTES_PER_PARAMETER: Record<Precision, number> = { bf16: 2, fp8: 1, int8: 1, int4: 0.53, mxfp4: 0.53125 };
const KV_BYTES_PER_VALUE = 2;
/** Loaded weights are about 2 % above the parameter count; overhead is CUDA context, NCCL and activations per GPU (KAITO's vLLM figures). */
const LOADED_WEIGHTS_FACTOR = 1.02;
const OVERHEAD_BYTES_PER_GPU = 2.3 * BYTES_PER_GIB;
const ACTIVATION_SHARE_OF_WEIGHTS = 0.05;

/** Memory the driver shows, in bytes: the measured figure where there is one, else the marketed decimal gigabytes. */
export const gpuMemoryBytes = (gpu: Gpu): number =>
  gpu.visibleMemoryMiB === undefined ? gpu.memoryGB * BYTES_PER_GB : gpu.visibleMemoryMiB * BYTES_PER_MIB;

/** All weights of the model. A mixture-of-experts model holds every expert, not only the active ones. */
export const weightBytes = (model: ModelDimensions, precision: Precision): number =>
  model.totalParametersBillion * 1e9 * BYTES_PER_PARAMETER[precision] * LOADED_WEIGHTS_FACTOR;

/**
 * Key-value cache of one token on one GPU, 16-bit values. Grouped heads are split over tensor-parallel ranks and
 * replicated when there are fewer heads than ranks; multi-head latent attention is replicated on every rank. Sliding
 * windows are ignored, so the figure is an upper bound for such models.
 */
export function kvBytesPerTokenPerGpu(model: ModelDimensions, tensorParallel: number): number {
  if (model.mlaValuesPerTokenLayer !== undefined)
    return model.layers * model.mlaValuesPerTokenLayer * KV_BYTES_PER_VALUE;
  const headsPerGpu = Math.max(1, model.kvHeads / tensorParallel);
  return 2 * model.layers * headsPerGpu * model.headSize * KV_BYTES_PER_VALUE;
}

export interface MemoryQuery {
  readonly model: ModelDimensions;
  readonly precision: Precision;
  readonly gpu: Gpu;
  readonly gpusPerReplica: number;
  readonly gpuMemoryUtilization: number;
  readonly maxContextTokens: number;
}

/** What a replica has left for requests, or why it cannot start. All figures per GPU. */
export interface MemoryFit {
  readonly weightsBytes: number;
  readonly overheadBytes: number;
  readonly kvBudgetBytes: number;
  readonly kvBytesPerToken: number;
  /** Tokens of context the replica can hold at once, over all its sequences. */
  readonly kvCapacityTokens: number;
}

const SUPPORTED_FROM: Partial<Record<Precision, keyof Gpu>> = { bf16: "bf16Tflops" };

const gib = (bytes: number): string => `${(bytes / BYTES_PER_GIB).toFixed(1)} GiB`;

function fitWith(query: MemoryQuery, gpus: number): MemoryFit {
  const weightsBytes = weightBytes(query.model, query.precision) / gpus;
  const overheadBytes = OVERHEAD_BYTES_PER_GPU + ACTIVATION_SHARE_OF_WEIGHTS * weightsBytes;
  const kvBytesPerToken = kvBytesPerTokenPerGpu(query.model, gpus);
  const kvBudgetBytes = gpuMemoryBytes(query.gpu) * query.gpuMemoryUtilization - weightsBytes - overheadBytes;
  return {
    weightsBytes,
    overheadBytes,
    kvBudgetBytes,
    kvBytesPerToken,
    kvCapacityTokens: Math.max(0, kvBudgetBytes / kvBytesPerToken),
  };
}

const isEnough = (fit: MemoryFit, contextTokens: number): boolean =>
  fit.kvBudgetBytes > 0 && fit.kvCapacityTokens >= contextTokens;

/** The fewest GPUs (a divisor of the attention heads) on which the model starts, up to 64. */
export function minGpusPerReplica(query: Omit<MemoryQuery, "gpusPerReplica">): number | undefined {
  for (let gpus = 1; gpus <= 64; gpus *= 2) {
    if (
      query.model.attentionHeads % gpus === 0 &&
      isEnough(fitWith({ ...query, gpusPerReplica: gpus }, gpus), query.maxContextTokens)
    )
      return gpus;
  }
  return undefined;
}

/** Whether a replica starts: weights, overhead and one sequence of the full context must fit on every GPU. */
export function memoryFit(query: MemoryQuery): Lookup<MemoryFit> {
  const { model, gpu, gpusPerReplica, precision } = query;
  const needed = SUPPORTED_FROM[precision];
  if (needed !== undefined && gpu[needed] === undefined) return missing(`${gpu.name} has no ${precision} arithmetic`);
  if (query.maxContextTokens > model.maxContextTokens) {
    return missing(`a context of ${query.maxContextTokens} tokens is beyond the model's ${model.maxContextTokens}`);
  }
  if (model.attentionHeads % gpusPerReplica !== 0) {
    return missing(`${model.attentionHeads} attention heads do not divide over ${gpusPerReplica} GPUs`);
  }
  const fit = fitWith(query, gpusPerReplica);
  if (isEnough(fit, query.maxContextTokens)) return found(fit);
  const enough = minGpusPerReplica(query);
  const need = fit.weightsBytes + fit.overheadBytes + query.maxContextTokens * fit.kvBytesPerToken;
  const have = gpuMemoryBytes(gpu) * query.gpuMemoryUtilization;
  const remedy =
    enough === undefined ? "no number of these GPUs up to 64 is enough" : `${enough} GPUs per replica would fit`;
  return missing(
    `needs ${gib(need)} on each of ${gpusPerReplica} ${gpu.name} (weights ${gib(fit.weightsBytes)}, overhead ${gib(fit.overheadBytes)}, ` +
      `one ${query.maxContextTokens}-token sequence ${gib(query.maxContextTokens * fit.kvBytesPerToken)}) and has ${gib(have)}; ${remedy}`,
  );
}
