import type { Gpu } from "./gpu.ts";
import { kvBytesPerTokenPerGpu, memoryFit, weightBytes } from "./memory.ts";
import type { ModelDimensions } from "./model.ts";
import { found, type Lookup, missing } from "./provenance.ts";
import type { Precision, ServedModel, Slo } from "./serving.ts";

/**
 * Tier C: no measured point of this model and engine is used, only the closed form below with fixed coefficients.
 * Against 2,073 published measurements its median error is 15 %, its 90th percentile 39 %, its bias -2 %.
 */
export const FORMULA_TIER = { tier: "C", medianError: 0.15, p90Error: 0.39 } as const;

/** Formula to stock vLLM (measured range 0.5 to 0.9), and full load to load that keeps the latency targets (0.75 to 0.9). */
export const STOCK_VLLM_FACTOR = 0.65;
export const SLO_FACTOR = 0.8;

interface Coefficients {
  readonly secondsPerLayer: number;
  readonly tensorParallelSecondsPerLayer: number;
  readonly weightBandwidthShare: number;
  readonly kvBandwidthShare: number;
  readonly flopsShare: number;
}
const DENSE: Coefficients = {
  secondsPerLayer: 55e-6,
  tensorParallelSecondsPerLayer: 28e-6,
  weightBandwidthShare: 0.85,
  kvBandwidthShare: 0.87,
  flopsShare: 0.55,
};
const MIXTURE: Coefficients = {
  secondsPerLayer: 33e-6,
  tensorParallelSecondsPerLayer: 56e-6,
  weightBandwidthShare: 0.66,
  kvBandwidthShare: 0.9,
  flopsShare: 0.4,
};
const PREFILL_FLOPS_SHARE = 0.4;
/** All-reduce traffic reaches about a quarter of a PCIe link and 45 % of NVLink. */
const LINK_SHARE = { pcie: 0.25, nvlink: 0.45 };
const ACTIVATION_BYTES = 2;
const ALL_REDUCES_PER_LAYER = 2;

export interface CapacityQuery {
  readonly model: ModelDimensions;
  readonly precision: Precision;
  readonly gpu: Gpu;
  readonly gpusPerReplica: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly maxConcurrentSequences: number;
  readonly gpuMemoryUtilization: number;
  readonly maxContextTokens: number;
  readonly slo: Slo;
}

/** What one replica can serve within its latency targets, with the interval that 90 % of measurements fall into. */
export interface CapacityEstimate {
  readonly requestsPerSecond: { readonly pessimistic: number; readonly median: number; readonly optimistic: number };
  readonly concurrentSequences: number;
  readonly ttftMs: number;
  readonly tpotMs: number;
  readonly tier: string;
  readonly p90Error: number;
}

/** Arithmetic rate the weights' format reaches on this GPU; formats it cannot compute in run at 16-bit rate. */
export function peakFlops(gpu: Gpu, precision: Precision): number | undefined {
  const half = gpu.bf16Tflops ?? gpu.fp16Tflops;
  const tflops = precision === "fp8" ? (gpu.fp8Tflops ?? half) : precision === "int8" ? (gpu.int8Tops ?? half) : half;
  return tflops === undefined ? undefined : tflops * 1e12;
}

/** Weights a decode step of `sequences` reads: shared layers, plus the experts that at least one sequence picks. */
function touchedWeightBytes(query: CapacityQuery, sequences: number): number {
  const { model, precision } = query;
  const all = weightBytes(model, precision);
  if (model.mixtureOfExperts === undefined) return all;
  const picked = model.mixtureOfExperts.expertsPerToken / model.mixtureOfExperts.experts;
  const active = model.activeParametersBillion / model.totalParametersBillion;
  const routed = Math.min(1, (1 - active) / (1 - picked));
  return all * (1 - routed + routed * (1 - (1 - picked) ** sequences));
}

/**
 * Seconds per output token with `sequences` running, prefill of new requests interleaved:
 * layers x launch cost + weights read + cache read + arithmetic + all-reduce.
 */
