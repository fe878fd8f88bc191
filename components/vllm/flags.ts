import type { ModelConfig } from "../../config/model.ts";
import { isQuantizedOnLoad } from "../../config/weight-files.ts";
import { SHUTDOWN_SECONDS } from "./lifecycle.ts";
import { adapterPath, weightsArguments } from "./weights.ts";

export const VLLM_PORT = 8000;
/** Where the first node of a replica that spans several waits for the others. */
export const RENDEZVOUS_PORT = 29501;

export type ServedConfig = Pick<
  ModelConfig,
  | "weights"
  | "precision"
  | "gpusPerReplica"
  | "pipelineStages"
  | "maxContextTokens"
  | "maxConcurrentSequences"
  | "gpuMemoryUtilization"
  | "serving"
>;

/** Nodes of a replica; the worker's own number and the leader's address come from its LeaderWorkerSet. */
export interface Group {
  readonly nodes: number;
  readonly role: "leader" | "worker";
}

/** GPUs that share every layer; they are on one node. */
export const tensorParallelSize = ({
  gpusPerReplica,
  pipelineStages,
}: Pick<ServedConfig, "gpusPerReplica" | "pipelineStages">) => gpusPerReplica / pipelineStages;

/**
 * Only FP8 has a flag: vLLM then quantises 16-bit weights while loading. The other formats are read from the files
 * themselves, and a flag that differs from what the files declare stops vLLM at start.
 */
function precisionFlags({ precision }: ServedConfig, huggingFaceId: string): string[] {
  if (precision === "bf16") return ["--dtype=bfloat16"];
  return isQuantizedOnLoad(precision, huggingFaceId) ? ["--quantization=fp8"] : [];
}

const toggle = (flag: string, isOn: boolean): string => (isOn ? `--${flag}` : `--no-${flag}`);

function schedulerFlags({ serving }: ServedConfig): string[] {
  const { prefixCaching, chunkedPrefill, maxBatchedTokens, maxQueuedRequests, kvCache } = serving;
  return [
    toggle("enable-prefix-caching", prefixCaching),
    toggle("enable-chunked-prefill", chunkedPrefill),
    ...(maxBatchedTokens === undefined ? [] : [`--max-num-batched-tokens=${maxBatchedTokens}`]),
    ...(maxQueuedRequests === undefined ? [] : [`--max-num-queued-reqs=${maxQueuedRequests}`]),
    ...(kvCache === "auto" ? [] : [`--kv-cache-dtype=${kvCache}`]),
  ];
}

/** `--lora-modules` takes all its values at once; given twice, the second wins. */
function loraFlags({ serving: { loraAdapters } }: ServedConfig): string[] {
  if (loraAdapters === undefined) return [];
  const { adapters, maxRank, maxPerBatch, maxInMemory } = loraAdapters;
  const names = Object.keys(adapters);
  return [
    "--enable-lora",
    `--max-lora-rank=${maxRank}`,
    `--max-loras=${maxPerBatch}`,
    `--max-cpu-loras=${maxInMemory ?? Math.max(maxPerBatch, names.length)}`,
    "--lora-modules",
    ...names.map((name) => `${name}=${adapterPath(name)}`),
  ];
}

function speculativeFlags({ serving: { speculativeDecoding: given } }: ServedConfig): string[] {
  if (given === undefined) return [];
  const tokens = { num_speculative_tokens: given.tokens };
  const settings = () => {
    switch (given.kind) {
      case "ngram":
        return { method: "ngram", ...tokens, prompt_lookup_max: given.longestMatch };
      case "draft-model":
        return { method: "draft_model", model: given.huggingFaceId, revision: given.revision, ...tokens };
      case "eagle3":
        return { method: "eagle3", model: given.huggingFaceId, revision: given.revision, ...tokens };
      case "mtp":
        return { method: "mtp", ...tokens };
      default:
        return given satisfies never;
    }
  };
  return [`--speculative-config=${JSON.stringify(settings())}`];
}

/** Kubernetes puts the variables of the LeaderWorkerSet into the arguments. */
function groupFlags({ nodes, role }: Group): string[] {
  if (nodes === 1) return [];
  return [
    `--nnodes=${nodes}`,
    "--node-rank=$(LWS_WORKER_INDEX)",
    "--master-addr=$(LWS_LEADER_ADDRESS)",
    `--master-port=${RENDEZVOUS_PORT}`,
    ...(role === "worker" ? ["--headless"] : []),
  ];
}

/**
 * Arguments of `vllm serve`, the image's entry point. The API key is not among them: it comes from `VLLM_API_KEY`.
 * `--shutdown-timeout` lets running requests finish on SIGTERM; without it vLLM aborts them. Every flag is one the pinned
 * release accepts: `serve-flags/flags.json`. `streamInterval`: tokens per streamed event; the first one is sent at once.
 */
export function vllmArguments(
  model: string,
  huggingFaceId: string,
  config: ServedConfig,
  group: Group = { nodes: 1, role: "leader" },
  streamInterval: number = config.serving.streamInterval ?? 1,
): string[] {
  return [
    ...weightsArguments(config.weights, huggingFaceId),
    `--served-model-name=${model}`,
    `--port=${VLLM_PORT}`,
    `--tensor-parallel-size=${tensorParallelSize(config)}`,
    ...(config.pipelineStages > 1 ? [`--pipeline-parallel-size=${config.pipelineStages}`] : []),
    ...groupFlags(group),
    `--max-model-len=${config.maxContextTokens}`,
    `--max-num-seqs=${config.maxConcurrentSequences}`,
    `--gpu-memory-utilization=${config.gpuMemoryUtilization}`,
    ...precisionFlags(config, huggingFaceId),
    ...schedulerFlags(config),
    ...loraFlags(config),
    ...speculativeFlags(config),
    `--stream-interval=${streamInterval}`,
    `--shutdown-timeout=${SHUTDOWN_SECONDS}`,
    "--disable-access-log-for-endpoints=/health,/metrics,/ping",
  ];
}
