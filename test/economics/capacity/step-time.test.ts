import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { coefficientsOf } from "../../../economics/capacity/coefficients.ts";
import type { Deployment } from "../../../economics/capacity/deployment.ts";
import { formatNote, isWeightOnly, peakRate } from "../../../economics/capacity/formats.ts";
import { engineOf, performanceOf } from "../../../economics/capacity/formula.ts";
import { decodeSeconds, SHARED, stepTime } from "../../../economics/capacity/step-time.ts";
import { PRECISIONS } from "../../../economics/serving.ts";
import { catalog, gpu, model } from "../facts.ts";

const deployment = (changes: Partial<Deployment> = {}): Deployment => ({
  engine: "vllm",
  isEarlyRelease: false,
  model: model("Llama-3.1-70B"),
  precision: "fp8",
  gpu: gpu("H100-SXM"),
  gpusPerReplica: 4,
  replicas: 1,
  expertParallel: false,
  pipelineStages: 1,
  cacheBytesPerValue: 1,
  maxSequences: 512,
  gpuMemoryUtilization: 0.9,
  ...changes,
});
const size = { inputTokens: 1024, outputTokens: 1024, prefixCacheShare: 0, isMixed: false };
const at = (changes: Partial<Deployment>, sequences: number, lengths = size): number => {
  const asked = deployment(changes);
  const step = stepTime(asked, lengths, coefficientsOf(asked.model, asked.engine));
  if (step === undefined) throw new Error("no step time");
  return decodeSeconds(step, sequences);
};

describe("time of a decode step", () => {
  it("is within a tenth of what vLLM measured for Llama 3.1 70B FP8 on two H200, 32 clients, 1024 in and out", () => {
    const seconds = at({ gpu: gpu("H200-SXM"), gpusPerReplica: 2 }, 32);
    expect(seconds * 1000).toBeGreaterThan(20.3 * 0.9);
    expect(seconds * 1000).toBeLessThan(20.3 * 1.1);
  });

  it("of a mixture reads more experts the more sequences there are, up to all of them", () => {
    const mixture = {
      model: model("gpt-oss-120b"),
      precision: "mxfp4" as const,
      gpusPerReplica: 1,
      gpu: gpu("B200-SXM"),
    };
    const perSequence = at(mixture, 401) - at(mixture, 400);
    expect(at(mixture, 2) - at(mixture, 1)).toBeGreaterThan(3 * perSequence);
  });

  it("pays for links: PCIe costs more than NVLink, and eight L40S are hardly faster than four", () => {
    const many = { model: model("Llama-3.1-70B"), gpu: gpu("L40S") };
    const four = at({ ...many, gpusPerReplica: 4 }, 64);
    const eight = at({ ...many, gpusPerReplica: 8 }, 64);
    expect(four / eight).toBeLessThan(1.3);
    expect(at({ gpusPerReplica: 4 }, 64) / at({ gpusPerReplica: 8 }, 64)).toBeGreaterThan(1.3);
  });

  it("shrinks with the share of the prompt found in the cache", () => {
    expect(at({}, 64, { ...size, inputTokens: 8192, prefixCacheShare: 0.5 })).toBeLessThan(
      at({}, 64, { ...size, inputTokens: 8192 }),
    );
  });

  it("never falls when sequences, prompts or answers grow, nor rises with bandwidth", () => {
    const models = fc.constantFrom(...catalog.models);
    const gpus = fc.constantFrom(...catalog.gpus.filter(({ bf16Tflops }) => bf16Tflops !== undefined));
    fc.assert(
      fc.property(
        models,
        gpus,
        fc.constantFrom(...PRECISIONS),
        fc.constantFrom(1, 2, 4, 8),
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 16, max: 16_000 }),
        (m, g, precision, ranks, n, inputTokens) => {
          const base = { model: m, gpu: g, precision, gpusPerReplica: ranks };
          const lengths = { ...size, inputTokens };
          const seconds = at(base, n, lengths);
          expect(at(base, n + 1, lengths)).toBeGreaterThanOrEqual(seconds);
          expect(at(base, n, { ...lengths, inputTokens: inputTokens + 100 })).toBeGreaterThanOrEqual(seconds);
          const faster = { ...g, memoryBandwidthGBPerSecond: g.memoryBandwidthGBPerSecond * 2 };
          expect(at({ ...base, gpu: faster }, n, lengths)).toBeLessThanOrEqual(seconds);
        },
      ),
    );
  });
});

