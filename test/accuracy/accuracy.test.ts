import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { intervalFiguresOf } from "../../accuracy/figures.ts";
import { type Committed, regressions, SUBSETS } from "../../accuracy/gate.ts";
import { anchoredMisses, formulaMisses, isSameSetting, tierMisses } from "../../accuracy/leave-one-out.ts";
import { pointsOf } from "../../accuracy/points.ts";
import { stockShare } from "../../accuracy/stock-engine.ts";
import { loadCatalog } from "../../catalog/load.ts";
import { STOCK_ENGINE_FACTOR } from "../../economics/capacity/estimate.ts";
import { TIER_ERRORS } from "../../economics/capacity/evidence.ts";

const catalog = loadCatalog();
const points = pointsOf(catalog);
const committed = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../accuracy/accuracy.json"), "utf8"),
) as Committed;

/** What an estimate may be wrong by before nobody should trust the block. */
const BARS = { A: { median: 0.06, p90: 0.18 }, B: { median: 0.09, p90: 0.35 }, C: { median: 0.15, p90: 0.4 } };
/** Bursts and engines of unstated limits are beyond the bar of the formula alone, whose interval says so. */
const BEYOND = new Set(["all C p90"]);

describe("the capacity model", () => {
  it.each(SUBSETS.flatMap((subset) => (["A", "B", "C"] as const).map((tier) => [subset, tier] as const)))(
    "keeps the bars over %s rows in tier %s, with nine of ten measurements inside their interval",
    (subset, tier) => {
      const { median, p90, bias, inside } = committed[subset][tier];
      expect(median).toBeLessThanOrEqual(BARS[tier].median);
      expect(p90 <= BARS[tier].p90 || BEYOND.has(`${subset} ${tier} p90`)).toBe(true);
      expect(Math.abs(bias)).toBeLessThanOrEqual(0.05);
      expect(inside).toBeGreaterThanOrEqual(0.88);
      expect(TIER_ERRORS[tier].median).toBeGreaterThanOrEqual(median);
      expect(TIER_ERRORS[tier].p90).toBeGreaterThanOrEqual(p90);
    },
  );

  it("says of itself what was committed over all rows", () => {
    for (const tier of ["A", "B", "C"] as const) {
      expect(TIER_ERRORS[tier].median).toBeLessThan(committed.all[tier].median + 0.02);
      expect(TIER_ERRORS[tier].p90).toBeLessThan(committed.all[tier].p90 + 0.06);
    }
  });

  it("still has the committed errors where nothing has to be fitted again", () => {
    const now = tierMisses(
      anchoredMisses(points, catalog, "setting"),
      anchoredMisses(points, catalog, "gpu"),
      formulaMisses(points, false),
    );
    for (const tier of ["A", "B"] as const) {
      const { median, p90, inside } = intervalFiguresOf(now[tier]);
      expect(median).toBeCloseTo(committed.all[tier].median, 2);
      expect(p90).toBeCloseTo(committed.all[tier].p90, 1);
      expect(inside).toBeCloseTo(committed.all[tier].inside, 1);
    }
    expect(intervalFiguresOf(now.C).median).toBeLessThanOrEqual(committed.all.C.median + 0.005);
  });

  it("refuses few of the published rows, each for a reason", () => {
    const refused = points.filter(({ reservation = "" }) =>
      ["contradictory", "copied", "impossible"].includes(reservation),
    );
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length / points.length).toBeLessThan(0.02);
  });

  it("is checked without anything measured at the same settings", () => {
    const [point] = points;
    if (point === undefined) throw new Error("no points");
    const m = point.measurement;
    const elsewhere = { ...m, version: "9.9", source: "elsewhere", variant: "tuned", outputTokensPerSecond: 1 };
    expect(isSameSetting(m, elsewhere)).toBe(true);
    expect(isSameSetting(m, { ...m, gpus: m.gpus * 2 })).toBe(false);
  });

  it("plans for no more than stock engines were seen to reach", () => {
    const { median, quarter } = stockShare(points);
    expect(STOCK_ENGINE_FACTOR).toBeLessThanOrEqual(median);
    expect(STOCK_ENGINE_FACTOR).toBeGreaterThan(quarter);
  });

  it("reports a tier that got worse by more than the tolerance, on either set of rows", () => {
    expect(regressions(committed, committed)).toEqual([]);
    for (const subset of SUBSETS) {
      const tier = committed[subset].C;
      const changed = (figures: object) =>
        regressions(committed, { ...committed, [subset]: { ...committed[subset], C: { ...tier, ...figures } } });
      const says = (text: string) => [expect.stringContaining(`${subset} rows, tier C: ${text}`)];
      expect(changed({ p90: tier.p90 + 0.03 })).toEqual(says("p90 "));
      expect(changed({ bias: tier.bias + 0.02 })).toEqual(says("bias "));
      expect(changed({ inside: tier.inside - 0.03 })).toEqual(says("inside "));
      expect(changed({ median: Number.NaN })).toEqual(says("median NaN"));
      expect(changed({ points: Math.floor(tier.points * 0.9) })).toEqual(
        says(`${Math.floor(tier.points * 0.9)} points`),
      );
    }
  });
});
