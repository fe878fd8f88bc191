import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  cacheBytesPerSequence,
  kvBytesPerTokenPerGpu,
  memoryFit,
  minGpusPerReplica,
  weightBytes,
} from "../../../economics/capacity/memory.ts";
import { PRECISIONS } from "../../../economics/serving.ts";
import { BYTES_PER_GB } from "../../../economics/units.ts";
import { catalog, gpu, model } from "../facts.ts";

const query = { gpuMemoryUtilization: 0.9, maxContextTokens: 8192 };

describe("weights", () => {
  it("of a mixture-of-experts model hold every expert, not the active ones", () => {
    const mixtral = model("Mixtral-8x7B");
    expect(weightBytes(mixtral, "bf16") / BYTES_PER_GB).toBeCloseTo(46.7 * 2 * 1.02, 0);
    expect(mixtral.activeParametersBillion).toBeLessThan(13);
    const fit = memoryFit({ ...query, model: mixtral, precision: "bf16", gpu: gpu("A100-80-SXM"), gpusPerReplica: 1 });
    expect(fit).toEqual({
      ok: false,
      reason: expect.stringMatching(/weights 88\.7 GiB.*2 GPUs per replica would fit/),
    });
  });

  it("of Llama 3.1 405B in 16 bits do not fit eight H100, in 8 bits they do", () => {
    const llama = { ...query, model: model("Llama-3.1-405B"), gpu: gpu("H100-SXM"), gpusPerReplica: 8 };
    expect(memoryFit({ ...llama, precision: "bf16" }).ok).toBe(false);
    expect(memoryFit({ ...llama, precision: "fp8" }).ok).toBe(true);
  });

  it("of DeepSeek R1 need eight H200 in 8 bits", () => {
    expect(minGpusPerReplica({ ...query, model: model("DeepSeek-R1"), precision: "fp8", gpu: gpu("H200-SXM") })).toBe(
      8,
    );
  });
});

describe("key-value cache", () => {
  it("of Llama 3.1 8B takes 128 KiB per token", () => {
    expect(kvBytesPerTokenPerGpu(model("Llama-3.1-8B"), 1)).toBe(131_072);
  });

  it("is split over tensor-parallel ranks down to one head each", () => {
    const llama = model("Llama-3.1-70B");
    expect(kvBytesPerTokenPerGpu(llama, 4)).toBe(327_680 / 4);
    expect(kvBytesPerTokenPerGpu(llama, 16)).toBe(kvBytesPerTokenPerGpu(llama, 8));
  });

  it("of multi-head latent attention is replicated on every rank", () => {
    const deepseek = model("DeepSeek-R1");
    expect(kvBytesPerTokenPerGpu(deepseek, 8)).toBe(kvBytesPerTokenPerGpu(deepseek, 1));
    expect(kvBytesPerTokenPerGpu(deepseek, 1)).toBe(70_272);
  });
});

describe("sliding windows", () => {
  const oss = model("gpt-oss-120b");
  const perToken = 2 * 8 * 64 * 2;

  it("of gpt-oss hold 128 tokens in every second layer, however long the context", () => {
    expect(cacheBytesPerSequence(oss, 1, 10_000)).toBe((18 * 10_000 + 18 * 128) * perToken);
    expect(cacheBytesPerSequence(oss, 1, 20_000) - cacheBytesPerSequence(oss, 1, 10_000)).toBe(18 * 10_000 * perToken);
  });

  it("are no shorter than the context", () => {
    expect(cacheBytesPerSequence(oss, 1, 100)).toBe(36 * 100 * perToken);
  });

  it("whose layers nobody counted are ignored, which needs more memory", () => {
    const gemma = model("Gemma-3-27B");
    expect(gemma.slidingWindowTokens).toBe(1024);
    expect(cacheBytesPerSequence(gemma, 1, 8192)).toBe(8192 * kvBytesPerTokenPerGpu(gemma, 1));
  });

  it("of layers that keep a fixed state hold nothing per token", () => {
    const qwen = model("Qwen3.5-397B-A17B");
    expect(cacheBytesPerSequence(qwen, 1, 8192)).toBe((8192 * kvBytesPerTokenPerGpu(qwen, 1) * 15) / qwen.layers);
  });
});

describe("pipeline stages", () => {
  const llama = { ...query, model: model("Llama-3.1-405B"), precision: "bf16" as const, gpu: gpu("H100-SXM") };

  it("divide weights and layers of the cache", () => {
    const staged = memoryFit({ ...llama, gpusPerReplica: 16, pipelineStages: 2 });
    const flat = memoryFit({ ...llama, gpusPerReplica: 16 });
    if (!staged.ok || !flat.ok) throw new Error("does not fit");
    expect(staged.value.weightsBytes).toBe(flat.value.weightsBytes);
    // Eight heads over eight ranks and two stages: half the layers on each GPU; sixteen ranks copy each head twice.
    expect(staged.value.kvBytesPerToken).toBe(flat.value.kvBytesPerToken / 2);
  });

  it("must divide the GPUs", () => {
    expect(memoryFit({ ...llama, gpusPerReplica: 16, pipelineStages: 3 })).toEqual({
      ok: false,
      reason: "16 GPUs and 126 layers do not divide into 3 pipeline stages; use one of 1, 2, 4, 8, 16",
    });
  });
});

describe("memory fit", () => {
  it("refuses a context beyond the model's, and heads that do not divide", () => {
    const phi = {
      ...query,
      model: model("Phi-4"),
      precision: "bf16" as const,
      gpu: gpu("H100-SXM"),
      gpusPerReplica: 1,
    };
    expect(memoryFit({ ...phi, maxContextTokens: 20_000 })).toEqual({
      ok: false,
      reason: "a context of 20000 tokens is beyond the model's 16384; use at most 16384",
    });
    expect(memoryFit({ ...phi, gpusPerReplica: 3 })).toEqual({
      ok: false,
      reason: "40 attention heads do not divide over 3 GPUs; use one of 1, 2, 4, 5, 8, 10, 20, 40",
    });
  });

  it("refuses bf16 on a GPU without it", () => {
    expect(
      memoryFit({ ...query, model: model("Llama-3.1-8B"), precision: "bf16", gpu: gpu("T4"), gpusPerReplica: 1 }),
    ).toEqual({
      ok: false,
      reason: "T4 has no bf16 arithmetic; use int8 or int4 weights, or a GPU from Ampere on",
    });
  });

  it("never gets worse with more GPUs, a smaller format or a shorter context", () => {
    const models = fc.constantFrom(...catalog.models);
    const gpus = fc.constantFrom(...catalog.gpus.filter(({ bf16Tflops }) => bf16Tflops !== undefined));
    fc.assert(
      fc.property(
        models,
        gpus,
        fc.constantFrom(...PRECISIONS),
        fc.constantFrom(1, 2, 4, 8),
        fc.integer({ min: 256, max: 8192 }),
        (candidate, device, precision, count, context) => {
          const base = {
            model: candidate,
            gpu: device,
            precision,
            gpusPerReplica: count,
            gpuMemoryUtilization: 0.9,
            maxContextTokens: context,
          };
          if (candidate.attentionHeads % (count * 2) !== 0 || !memoryFit(base).ok) return;
          expect(memoryFit({ ...base, gpusPerReplica: count * 2 }).ok).toBe(true);
          expect(memoryFit({ ...base, precision: "int4" }).ok || precision === "mxfp4").toBe(true);
          expect(memoryFit({ ...base, maxContextTokens: 256 }).ok).toBe(true);
        },
      ),
    );
  });
});
