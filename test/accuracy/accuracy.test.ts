import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { figuresOf, logsOf } from "../../accuracy/figures.ts";
import { anchoredMisses, formulaMisses, isSameSetting } from "../../accuracy/leave-one-out.ts";
import { pointsOf } from "../../accuracy/points.ts";
import { regressions } from "../../accuracy/run.ts";
import { loadCatalog } from "../../catalog/load.ts";
import { TIER_ERRORS } from "../../economics/capacity/evidence.ts";

const catalog = loadCatalog();
const points = pointsOf(catalog).filter(({ reservation }) => reservation === undefined);
const committed = JSON.parse(readFileSync(join(import.meta.dirname, "../../accuracy/accuracy.json"), "utf8"));

/** What an estimate may be wrong by before nobody should trust the block. */
const BARS = { A: { median: 0.06, p90: 0.18 }, B: { median: 0.09, p90: 0.35 }, C: { median: 0.15, p90: 0.4 } };

describe("the capacity model", () => {
  it.each(["A", "B", "C"] as const)("keeps the bars of tier %s, and what estimates say of it", (tier) => {
    const { median, p90, bias } = committed[tier];
    expect(median).toBeLessThanOrEqual(BARS[tier].median);
    expect(p90).toBeLessThanOrEqual(BARS[tier].p90);
    expect(Math.abs(bias)).toBeLessThanOrEqual(0.05);
    expect(TIER_ERRORS[tier].median).toBeCloseTo(median, 1);
    expect(TIER_ERRORS[tier].median).toBeGreaterThanOrEqual(median);
    expect(TIER_ERRORS[tier].p90).toBeGreaterThanOrEqual(p90);
    expect(TIER_ERRORS[tier].p90).toBeLessThan(p90 + 0.06);
  });

  it("still has the committed errors where nothing has to be fitted again", () => {
    for (const tier of ["A", "B"] as const) {
      const { median, p90 } = figuresOf(logsOf(anchoredMisses(points, catalog, tier), "throughput"));
      expect(median).toBeCloseTo(committed[tier].median, 2);
      expect(p90).toBeCloseTo(committed[tier].p90, 1);
    }
    const inSample = figuresOf(logsOf(formulaMisses(points, false), "throughput"));
    expect(inSample.median).toBeLessThanOrEqual(committed.C.median);
  });

  it("is checked without anything measured at the same settings", () => {
    const [point] = points;
    if (point === undefined) throw new Error("no points");
    const m = point.measurement;
    expect(isSameSetting(m, { ...m, version: "9.9", source: "elsewhere", outputTokensPerSecond: 1 })).toBe(true);
    expect(isSameSetting(m, { ...m, gpus: m.gpus * 2 })).toBe(false);
  });

  it("reports a tier that got worse by more than the tolerance", () => {
    const worse = { ...committed, A: { ...committed.A, p90: committed.A.p90 + 0.03 } };
    expect(regressions(committed, committed)).toEqual([]);
    expect(regressions(committed, worse)).toEqual([expect.stringMatching(/^tier A: p90 /)]);
    const changed = (figures: object) => regressions(committed, { ...committed, C: { ...committed.C, ...figures } });
    expect(changed({ bias: -committed.C.bias })).toEqual([expect.stringMatching(/^tier C: bias /)]);
    expect(changed({ median: Number.NaN })).toEqual([expect.stringMatching(/^tier C: median NaN/)]);
    expect(changed({ points: committed.C.points - 1 })).toEqual([expect.stringMatching(/^tier C: \d+ points/)]);
  });
});
