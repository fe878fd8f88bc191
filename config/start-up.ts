import type { ModelConfig } from "./model.ts";
import type { PoolConfig } from "./pool.ts";

/**
 * What a start takes, each with where it comes from. Slow on purpose: a probe that is too short kills a replica that was
 * about to answer, and it then starts again, for ever.
 */
export const START_UP = {
  /** Virtual machine, kernel, NVIDIA driver, kubelet. No published figure by type: an allowance, the one to measure first. */
  nodeSeconds: 300,
  /** Images of 10 to 20 GB (dev.to, "GPU cold starts", 2026) at the speed below. */
  imageGiB: 15,
  /** Registry to node, unpacked. An allowance: half the speed of a gp3 root disk, which every byte is written to and read from. */
  imageGiBPerSecond: 0.06,
  /** Model hub to node: a slow day. */
  hubGiBPerSecond: 0.1,
  /** 15 GB safetensors of an 8B model from gp3 by vLLM's own loader: 48 s (Run:ai, "Model Streamer: Performance Benchmarks", 2024-10-29). */
  diskGiBPerSecond: 0.29,
  /** The same by the Run:ai streamer: 14 s (same source). From S3 it was faster still; this is the careful figure. */
  streamGiBPerSecond: 0.97,
  /** Compilation 39 s and warm-up of a 35B model (route179.dev, 2026-06-30), four times that for larger ones and slow cores. */
  compileSeconds: 300,
  /** A start may take this much longer than planned before it is given up. */
  probeMargin: 1.5,
} as const;

export type StartUpAssumptions = PoolConfig["startUp"];

/** One start, in the order things happen. Unit: seconds. */
export interface StartUp {
  /** A new node, until pods run on it. */
  readonly node: number;
  readonly image: number;
  /** From where they are kept to the GPUs. */
  readonly weights: number;
  readonly compile: number;
}

/** Speed at which weights reach the GPUs, by where they come from. Unit: GiB per second. */
function weightsSpeed({ weights }: Pick<ModelConfig, "weights">, pool: StartUpAssumptions): number {
  if (pool.weightsGiBPerSecond !== undefined) return pool.weightsGiBPerSecond;
  if (weights.s3Uri !== undefined) return START_UP.streamGiBPerSecond;
  if (weights.cache !== undefined || weights.image !== undefined) return START_UP.diskGiBPerSecond;
  return START_UP.hubGiBPerSecond;
}

/** How long one replica takes to start on a new node. `filesGiB`: what is read, not what the GPUs hold. */
export function startUp(model: Pick<ModelConfig, "weights">, pool: StartUpAssumptions, filesGiB: number): StartUp {
  return {
    node: pool.nodeSeconds,
    image: pool.imageSeconds,
    weights: Math.ceil(filesGiB / weightsSpeed(model, pool)),
    compile: pool.compileSeconds,
  };
}

/** What happens inside the container: the startup probe must wait for it. */
export const containerSeconds = ({ weights, compile }: StartUp): number => weights + compile;

export const totalSeconds = (start: StartUp): number => start.node + start.image + containerSeconds(start);

/** Nodes without pods go after this long; a model that comes back within it finds its node and image still there. */
export const EMPTY_NODE_SECONDS = 300;

/**
 * From the last request until the nodes are gone. Never shorter than a start: a replica would be taken away before it had
 * paid for itself, and the next request would start it again.
 */
export const coolDownSeconds = ({ coolDownMinutes }: Pick<PoolConfig, "coolDownMinutes">, start: StartUp): number =>
  Math.max(coolDownMinutes * 60, totalSeconds(start) + EMPTY_NODE_SECONDS);

/** `node 300 s + image 250 s + weights 655 s + compile 300 s = 1505 s` */
export const startUpText = (start: StartUp): string =>
  `node ${start.node} s + image ${start.image} s + weights ${start.weights} s + compile ${start.compile} s = ${totalSeconds(start)} s`;
