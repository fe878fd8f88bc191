import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type CapacityQuery, estimateCapacity } from "../../../economics/capacity/estimate.ts";
import { evidenceText } from "../../../economics/capacity/evidence.ts";
import { catalog, gpu, model } from "../facts.ts";

const query = (changes: Partial<CapacityQuery> = {}): CapacityQuery => ({
  model: model("Llama-3.1-8B"),
  precision: "fp8",
  gpu: gpu("H100-SXM"),
  gpusPerReplica: 1,
  inputTokens: 1000,
  outputTokens: 200,
  maxConcurrentSequences: 256,
  gpuMemoryUtilization: 0.9,
  maxContextTokens: 8192,
  slo: { ttftMs: 2000, tpotMs: 50 },
  ...changes,
});

function medianOf(changes: Partial<CapacityQuery>): number {
  const estimate = estimateCapacity(query(changes), catalog.anchors);
  if (!estimate.ok) throw new Error(estimate.reason);
  return estimate.value.requestsPerSecond.median;
}

describe("capacity of a replica", () => {
  it("carries its tier and an interval around the median that nine of ten measurements fall into", () => {
    const estimate = estimateCapacity(query({ model: model("Llama-3.1-70B"), gpusPerReplica: 4 }), catalog.anchors);
    expect(estimate).toMatchObject({ ok: true, value: { tier: "A" } });
    if (!estimate.ok) return;
    const { pessimistic, median, optimistic } = estimate.value.requestsPerSecond;
    const { p90Error } = estimate.value;
    expect(p90Error).toBeGreaterThan(0.05);
    expect(p90Error).toBeLessThan(0.35);
    expect(pessimistic).toBeCloseTo(median / (1 + p90Error), 9);
    expect(optimistic).toBeCloseTo(median * (1 + p90Error), 9);
  });

  it("stays within a factor of two of a measured point: Llama 3.1 8B FP8, H100, vLLM 0.10, server scenario, 5,104 tokens/s", () => {
    // MLPerf Inference v5.1, closed division, Red Hat: CNN-DailyMail summaries, 128 output tokens; about 870 input tokens.
    const tokensPerSecond = medianOf({ inputTokens: 870, outputTokens: 128, slo: { ttftMs: 2000, tpotMs: 100 } }) * 128;
    expect(tokensPerSecond / 5104).toBeGreaterThan(0.5);
    expect(tokensPerSecond / 5104).toBeLessThan(2);
  });

  it("falls with longer prompts, longer answers and a larger model", () => {
    expect(medianOf({ inputTokens: 4000 })).toBeLessThan(medianOf({}));
    expect(medianOf({ outputTokens: 800 })).toBeLessThan(medianOf({}));
    expect(medianOf({ model: model("Qwen3-32B") })).toBeLessThan(medianOf({}));
  });

  it("pays for tensor parallelism over PCIe", () => {
    const l40s = { gpu: gpu("L40S"), model: model("Llama-3.1-70B"), slo: { ttftMs: 5000, tpotMs: 200 } };
    const four = medianOf({ ...l40s, gpusPerReplica: 4 });
    const eight = medianOf({ ...l40s, gpusPerReplica: 8 });
    expect(eight / four).toBeLessThan(1.9);
  });

  it("refuses targets that one sequence alone misses, and says what helps", () => {
    const slow = { model: model("Llama-3.1-405B"), gpusPerReplica: 8 };
    expect(estimateCapacity(query({ ...slow, slo: { ttftMs: 2000, tpotMs: 5 } }), catalog.anchors)).toEqual({
      ok: false,
      reason: expect.stringContaining("above the target of 5 ms"),
    });
    expect(
      estimateCapacity(query({ ...slow, inputTokens: 8000, slo: { ttftMs: 20, tpotMs: 200 } }), catalog.anchors),
    ).toEqual({
      ok: false,
      reason: expect.stringContaining("above the target of 20 ms"),
    });
  });

  it("never serves less when a latency target is relaxed", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 15, max: 200 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 50, max: 6000 }),
        (tpotMs, more, inputTokens) => {
          const tight = estimateCapacity(query({ inputTokens, slo: { ttftMs: 10_000, tpotMs } }), catalog.anchors);
          const loose = estimateCapacity(
            query({ inputTokens, slo: { ttftMs: 10_000, tpotMs: tpotMs + more } }),
            catalog.anchors,
          );
          if (tight.ok)
            expect(loose.ok && loose.value.concurrentSequences >= tight.value.concurrentSequences).toBe(true);
        },
      ),
    );
  });

  it("takes a measurement of one's own as the anchor and drops the plan factor", () => {
    const measured = {
      outputTokensPerSecond: 5000,
      inputTokens: 1000,
      outputTokens: 200,
      source: "load test 12",
      date: "2026-11-10",
    };
    const estimate = estimateCapacity(query({ measured }), catalog.anchors);
    expect(estimate).toMatchObject({ ok: true, value: { tier: "A", planFactor: 1 } });
    if (!estimate.ok) return;
    expect(estimate.value.requestsPerSecond.median).toBeCloseTo(25, 6);
    expect(evidenceText(estimate.value.evidence)).toContain("measured here, load test 12 2026-11-10");
    expect(medianOf({ measured, outputTokens: 400 })).toBeLessThan(25);
  });

  it("notes formats that are only stored and tensor parallel over PCIe", () => {
    const estimate = estimateCapacity(
      query({
        gpu: gpu("A100-80-PCIe"),
        model: model("Llama-3.1-70B"),
        gpusPerReplica: 4,
        slo: { ttftMs: 9000, tpotMs: 200 },
      }),
      catalog.anchors,
    );
    expect(estimate.ok && estimate.value.notes).toEqual([
      "A100-80-PCIe has no FP8 arithmetic: weights are stored in FP8, products run at the 16-bit rate",
      "4 GPUs over PCIe: tensor parallel beyond 2 gains little, more replicas serve more",
    ]);
  });

  it.each([
    ["a rate no replica reaches", { outputTokensPerSecond: 5e6 }, "can't be one replica's"],
    ["lengths at which the targets fail", { inputTokens: 500_000, outputTokensPerSecond: 2 }, "can't be carried to"],
  ])("refuses a measurement with %s", (_, changes, reason) => {
    const own = { outputTokensPerSecond: 900, inputTokens: 1000, outputTokens: 200, source: "x", date: "2026-11-10" };
    const estimate = estimateCapacity(query({ measured: { ...own, ...changes } }), catalog.anchors);
    expect(estimate).toMatchObject({ ok: false, reason: expect.stringContaining(reason) });
  });

  it("serves more from a prefix cache", () => {
    expect(medianOf({ prefixCacheShare: 0.8 })).toBeGreaterThan(1.1 * medianOf({}));
  });
});