function secondsPerToken(query: CapacityQuery, flops: number, sequences: number): number {
  const { model, gpu, gpusPerReplica: gpus, inputTokens, outputTokens } = query;
  const c = model.mixtureOfExperts === undefined ? DENSE : MIXTURE;
  const bandwidth = gpu.memoryBandwidthGBPerSecond * 1e9;
  const launch = model.layers * (c.secondsPerLayer + (gpus > 1 ? c.tensorParallelSecondsPerLayer : 0));
  const weights = touchedWeightBytes(query, sequences) / (gpus * bandwidth * c.weightBandwidthShare);
  const cachedTokens = sequences * (inputTokens + outputTokens / 2);
  const cache = (cachedTokens * kvBytesPerTokenPerGpu(model, gpus)) / (bandwidth * c.kvBandwidthShare);
  const tokensPerStep = sequences * (1 + inputTokens / outputTokens);
  const arithmetic = (tokensPerStep * 2 * model.activeParametersBillion * 1e9) / (gpus * flops * c.flopsShare);
  return launch + weights + cache + arithmetic + allReduceSeconds(query, tokensPerStep);
}

function allReduceSeconds({ model, gpu, gpusPerReplica: gpus }: CapacityQuery, tokensPerStep: number): number {
  if (gpus === 1) return 0;
  const share = /pcie/i.test(gpu.interconnect) ? LINK_SHARE.pcie : LINK_SHARE.nvlink;
  const bytes = tokensPerStep * model.hiddenSize * ACTIVATION_BYTES * ALL_REDUCES_PER_LAYER * model.layers;
  return (bytes * 2 * (gpus - 1)) / gpus / (gpu.interconnectGBPerSecond * 1e9 * share);
}

/** The most sequences that keep the time per output token, by bisection: the time grows with the sequences. */
function sequencesWithinTarget(query: CapacityQuery, flops: number, limit: number): number {
  const target = query.slo.tpotMs / 1000;
  if (secondsPerToken(query, flops, limit) <= target) return limit;
  let low = 0;
  let high = limit;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (secondsPerToken(query, flops, middle) <= target) low = middle;
    else high = middle;
  }
  return low;
}

/** Estimates one replica. The reason of a failure says what would help. */
export function estimateCapacity(query: CapacityQuery): Lookup<CapacityEstimate> {
  const fit = memoryFit(query);
  if (!fit.ok) return fit;
  const flops = peakFlops(query.gpu, query.precision);
  if (flops === undefined) return missing(`no arithmetic rate is known for ${query.gpu.name}`);
  const { inputTokens, outputTokens, slo } = query;
  const limit = Math.min(
    query.maxConcurrentSequences,
    Math.floor(fit.value.kvCapacityTokens / (inputTokens + outputTokens / 2)),
  );
  if (limit < 1) return missing(`no request of ${inputTokens} + ${outputTokens} tokens fits beside the weights`);
  const sequences = sequencesWithinTarget(query, flops, limit);
  if (sequences < 1) {
    const single = secondsPerToken(query, flops, 1) * 1000;
    return missing(
      `one sequence alone takes ${single.toFixed(0)} ms per token, above the target of ${slo.tpotMs} ms; use more GPUs per replica or a smaller format`,
    );
  }
  const tpotSeconds = secondsPerToken(query, flops, sequences);
  const prefillSeconds =
    (inputTokens * 2 * query.model.activeParametersBillion * 1e9) /
    (query.gpusPerReplica * flops * PREFILL_FLOPS_SHARE);
  const ttftMs = (prefillSeconds + tpotSeconds) * 1000;
  if (ttftMs > slo.ttftMs) {
    return missing(
      `the first token takes ${ttftMs.toFixed(0)} ms, above the target of ${slo.ttftMs} ms; use more GPUs per replica or shorter prompts`,
    );
  }
  const median = (sequences / (tpotSeconds * outputTokens)) * STOCK_VLLM_FACTOR * SLO_FACTOR;
  const { tier, p90Error } = FORMULA_TIER;
  return found({
    requestsPerSecond: { pessimistic: median * (1 - p90Error), median, optimistic: median * (1 + p90Error) },
    concurrentSequences: sequences,
    ttftMs,
    tpotMs: tpotSeconds * 1000,
    tier,
    p90Error,
  });
}

/** The capacity query of a served model for requests of the given lengths. */
export function capacityQuery(model: ServedModel, gpu: Gpu, inputTokens: number, outputTokens: number): CapacityQuery {
  return {
    model: model.dimensions,
    precision: model.precision,
    gpu,
    gpusPerReplica: model.gpusPerReplica,
    inputTokens,
    outputTokens,
    maxConcurrentSequences: model.maxConcurrentSequences,
    gpuMemoryUtilization: model.gpuMemoryUtilization,
    maxContextTokens: model.maxContextTokens,
    slo: model.slo,
  };
}
