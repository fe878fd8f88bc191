import { describe, expect, it } from "vitest";
import { evidenceText } from "../../../economics/capacity/evidence.ts";
import type { Measurement } from "../../../economics/capacity/measurement.ts";
import { refusals } from "../../../economics/capacity/refusals.ts";
import { catalog } from "../facts.ts";
import { measurement, phi, predicted, withOnly } from "./cases.ts";

describe("measurements that are no evidence", () => {
  const of = (...measurements: Measurement[]) => [...refusals(measurements, catalog).values()];

  it("are those whose source contradicts itself, and no others of that source", () => {
    expect(of(measurement(), measurement({ outputTokensPerSecond: 1600 }))).toEqual([]);
    expect(
      of(
        measurement(),
        measurement({ outputTokensPerSecond: 4000 }),
        measurement({ load: { kind: "concurrency", clients: 8 } }),
      ),
    ).toEqual(["contradictory", "contradictory"]);
    expect(of(measurement(), measurement({ outputTokensPerSecond: 4000, source: "github.com/other/page" }))).toEqual(
      [],
    );
  });

  it("are not those whose flags or parallelism differ, as far as the source says", () => {
    expect(of(measurement(), measurement({ outputTokensPerSecond: 4000, variant: "TP4+EP4" }))).toEqual([]);
    expect(of(measurement(), measurement({ outputTokensPerSecond: 4000, pipelineStages: 2 }))).toEqual([]);
  });

  it("are those that stand under two GPUs with the same times", () => {
    const timed = { ttftMs: 100, tpotMs: 20 };
    expect(of(measurement(timed), measurement({ ...timed, gpu: "A100-80-SXM" }))).toEqual(["copied", "copied"]);
    expect(of(measurement(), measurement({ gpu: "A100-80-SXM" }))).toEqual([]);
  });

  it("are those that no GPU could have computed, and the rest of their series", () => {
    const cached = measurement({ inputTokens: 8000, outputTokens: 100, outputTokensPerSecond: 2000 });
    expect(of(cached, measurement())).toEqual(["impossible", "impossible"]);
    expect(of(cached, measurement({ version: "0.9" }))).toEqual(["impossible"]);
  });

  it("widen the interval of what they would have said something about", () => {
    const cached = measurement({ inputTokens: 8000, outputTokens: 100, outputTokensPerSecond: 2000 });
    const elsewhere = measurement({ gpu: "H200-SXM" });
    const [widened, plain] = [predicted(phi, withOnly(elsewhere, cached)), predicted(phi, withOnly(elsewhere))];
    expect(widened.evidence.p90Error).toBeGreaterThan(plain.evidence.p90Error);
    expect(widened.evidence.tier).toBe("C");
    expect(evidenceText(widened.evidence)).toMatch(/, nearer ones refused$/);
  });
});
