import type { Gpu } from "../gpu.ts";
import type { ModelDimensions } from "../model.ts";
import type { Deployment, RequestSize } from "./deployment.ts";
import { halfRate, isWeightOnly, peakRate } from "./formats.ts";
import { CHUNK_TOKENS, cacheBytesPerSequence, weightBytes } from "./memory.ts";

/** What a class of models on an engine reaches of the hardware's peaks. All shares are of the published dense figures. */
export interface Coefficients {
  /** Launching the kernels of one layer. */
  readonly layerSeconds: number;
  /** Starting the all-reduces of one layer over NVLink, per doubling of the ranks. */
  readonly linkLayerSeconds: number;
  readonly weightBandwidthShare: number;
  readonly cacheBandwidthShare: number;
  /** Arithmetic of prompts, and of decoding. */
  readonly flopsShare: number;
  /** Receiving, tokenising and scheduling a request before its first step. */
  readonly requestSeconds: number;
  /** Growth of the first token's wait per client that asks at the same time. */
  readonly queueShare: number;
  /** Scheduling and sampling on the host, per sequence and step. */
  readonly sequenceSeconds: number;
  /** Share of the full batch a saturated engine keeps busy on average. */
  readonly offlineShare: number;
  /** What engines of 2024 reach of today's. */
  readonly earlyShare: number;
  /** What experts spread over GPUs reach: all wait for the GPU whose experts are picked most. */
  readonly expertBalance: number;
  /** Before a burst is under way: first compilations, connections. */
  readonly startSeconds: number;
  /** What a stock engine reaches in a burst, of the tuned ones the other terms are fitted to. */
  readonly burstShare: number;
}

/** Held for all engines and models. */
export const SHARED = {
  /**
   * How much of the gain of a higher arithmetic rate arrives: rate = base x (peak / base)^rateGain. The base is the GPU's 16-bit
   * rate, so that only the gain of smaller formats counts; for experts, whose products are too small for fast GPUs, an A100's.
   */
  rateGain: 0.6,
  /** What engines reach on AMD's GPUs of what they reach on NVIDIA's, measured by the peaks: `accuracy/rocm.ts`. */
  rocmShare: 0.8,
  /** Share of a link that ring all-reduces reach. */
  pcieShare: 0.45,
  nvlinkShare: 0.45,
  /** Starting a collective over PCIe against NVLink. */
  pcieStartFactor: 1.5,
  /** Products with small experts use less of the arithmetic rate: share x (parameters of an expert / 100 M)^expertExponent. */
  expertExponent: 0.4,
  /** Reading and unpacking weights of a format the GPU cannot compute in, against reading them. */
  unpackFactor: 1.3,
};
const EXPERT_PARAMETERS = 100e6;
const EXPERT_BASE_RATE = 312e12;
const ACTIVATION_BYTES = 2;
const ALL_REDUCES_PER_LAYER = 2;
/** What GPUs of a bridged pair, or beyond one NVLink domain, talk over, GB/s one way. */
const PCIE_GB_PER_SECOND = 63;
const NETWORK_GB_PER_SECOND = 50;
const NVLINK_DOMAIN_GPUS = 8;
const RACK_DOMAIN_GPUS = 72;

/** Most cards that NVLink bridges join; no limit where there are none. */
function bridgedGpus(interconnect: string): number {
  if (/pair/i.test(interconnect)) return 2;
  return /bridge/i.test(interconnect) ? 4 : Number.POSITIVE_INFINITY;
}

/** The link that this many GPUs of a replica share. */
function linkOf(gpu: Gpu, ranks: number): { isPcie: boolean; bytesPerSecond: number } {
  const { interconnect, interconnectGBPerSecond } = gpu;
  if (/pcie/i.test(interconnect)) return { isPcie: true, bytesPerSecond: interconnectGBPerSecond * 1e9 };
  if (ranks > bridgedGpus(interconnect)) return { isPcie: true, bytesPerSecond: PCIE_GB_PER_SECOND * 1e9 };
  const domain = /^GB/.test(gpu.name) ? RACK_DOMAIN_GPUS : NVLINK_DOMAIN_GPUS;
  if (ranks > domain) return { isPcie: true, bytesPerSecond: NETWORK_GB_PER_SECOND * 1e9 };
  return { isPcie: false, bytesPerSecond: interconnectGBPerSecond * 1e9 };
}