describe("what engines reach", () => {
  const mixture = (changes: Partial<Deployment>) =>
    at(
      { model: model("Qwen3-235B-A22B"), gpu: gpu("H200-SXM"), gpusPerReplica: 4, cacheBytesPerValue: 2, ...changes },
      64,
    );

  it("is less in releases of 2024, and on AMD's GPUs than their peaks say", () => {
    expect(at({ isEarlyRelease: true }, 64)).toBeGreaterThan(at({}, 64));
    const asIfNvidia = at({ gpu: { ...gpu("MI300X"), name: "X300" } }, 64);
    expect(asIfNvidia / at({ gpu: gpu("MI300X") }, 64)).toBeCloseTo(SHARED.rocmShare, 1);
  });

  it("of 8-bit experts is less in vLLM: they only save memory and its bandwidth", () => {
    expect(mixture({ engine: "vllm" })).toBeGreaterThan(1.1 * mixture({ engine: "sglang" }));
    expect(mixture({ engine: "vllm", precision: "bf16" })).toBeCloseTo(
      mixture({ engine: "sglang", precision: "bf16" }),
    );
    expect(at({ engine: "vllm" }, 64)).toBeCloseTo(at({ engine: "sglang" }, 64));
  });

  it("of experts gains less than a dense model from a GPU with a higher arithmetic rate", () => {
    const twice = (of: Partial<Deployment>): number => {
      const { gpu: g } = deployment(of);
      const faster = { ...g, bf16Tflops: 2 * (g.bf16Tflops ?? 0) };
      const lengths = { ...size, inputTokens: 16_384, outputTokens: 64 };
      return at(of, 256, lengths) / at({ ...of, gpu: faster }, 256, lengths);
    };
    const bf16 = { precision: "bf16" as const, gpusPerReplica: 1 };
    expect(twice(bf16)).toBeGreaterThan(1.8);
    expect(twice({ ...bf16, model: model("Qwen3-235B-A22B") })).toBeLessThan(1.6);
  });

  it("with experts spread over GPUs waits for the GPU whose experts are picked most", () => {
    const c = coefficientsOf(model("Qwen3-235B-A22B"), "tensorrt-llm");
    const routed = (expertBalance: number): number =>
      stepTime(deployment({ model: model("Qwen3-235B-A22B"), engine: "tensorrt-llm", expertParallel: true }), size, {
        ...c,
        expertBalance,
      })?.routedWeightSeconds ?? 0;
    expect(routed(0.5)).toBeCloseTo(2 * routed(1), 9);
  });
});

describe("sequences in memory", () => {
  const limit = (changes: Partial<Deployment>): number => {
    const asked = deployment({ gpusPerReplica: 1, maxSequences: 100_000, cacheBytesPerValue: 1, ...changes });
    return engineOf(asked, { ...size, inputTokens: 64 }, coefficientsOf(asked.model, asked.engine))?.limit ?? 0;
  };

  it("hold their whole answer in TensorRT-LLM, half of it on average elsewhere", () => {
    const roomy = { model: model("Llama-3.1-8B"), gpu: gpu("H200-SXM") };
    expect(limit({ ...roomy, engine: "vllm" }) / limit({ ...roomy, engine: "tensorrt-llm" })).toBeCloseTo(
      (64 + 1024) / (64 + 512),
      1,
    );
  });

  it("get a share of what weights leave in TensorRT-LLM: more where these fill the GPU", () => {
    expect(limit({ engine: "tensorrt-llm" })).toBeGreaterThan(limit({ engine: "vllm" }));
  });
});

