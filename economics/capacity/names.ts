import type { Precision } from "../serving.ts";
import type { Engine } from "./deployment.ts";

/** What repositories append to a model's name: formats, tunings, and the day of a release. */
const SUFFIX =
  /[-_](fp8|nvfp4|mxfp4|fp4|awq|gptq|int4|int8|w4a16|w8a8|bf16|dynamic|dyn|pre|quark|trtllm|quantized|instruct|chat|it|hf|2507|\d{4})$/i;

/**
 * Names to try in a catalogue, most exact first: with and without the owner, then without the maker's prefix and without
 * each suffix in turn.
 */
export function modelNameCandidates(name: string): readonly string[] {
  const names = [name.trim()];
  const short = name.trim().split("/").at(-1) as string;
  if (short !== names[0]) names.push(short);
  let rest = short.replace(/^Meta-(?=Llama)/i, "");
  if (rest !== short) names.push(rest);
  while (SUFFIX.test(rest)) {
    rest = rest.replace(SUFFIX, "");
    names.push(rest);
  }
  return names;
}

/** The number format a text states; undefined when it states none that is known. */
export function precisionIn(text: string): Precision | undefined {
  if (/nvfp4/i.test(text)) return "nvfp4";
  if (/mxfp4/i.test(text)) return "mxfp4";
  if (/fp4/i.test(text)) return "nvfp4";
  if (/fp8/i.test(text)) return "fp8";
  if (/awq|gptq|int4|w4a16/i.test(text)) return "int4";
  if (/int8|w8a8/i.test(text)) return "int8";
  return /bf16|fp16|16-bit|float16|half/i.test(text) ? "bf16" : undefined;
}

/**
 * Format of a benchmarked model: what the row says, else the model's name, else the one its weights are published in, else
 * 16 bits. 4-bit gpt-oss is MXFP4, whatever a row calls it.
 */
export function benchmarkPrecision(stated: string, modelName: string, native: Precision = "bf16"): Precision {
  const said = precisionIn(stated) ?? precisionIn(modelName);
  if (/gpt-oss/i.test(modelName)) return said === "bf16" ? "bf16" : "mxfp4";
  return said ?? native;
}

/** `vLLM`, `MLPerf/vLLM`, `trtllm`, `TensorRT-LLM`, `SGLang`, … */
export function engineNamed(text: string): Engine | undefined {
  if (/vllm/i.test(text)) return "vllm";
  if (/sglang/i.test(text)) return "sglang";
  return /trt-?llm|tensorrt/i.test(text) ? "tensorrt-llm" : undefined;
}