/** Seconds of a decode step, term by term, as functions of the sequences that run. */
export interface StepTime {
  /** Launches and collective starts. */
  readonly fixedSeconds: number;
  /** Weights every step reads. */
  readonly sharedWeightSeconds: number;
  /** All routed experts; a step reads those that at least one of its tokens picks. */
  readonly routedWeightSeconds: number;
  /** Share of the experts one token picks; 1 for dense models. */
  readonly pickedShare: number;
  /** Chunks of prompt that each output token brings along, per sequence; each reads all experts once. */
  readonly promptChunksPerStep: number;
  /** Cache read, arithmetic and all-reduce traffic that each sequence adds. */
  readonly perSequenceSeconds: number;
  /** Arithmetic and traffic of a prompt alone: per token, and per token and token of context. */
  readonly promptTokenSeconds: number;
  readonly promptContextSeconds: number;
  /** Share of the prompt that is computed. */
  readonly computedShare: number;
  /** Pipeline stages; sequences are spread over them in as many groups. */
  readonly stages: number;
  /** Handing the results of one group from stage to stage, whatever its size, and for each of its sequences. */
  readonly handOverSeconds: number;
  readonly handOverSecondsPerSequence: number;
}

/** Share of the arithmetic rate that products with this model's experts reach; 1 for dense models. */
function expertShare(model: ModelDimensions): number {
  const { mixtureOfExperts: moe, totalParametersBillion: total, activeParametersBillion: active } = model;
  if (moe === undefined) return 1;
  const parameters = ((total - active) * 1e9) / (moe.experts - moe.expertsPerToken) / model.layers;
  return Math.min(1, (parameters / EXPERT_PARAMETERS) ** SHARED.expertExponent);
}

/** AMD's Instinct GPUs. */
export const isAmd = ({ name }: Gpu): boolean => /^MI\d/.test(name);

/** vLLM's kernels for 8-bit experts gain no arithmetic and cost unpacking: published runs in 8 bits are no faster than in 16. */
const hasStoredExperts = ({ engine, model, precision }: Deployment): boolean =>
  engine === "vllm" && precision === "fp8" && model.mixtureOfExperts !== undefined;

