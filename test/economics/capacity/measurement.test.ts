import { describe, expect, it } from "vitest";
import type { Engine } from "../../../economics/capacity/deployment.ts";
import { benchmarkDeployment } from "../../../economics/capacity/measurement.ts";
import type { Precision } from "../../../economics/serving.ts";
import { gpu, model } from "../facts.ts";
import { measurement } from "./cases.ts";

describe("the deployment of a benchmark", () => {
  it.each([
    ["vllm", "0.6.x (2024-11)", true],
    ["vllm", "0.7.0", false],
    ["tensorrt-llm", "0.14.0", true],
    ["tensorrt-llm", "0.17", false],
    ["tensorrt-llm", "1.1/1.2 docs", false],
    ["tensorrt-llm", "TensorRT 10.8, CUDA 12.8", false],
    ["sglang", "", false],
  ] as const)("%s %j is a release of 2024 or before: %j", (engine, version, isEarly) => {
    const { isEarlyRelease } = benchmarkDeployment(measurement({ engine, version }), model("Phi-4"), gpu("H100-SXM"));
    expect(isEarlyRelease).toBe(isEarly);
  });

  it.each<[Engine, Precision, string, number]>([
    ["vllm", "fp8", "H100-SXM", 2],
    ["sglang", "fp8", "H100-SXM", 2],
    ["tensorrt-llm", "bf16", "H100-SXM", 2],
    ["tensorrt-llm", "fp8", "H100-SXM", 1],
    ["tensorrt-llm", "nvfp4", "B200-SXM", 1],
    ["tensorrt-llm", "mxfp4", "H100-SXM", 2],
    ["tensorrt-llm", "mxfp4", "B200-SXM", 1],
  ])("keeps the cache as %s does beside %s weights on %s: %i bytes a value", (engine, precision, name, bytes) => {
    const setting = measurement({ engine, precision });
    expect(benchmarkDeployment(setting, model("Phi-4"), gpu(name)).cacheBytesPerValue).toBe(bytes);
  });
});
