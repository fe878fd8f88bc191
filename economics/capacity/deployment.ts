import type { Gpu } from "../gpu.ts";
import type { ModelDimensions } from "../model.ts";
import type { Precision } from "../serving.ts";

export const ENGINES = ["vllm", "sglang", "tensorrt-llm"] as const;
/** The inference server. Measurements of one never anchor another. */
export type Engine = (typeof ENGINES)[number];

/** One model on one kind of GPU: what the formula needs to know, whoever declared or measured it. */
export interface Deployment {
  readonly engine: Engine;
  /** Whether the engine is a release of 2024 or before. */
  readonly isEarlyRelease: boolean;
  readonly model: ModelDimensions;
  readonly precision: Precision;
  readonly gpu: Gpu;
  /** GPUs that hold one copy of the weights. */
  readonly gpusPerReplica: number;
  /** Copies of the weights, requests spread evenly. */
  readonly replicas: number;
  /** Attention copied to every GPU and experts spread over them, instead of tensor parallel. */
  readonly expertParallel: boolean;
  /** Stages the layers are cut into, one after the other; each has `gpusPerReplica / pipelineStages` tensor-parallel ranks. */
  readonly pipelineStages: number;
  /** Bytes of one cached key or value: 2, or 1 with an 8-bit cache. */
  readonly cacheBytesPerValue: number;
  /** Most sequences one replica works on at once. */
  readonly maxSequences: number;
  /** Share of GPU memory the engine takes. */
  readonly gpuMemoryUtilization: number;
}

/** Tokens of a mean request. */
export interface RequestSize {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Share of the input found in the prefix cache, so not computed again. */
  readonly prefixCacheShare: number;
  /** Whether the lengths are means of mixed requests instead of the length of every one. */
  readonly isMixed: boolean;
}

/** How a deployment is driven. */
export type Load =
  /** A fixed number of clients, each waiting for its answer before it asks again. */
  | { readonly kind: "concurrency"; readonly clients: number }
  /** More than can run is always queued. */
  | { readonly kind: "offline" }
  /** So many requests all at once, then none: filling and draining the batch count. */
  | { readonly kind: "burst"; readonly requests: number }
  /** Poisson arrivals. */
  | { readonly kind: "rate"; readonly requestsPerSecond: number }
  /** The MLPerf scenarios with latency limits of their own. */
  | { readonly kind: "mlperf-offline" | "mlperf-server" | "mlperf-interactive" };
