import type { ModelConfig } from "../../config/model.ts";
import { SHUTDOWN_SECONDS } from "./lifecycle.ts";
import { isQuantizedOnLoad } from "./weights.ts";

export const VLLM_PORT = 8000;

export type ServedConfig = Pick<
  ModelConfig,
  "weights" | "precision" | "gpusPerReplica" | "maxContextTokens" | "maxConcurrentSequences" | "gpuMemoryUtilization"
>;

/**
 * Tokens per streamed event; the first one is sent at once. A gateway pod handles about 2000 events a second, which one
 * busy GPU exceeds at an event per token.
 */
const STREAM_INTERVAL_TOKENS = 4;

/**
 * Only FP8 has a flag: vLLM then quantises 16-bit weights while loading. The other formats are read from the files
 * themselves, and a flag that differs from what the files declare stops vLLM at start.
 */
function precisionFlags({ precision }: ServedConfig, huggingFaceId: string): string[] {
  if (precision === "bf16") return ["--dtype=bfloat16"];
  return isQuantizedOnLoad(precision, huggingFaceId) ? ["--quantization=fp8"] : [];
}

/**
 * Arguments of `vllm serve`, the image's entry point. The API key is not among them: it comes from `VLLM_API_KEY`.
 * `--shutdown-timeout` lets running requests finish on SIGTERM; without it vLLM aborts them. Source: vLLM 0.30 `vllm serve` reference.
 */
export function vllmArguments(model: string, huggingFaceId: string, config: ServedConfig): string[] {
  return [
    huggingFaceId,
    `--served-model-name=${model}`,
    `--revision=${config.weights.revision}`,
    `--port=${VLLM_PORT}`,
    `--tensor-parallel-size=${config.gpusPerReplica}`,
    `--max-model-len=${config.maxContextTokens}`,
    `--max-num-seqs=${config.maxConcurrentSequences}`,
    `--gpu-memory-utilization=${config.gpuMemoryUtilization}`,
    ...precisionFlags(config, huggingFaceId),
    "--enable-prefix-caching",
    `--stream-interval=${STREAM_INTERVAL_TOKENS}`,
    `--shutdown-timeout=${SHUTDOWN_SECONDS}`,
    "--disable-access-log-for-endpoints=/health,/metrics,/ping",
  ];
}
