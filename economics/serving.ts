import type { PoolBehavior } from "./assumptions.ts";
import type { OwnMeasurement } from "./capacity/estimate.ts";
import type { Gpu } from "./gpu.ts";
import type { ModelDimensions } from "./model.ts";
import type { OwnedCost } from "./owned-hardware.ts";

export const PRECISIONS = ["bf16", "fp8", "int8", "int4", "mxfp4", "nvfp4"] as const;
/** Number format of the weights. */
export type Precision = (typeof PRECISIONS)[number];

/** Latency targets. */
export interface Slo {
  /** Time to first token, milliseconds. */
  readonly ttftMs: number;
  /** Time per output token, milliseconds. */
  readonly tpotMs: number;
}

/** A model as it is served: its weights, on which GPUs, within which limits. */
export interface ServedModel {
  readonly name: string;
  /** Catalogue name, undefined for a model described by its dimensions alone. */
  readonly catalogModel?: string | undefined;
  readonly dimensions: ModelDimensions;
  /** Weights nobody else hosts, so `same-weights` prices do not apply. */
  readonly fineTuned: boolean;
  readonly precision: Precision;
  readonly pool: string;
  /** Tensor-parallel size. */
  readonly gpusPerReplica: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly maxContextTokens: number;
  readonly maxConcurrentSequences: number;
  /** Share of GPU memory the engine may take. */
  readonly gpuMemoryUtilization: number;
  readonly slo: Slo;
  /** Throughput of one replica within its targets, measured by the user; replaces catalogue measurements. */
  readonly measured?: OwnMeasurement | undefined;
}

/** GPU nodes that are alike. */
export interface Pool {
  readonly name: string;
  /** What a bill calls it, e.g. `pool h100: 2x p5.48xlarge commit-1y`. */
  readonly label: string;
  readonly gpu: Gpu;
  readonly gpusPerNode: number;
  readonly minNodes: number;
  readonly maxNodes: number;
  /** Fixed pools run all nodes all the time; elastic ones follow demand between min and max. */
  readonly scaling: "fixed" | "elastic";
  readonly usdPerNodeHour: number;
  /** Whether a contract or a purchase fixes that price. */
  readonly isPriceFixed: boolean;
  /** What makes up the price of an owned node, and what it was bought for, spares included. */
  readonly owned?: OwnedCost & { readonly purchaseUsd: number };
  readonly behavior: PoolBehavior;
}
