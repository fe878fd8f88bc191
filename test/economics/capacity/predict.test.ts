import { describe, expect, it } from "vitest";
import { anchorIndex } from "../../../economics/capacity/anchors.ts";
import { type CaseText, predictCase } from "../../../economics/capacity/case.ts";
import { evidenceText } from "../../../economics/capacity/evidence.ts";
import type { Measurement } from "../../../economics/capacity/measurement.ts";
import { refusals } from "../../../economics/capacity/refusals.ts";
import { catalog } from "../facts.ts";

const row = (changes: Partial<CaseText> = {}): CaseText => ({
  engine: "vllm",
  version: "",
  model: "Llama-3.1-70B",
  precision: "fp8",
  gpu: "H200",
  gpus: "2",
  tp: "2",
  isl: "1024",
  osl: "1024",
  concurrency: "32",
  ...changes,
});
const predicted = (changes: Partial<CaseText> = {}, facts = catalog) => {
  const got = predictCase(row(changes), facts);
  if (!got.ok) throw new Error(got.reason);
  return got.value;
};
const reasonOf = (changes: Partial<CaseText>): string => {
  const got = predictCase(row(changes), catalog);
  return got.ok ? "predicted" : got.reason;
};

const measurement = (changes: Partial<Measurement> = {}): Measurement => ({
  engine: "vllm",
  version: "",
  model: "Phi-4",
  precision: "bf16",
  gpu: "H100-SXM",
  gpus: 1,
  tensorParallel: 1,
  expertParallel: false,
  inputTokens: 1024,
  outputTokens: 1024,
  load: { kind: "concurrency", clients: 32 },
  outputTokensPerSecond: 1500,
  source: "github.com/someone/benchmarks page",
  date: "2026-01",
  ...changes,
});
const withOnly = (...measurements: Measurement[]) => ({ ...catalog, anchors: anchorIndex(measurements, catalog) });
const phi = { model: "Phi-4", precision: "bf16", gpu: "H100-SXM", gpus: "1", tp: "1" };

describe("a prediction", () => {
  it("is the measurement where one was made at these settings", () => {
    const { outputTokensPerSecond, tpotSeconds, evidence } = predicted();
    expect(evidence.tier).toBe("A");
    expect(tpotSeconds * 1000).toBeCloseTo(20.35, 0);
    expect(outputTokensPerSecond).toBeCloseTo((32 * 1024) / (0.2716 + 1023 * 0.020346), -2);
  });

  it("has tier A on the same GPU, B on another, C without any measurement of the model and engine", () => {
    const alone = predicted(phi, withOnly());
    expect(alone.evidence).toMatchObject({ tier: "C", anchors: [] });
    const here = predicted(phi, withOnly(measurement()));
    expect(here.evidence.tier).toBe("A");
    expect(here.outputTokensPerSecond).toBeCloseTo(1500, 6);
    const elsewhere = predicted(phi, withOnly(measurement({ gpu: "H200-SXM" })));
    expect(elsewhere.evidence.tier).toBe("B");
    expect(predicted(phi, withOnly(measurement({ engine: "sglang" }))).evidence.tier).toBe("C");
    expect(predicted(phi, withOnly(measurement({ model: "Qwen3-14B" }))).evidence.tier).toBe("C");
  });

  it("carries a measurement to other settings by the ratio of the formula", () => {
    const facts = withOnly(measurement());
    const ratio =
      predicted({ ...phi, concurrency: "64" }, withOnly()).outputTokensPerSecond /
      predicted(phi, withOnly()).outputTokensPerSecond;
    expect(predicted({ ...phi, concurrency: "64" }, facts).outputTokensPerSecond).toBeCloseTo(1500 * ratio, 6);
  });

  it("of a fine-tune or a sibling with the same dimensions uses the same measurements", () => {
    expect(predicted({ model: "Llama-3.3-70B" }).outputTokensPerSecond).toBe(predicted().outputTokensPerSecond);
  });

  it("says in one line what it rests on", () => {
    expect(evidenceText(predicted(phi, withOnly(measurement())).evidence)).toBe(
      "tier A, error 4 % (p90 16 %), 1 point: Phi-4 on 1x H100-SXM, benchmarks 2026-01",
    );
    expect(evidenceText(predicted(phi, withOnly()).evidence)).toBe(
      "tier C, error 11 % (p90 33 %), by formula, nothing measured on this model and engine",
    );
  });
});

describe("names of benchmark tables", () => {
  it.each([
    ["Qwen/Qwen3-32B", "H100-SXM"],
    ["Qwen3-32B-FP8", "H100-SXM"],
    ["RedHatAI/Llama-3.3-70B-Instruct-FP8-dynamic", "H200-SXM5"],
    ["nvidia/Llama-3.1-8B-Instruct-NVFP4", "B200"],
    ["Qwen3-235B-A22B-Instruct-2507-FP8", "NVIDIA-H200"],
    ["llama3_1-70b-fp8_pre", "MI300X"],
  ])("%s on %s is found", (name, device) => {
    expect(reasonOf({ model: name, gpu: device, gpus: "8", tp: "8", precision: "" })).toBe("predicted");
  });
});

describe("what cannot be predicted says what would do", () => {
  it.each([
    [{ model: "Llama-9" }, 'unknown model "Llama-9"'],
    [{ gpu: "H100" }, 'unknown GPU "H100"; nearest known: H100-SXM, H100-PCIe, H100-NVL'],
    [{ engine: "ollama" }, 'engine "ollama" is not known; known: vllm, sglang, tensorrt-llm'],
    [
      { concurrency: "a lot" },
      'load "a lot" is not understood; give a number of clients, QPS=<requests/s>, or max-throughput',
    ],
    [{ osl: "" }, 'osl "" is not a number of tokens'],
    [{ tp: "3", gpus: "3" }, "64 attention heads do not divide over 3 GPUs; use one of 1, 2, 4, 8, 16, 32, 64"],
    [{ isl: "200000" }, "a context of 201024 tokens is beyond the model's 131072; use at most 131072"],
    [{ precision: "bf16", gpu: "L40S" }, "4 GPUs per replica would fit"],
  ])("%o", (changes, reason) => {
    expect(reasonOf(changes)).toContain(reason);
  });
});

describe("measurements that are no evidence", () => {
  const of = (...measurements: Measurement[]) => [...refusals(measurements, catalog).values()];

  it("are those whose publisher contradicts itself", () => {
    expect(of(measurement(), measurement({ outputTokensPerSecond: 1600 }))).toEqual([]);
    expect(
      of(
        measurement(),
        measurement({ outputTokensPerSecond: 4000 }),
        measurement({ load: { kind: "concurrency", clients: 8 } }),
      ),
    ).toEqual(["contradictory", "contradictory", "contradictory"]);
    expect(of(measurement(), measurement({ outputTokensPerSecond: 4000, source: "github.com/other/page" }))).toEqual(
      [],
    );
  });

  it("are those that no GPU could have computed", () => {
    expect(of(measurement({ inputTokens: 8000, outputTokens: 100, outputTokensPerSecond: 2000 }))).toEqual([
      "impossible",
    ]);
  });
});
