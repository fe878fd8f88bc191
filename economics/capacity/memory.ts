import type { Gpu } from "../gpu.ts";
import type { ModelDimensions } from "../model.ts";
import { found, type Lookup, missing } from "../provenance.ts";
import type { Precision } from "../serving.ts";
import { BYTES_PER_GB, BYTES_PER_GIB, BYTES_PER_MIB } from "../units.ts";
import type { Engine } from "./deployment.ts";
import { bytesPerParameter } from "./formats.ts";

const CACHE_BYTES_PER_VALUE = 2;
/** Loaded weights are about 2 % above the parameter count; CUDA context and NCCL were measured at about 2.3 GiB per GPU. */
const LOADED_WEIGHTS_FACTOR = 1.02;
const OVERHEAD_BYTES_PER_GPU = 2.3 * BYTES_PER_GIB;
/** Prompt tokens an engine computes in one step; its widest intermediate results are of one such chunk. */
export const CHUNK_TOKENS = 8192;
const ACTIVATION_BYTES_PER_WIDTH = 12;
const MOST_GPUS = 64;

/**
 * Marketed gigabytes of server GPUs are binary ones, of which the driver shows a part: 99.6 % with HBM or GDDR7, 93.7 %
 * with GDDR6, whose error correction takes a sixteenth (RTX PRO 6000: 97,887 MiB of 96 GB, L4: 23,030 MiB of 24 GB).
 */
const SHOWN_SHARE = 0.9955;
const SHOWN_SHARE_GDDR6 = 0.9371;
const GDDR6_BELOW_GB_PER_SECOND = 1000;

/** Memory the driver shows, in bytes: the measured figure where there is one. */
export function gpuMemoryBytes(gpu: Gpu): number {
  if (gpu.visibleMemoryMiB !== undefined) return gpu.visibleMemoryMiB * BYTES_PER_MIB;
  const share = gpu.memoryBandwidthGBPerSecond < GDDR6_BELOW_GB_PER_SECOND ? SHOWN_SHARE_GDDR6 : SHOWN_SHARE;
  return gpu.memoryGB * BYTES_PER_GIB * share;
}

/** All weights of the model. A mixture-of-experts model holds every expert, not only the active ones. */
export const weightBytes = (model: ModelDimensions, precision: Precision): number =>
  model.totalParametersBillion * 1e9 * bytesPerParameter(precision) * LOADED_WEIGHTS_FACTOR;

/** Layers whose cache grows with the context; the others see a window or keep a fixed state. */
const growingLayers = (model: ModelDimensions): number => model.fullAttentionLayers ?? model.layers;

/** Values one layer caches per token on one GPU. */
function valuesPerTokenLayer(model: ModelDimensions, tensorParallel: number): number {
  if (model.mlaValuesPerTokenLayer !== undefined) return model.mlaValuesPerTokenLayer;
  return 2 * Math.max(1, model.kvHeads / tensorParallel) * model.headSize;
}

/**
 * Key-value cache of one more token on one GPU. Grouped heads are split over tensor-parallel ranks and replicated when
 * there are fewer heads than ranks; multi-head latent attention is replicated on every rank. Layers with a sliding
 * window count while the context is shorter than the window: see `cacheBytesPerSequence`.
 */
export const kvBytesPerTokenPerGpu = (
  model: ModelDimensions,
  tensorParallel: number,
  bytesPerValue: number = CACHE_BYTES_PER_VALUE,
): number => model.layers * valuesPerTokenLayer(model, tensorParallel) * bytesPerValue;

/** Cache of one sequence of `tokens` on one GPU. Without `fullAttentionLayers` a window is ignored: an upper bound. */
export function cacheBytesPerSequence(
  model: ModelDimensions,
  tensorParallel: number,
  tokens: number,
  bytesPerValue: number = CACHE_BYTES_PER_VALUE,
): number {
  const full = growingLayers(model);
  const windowed = (model.layers - full) * Math.min(tokens, model.slidingWindowTokens ?? 0);
  return (full * tokens + windowed) * valuesPerTokenLayer(model, tensorParallel) * bytesPerValue;
}

export interface MemoryQuery {
  /** @default vLLM's way: `gpuMemoryUtilization` counts weights and overhead too. TensorRT-LLM's share is of what they leave. */
  readonly engine?: Engine;
  readonly model: ModelDimensions;
  readonly precision: Precision;
  readonly gpu: Gpu;
  readonly gpusPerReplica: number;
  readonly gpuMemoryUtilization: number;
  readonly maxContextTokens: number;
  /** @default 2, a 16-bit cache */
  readonly cacheBytesPerValue?: number;
  /** Stages the layers are cut into, each on `gpusPerReplica / pipelineStages` tensor-parallel ranks. @default 1 */
  readonly pipelineStages?: number;
}

/** What a replica has left for requests, or why it cannot start. All figures per GPU. */
export interface MemoryFit {
  readonly weightsBytes: number;
  readonly overheadBytes: number;
  readonly kvBudgetBytes: number;
  readonly kvBytesPerToken: number;
  /** Tokens of context the replica can hold at once, in sequences of the full context. */
  readonly kvCapacityTokens: number;
}

const gib = (bytes: number): string => `${(bytes / BYTES_PER_GIB).toFixed(1)} GiB`;

/** CUDA context, NCCL buffers and activations on each GPU. */
const overheadBytes = (model: ModelDimensions): number =>
  OVERHEAD_BYTES_PER_GPU + CHUNK_TOKENS * ACTIVATION_BYTES_PER_WIDTH * model.hiddenSize;