describe("throughput", () => {
  it("grows with clients until memory or the engine's limit holds, then only the first token waits longer", () => {
    const asked = deployment({ gpusPerReplica: 1, gpu: gpu("H200-SXM") });
    const engine = engineOf(asked, { ...size, inputTokens: 8192 }, coefficientsOf(asked.model, "vllm"));
    if (engine === undefined) throw new Error("no engine");
    const full = performanceOf(engine, { kind: "concurrency", clients: engine.limit });
    const over = performanceOf(engine, { kind: "concurrency", clients: engine.limit * 2 });
    expect(over.outputTokensPerSecond).toBeCloseTo(full.outputTokensPerSecond, 6);
    expect(over.ttftSeconds).toBeGreaterThan(full.ttftSeconds);
    expect(performanceOf(engine, { kind: "concurrency", clients: 4 }).outputTokensPerSecond).toBeLessThan(
      full.outputTokensPerSecond,
    );
  });

  it("at an offered rate is the rate, with the clients that Little's law asks for", () => {
    const asked = deployment();
    const engine = engineOf(asked, size, coefficientsOf(asked.model, "vllm"));
    if (engine === undefined) throw new Error("no engine");
    const got = performanceOf(engine, { kind: "rate", requestsPerSecond: 1 });
    expect(got.outputTokensPerSecond).toBe(1024);
    expect(got.sequences).toBeCloseTo(got.ttftSeconds + 1023 * got.tpotSeconds, 0);
  });
});

describe("pipeline parallel", () => {
  const twoNodes = { gpu: gpu("H100-SXM"), model: model("Llama-3.1-405B"), gpusPerReplica: 16 };
  const staged = { ...twoNodes, pipelineStages: 2 };

  it("keeps the all-reduces inside a node: faster than tensor parallel across the network", () => {
    expect(at(staged, 64)).toBeLessThan(at({ ...twoNodes, pipelineStages: 1 }, 64));
  });

  it("gains nothing for one sequence, which passes through every stage, and nearly all of it for many", () => {
    const eight = { ...staged, gpusPerReplica: 8, pipelineStages: 1 };
    expect(at(staged, 1)).toBeGreaterThan(at(eight, 1));
    expect(at(eight, 256) / at(staged, 512)).toBeGreaterThan(0.9);
    expect(at(eight, 256) / at(staged, 512)).toBeLessThan(1);
  });

  it("holds twice the sequences on twice the GPUs, or more", () => {
    const limit = (changes: Partial<Deployment>) => {
      const asked = deployment({ ...changes, maxSequences: 100_000 });
      return engineOf(asked, size, coefficientsOf(asked.model, asked.engine))?.limit ?? 0;
    };
    expect(limit(staged)).toBeGreaterThan(2 * limit({ ...staged, gpusPerReplica: 8, pipelineStages: 1 }));
  });
});

describe("a burst", () => {
  const burst = (changes: Partial<Deployment>, requests: number, lengths = size): number => {
    const asked = deployment(changes);
    const engine = engineOf(asked, lengths, coefficientsOf(asked.model, asked.engine));
    if (engine === undefined) throw new Error("no engine");
    return performanceOf(engine, { kind: "burst", requests }).outputTokensPerSecond;
  };

  it("pays for filling and draining the batch: less than a queue that never ends, and less with mixed lengths", () => {
    const asked = deployment();
    const engine = engineOf(asked, size, coefficientsOf(asked.model, asked.engine));
    if (engine === undefined) throw new Error("no engine");
    const endless = performanceOf(engine, { kind: "offline" }).outputTokensPerSecond;
    expect(burst({}, 400)).toBeLessThan(endless);
    expect(burst({}, 400, { ...size, isMixed: true })).toBeLessThan(burst({}, 400));
    expect(burst({}, 100_000) / burst({}, 400)).toBeGreaterThan(1);
  });
});

describe("number formats", () => {
  it("without arithmetic of their own are only stored, and say so", () => {
    expect(isWeightOnly(gpu("A100-80-SXM"), "fp8")).toBe(true);
    expect(peakRate(gpu("A100-80-SXM"), "fp8")).toBe(312e12);
    expect(formatNote(gpu("A100-80-SXM"), "fp8")).toBe(
      "A100-80-SXM has no FP8 arithmetic: weights are stored in FP8, products run at the 16-bit rate",
    );
    expect(formatNote(gpu("L40S"), "fp8")).toBeUndefined();
    expect(formatNote(gpu("H100-SXM"), "int4")).toContain("4-bit integer");
    expect(isWeightOnly(gpu("B200-SXM"), "nvfp4")).toBe(false);
  });
});