/** Everything of a step that does not depend on the number of sequences. Undefined without an arithmetic rate. */
export function stepTime(deployment: Deployment, size: RequestSize, c: Coefficients): StepTime | undefined {
  const { model, gpu, precision, gpusPerReplica, expertParallel, pipelineStages: stages } = deployment;
  const ranks = gpusPerReplica / stages;
  const moe = model.mixtureOfExperts;
  const half = halfRate(gpu);
  const isStored = isWeightOnly(gpu, precision) || hasStoredExperts(deployment);
  const peak = isStored ? half : peakRate(gpu, precision);
  if (half === undefined || peak === undefined) return undefined;
  const reach = (isAmd(gpu) ? SHARED.rocmShare : 1) * (deployment.isEarlyRelease ? c.earlyShare : 1);
  const balance = expertParallel && moe !== undefined ? c.expertBalance : 1;
  const base = moe === undefined ? half : EXPERT_BASE_RATE;
  const rate = base * (peak / base) ** SHARED.rateGain * c.flopsShare * expertShare(model) * balance * reach * ranks;
  const bandwidth = gpu.memoryBandwidthGBPerSecond * 1e9 * reach;
  const { inputTokens, outputTokens, prefixCacheShare } = size;
  const computed = inputTokens * (1 - prefixCacheShare);

  const link = linkOf(gpu, ranks);
  const starts = Math.log2(ranks) * c.linkLayerSeconds * (link.isPcie ? SHARED.pcieStartFactor : 1);
  const sent = expertParallel ? 1 / ranks : (2 * (ranks - 1)) / ranks;
  const trafficSeconds =
    ranks === 1
      ? 0
      : (model.hiddenSize * ACTIVATION_BYTES * ALL_REDUCES_PER_LAYER * model.layers * sent) /
        (link.bytesPerSecond * (link.isPcie ? SHARED.pcieShare : SHARED.nvlinkShare) * reach);

  const weights = weightBytes(model, precision) * (isStored ? SHARED.unpackFactor : 1);
  const picked = moe === undefined ? 1 : moe.expertsPerToken / moe.experts;
  const active = model.activeParametersBillion / model.totalParametersBillion;
  const routed = moe === undefined ? 0 : Math.min(1, (1 - active) / (1 - picked));
  const weightBandwidth = bandwidth * c.weightBandwidthShare;

  const cacheRanks = expertParallel ? 1 : ranks;
  const cached = cacheBytesPerSequence(
    model,
    cacheRanks,
    inputTokens + outputTokens / 2,
    deployment.cacheBytesPerValue,
  );
  const tokenSeconds = (2 * model.activeParametersBillion * 1e9) / rate + trafficSeconds;
  const fullLayers = model.fullAttentionLayers ?? model.layers;
  const contextFlops = 2 * fullLayers * model.attentionHeads * model.headSize;
  const handOver = stages === 1 ? undefined : linkOf(gpu, gpusPerReplica);
  return {
    fixedSeconds: (model.layers * (c.layerSeconds + starts)) / reach,
    sharedWeightSeconds: (weights * (1 - routed)) / (weightBandwidth * (expertParallel ? 1 : ranks)),
    routedWeightSeconds: (weights * routed) / (weightBandwidth * ranks * balance),
    pickedShare: picked,
    promptChunksPerStep: Math.ceil(computed / CHUNK_TOKENS) / outputTokens,
    perSequenceSeconds:
      cached / (bandwidth * c.cacheBandwidthShare * (expertParallel ? ranks : 1)) +
      c.sequenceSeconds / reach +
      tokenSeconds +
      (computed * (tokenSeconds + (contextFlops / rate) * inputTokens)) / outputTokens,
    promptTokenSeconds: tokenSeconds,
    promptContextSeconds: contextFlops / rate,
    computedShare: 1 - prefixCacheShare,
    stages,
    handOverSeconds:
      handOver === undefined
        ? 0
        : ((stages - 1) * c.linkLayerSeconds * (handOver.isPcie ? SHARED.pcieStartFactor : 1)) / reach,
    handOverSecondsPerSequence:
      handOver === undefined
        ? 0
        : ((stages - 1) * model.hiddenSize * ACTIVATION_BYTES) /
          (handOver.bytesPerSecond * (handOver.isPcie ? SHARED.pcieShare : SHARED.nvlinkShare) * reach),
  };
}

/** Share of the experts that `tokens` tokens touch. */
const touchedShare = (picked: number, tokens: number): number => (picked >= 1 ? 1 : 1 - (1 - picked) ** tokens);

/**
 * Seconds per output token while `sequences` run and new prompts are interleaved. With pipeline stages each stage works on
 * its own group of them while the others work on theirs, so a token takes as long as one group takes through all stages.
 */
export function decodeSeconds(step: StepTime, running: number): number {
  const sequences = Math.max(1, running / step.stages);
  const picked = touchedShare(step.pickedShare, sequences);
  const touched = picked + (1 - picked) * Math.min(1, sequences * step.promptChunksPerStep);
  return (
    step.fixedSeconds +
    step.sharedWeightSeconds +
    step.routedWeightSeconds * touched +
    step.handOverSeconds +
    sequences * (step.perSequenceSeconds + step.handOverSecondsPerSequence)
  );
}

/** Seconds that one prompt alone takes; its chunks follow each other through the pipeline stages. */
export function promptSeconds(step: StepTime, inputTokens: number): number {
  const computed = inputTokens * step.computedShare;
  const seconds = computed * (step.promptTokenSeconds + step.promptContextSeconds * inputTokens);
  if (step.stages === 1) return seconds;
  const chunks = Math.max(1, Math.ceil(computed / CHUNK_TOKENS));
  return (seconds * (chunks + step.stages - 1)) / (chunks * step.stages);
}

/** Seconds until the first token when `clients` ask and all of them run: the prompt, a step, and others' prompts before it. */
export function firstTokenSeconds(step: StepTime, inputTokens: number, clients: number, c: Coefficients): number {
  const { fixedSeconds, sharedWeightSeconds, routedWeightSeconds, handOverSeconds } = step;
  const alone = c.requestSeconds + fixedSeconds + sharedWeightSeconds + routedWeightSeconds + handOverSeconds;
  return alone + promptSeconds(step, inputTokens) * (1 + c.queueShare * (clients - 1));
}