/** Memory left for the cache on each GPU; negative when not even the weights fit. */
export function kvBudgetBytes(query: Omit<MemoryQuery, "maxContextTokens">): number {
  const { gpuMemoryUtilization: share } = query;
  const taken = weightBytes(query.model, query.precision) / query.gpusPerReplica + overheadBytes(query.model);
  const memory = gpuMemoryBytes(query.gpu);
  return query.engine === "tensorrt-llm" ? (memory - taken) * share : memory * share - taken;
}

/** Cache of one sequence on one GPU: its stage's layers, its rank's heads. */
function sequenceBytes(query: Omit<MemoryQuery, "maxContextTokens">, tokens: number): number {
  const { model, gpusPerReplica, cacheBytesPerValue, pipelineStages: stages = 1 } = query;
  return cacheBytesPerSequence(model, gpusPerReplica / stages, tokens, cacheBytesPerValue) / stages;
}

function fitWith(query: MemoryQuery, gpus: number): MemoryFit {
  const weightsBytes = weightBytes(query.model, query.precision) / gpus;
  const sequence = sequenceBytes({ ...query, gpusPerReplica: gpus }, query.maxContextTokens);
  const budget = kvBudgetBytes({ ...query, gpusPerReplica: gpus });
  return {
    weightsBytes,
    overheadBytes: overheadBytes(query.model),
    kvBudgetBytes: budget,
    kvBytesPerToken: sequence / query.maxContextTokens,
    kvCapacityTokens: Math.max(0, (budget / sequence) * query.maxContextTokens),
  };
}

const isEnough = (fit: MemoryFit, contextTokens: number): boolean =>
  fit.kvBudgetBytes > 0 && fit.kvCapacityTokens >= contextTokens;

/** The fewest GPUs (stages times a power of two that divides the attention heads) on which the model starts, up to 64. */
export function minGpusPerReplica(query: Omit<MemoryQuery, "gpusPerReplica">): number | undefined {
  const { pipelineStages: stages = 1 } = query;
  for (let gpus = stages; gpus <= MOST_GPUS; gpus *= 2) {
    if (
      query.model.attentionHeads % (gpus / stages) === 0 &&
      isEnough(fitWith({ ...query, gpusPerReplica: gpus }, gpus), query.maxContextTokens)
    )
      return gpus;
  }
  return undefined;
}

/** Sequences of `tokens` the cache of a replica holds at once. */
export function maxConcurrentSequences(query: Omit<MemoryQuery, "maxContextTokens">, tokens: number): number {
  return Math.max(0, Math.floor(kvBudgetBytes(query) / sequenceBytes(query, tokens)));
}

const divisors = (count: number): string =>
  Array.from({ length: MOST_GPUS }, (_, index) => index + 1)
    .filter((gpus) => count % gpus === 0)
    .join(", ");

/** Whether a replica starts: weights, overhead and one sequence of the full context must fit on every GPU. */
export function memoryFit(query: MemoryQuery): Lookup<MemoryFit> {
  const { model, gpu, gpusPerReplica, precision, pipelineStages: stages = 1 } = query;
  if (precision === "bf16" && gpu.bf16Tflops === undefined)
    return missing(`${gpu.name} has no bf16 arithmetic; use int8 or int4 weights, or a GPU from Ampere on`);
  if (query.maxContextTokens > model.maxContextTokens) {
    return missing(
      `a context of ${query.maxContextTokens} tokens is beyond the model's ${model.maxContextTokens}; use at most ${model.maxContextTokens}`,
    );
  }
  if (gpusPerReplica % stages !== 0 || stages > model.layers) {
    return missing(
      `${gpusPerReplica} GPUs and ${model.layers} layers do not divide into ${stages} pipeline stages; use one of ${divisors(gpusPerReplica)}`,
    );
  }
  const ranks = gpusPerReplica / stages;
  if (model.attentionHeads % ranks !== 0) {
    return missing(
      `${model.attentionHeads} attention heads do not divide over ${ranks} GPUs; use one of ${divisors(model.attentionHeads)}`,
    );
  }
  const fit = fitWith(query, gpusPerReplica);
  if (isEnough(fit, query.maxContextTokens)) return found(fit);
  const sequence = query.maxContextTokens * fit.kvBytesPerToken;
  const need = fit.weightsBytes + fit.overheadBytes + sequence;
  return missing(
    `needs ${gib(need)} on each of ${gpusPerReplica} ${gpu.name} (weights ${gib(fit.weightsBytes)}, overhead ${gib(fit.overheadBytes)}, ` +
      `one ${query.maxContextTokens}-token sequence ${gib(sequence)}) and has ${gib(fit.weightsBytes + fit.overheadBytes + fit.kvBudgetBytes)}; ${whatFits(query, fit)}`,
  );
}

function whatFits(query: MemoryQuery, fit: MemoryFit): string {
  const enough = minGpusPerReplica(query);
  const gpus =
    enough === undefined
      ? `no number of these GPUs up to ${MOST_GPUS} is enough`
      : `${enough} GPUs per replica would fit`;
  const context = Math.floor(fit.kvCapacityTokens);
  return context > 0 ? `${gpus}, or a context of ${context} tokens` : gpus;
}

/** Least GPU memory that holds the weights, one sequence and the overhead on a single GPU, decimal gigabytes. */
export function leastMemoryGB(model: ModelDimensions, precision: Precision, contextTokens: number): number {
  const bytes = weightBytes(model, precision) + overheadBytes(model) + cacheBytesPerSequence(model, 1, contextTokens);
  return bytes / BYTES_PER_GB;
}
