import { describe, expect, it } from "vitest";
import { analyse } from "../../economics/analyse.ts";
import { sumUsd } from "../../economics/bill.ts";
import type { DecisionInput } from "../../economics/decide.ts";
import type { ComparedResults } from "../../economics/results.ts";
import { served, task } from "./facts.ts";
import { input, nodes } from "./plans.ts";

function compared(changes: Partial<DecisionInput> = {}, options = {}): ComparedResults {
  const results = analyse(input(changes), { draws: 200, ...options });
  if (results.verdict === "rent" || results.verdict === "unpriced") throw new Error(results.sentence);
  return results;
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Two tasks of which one may not leave, two models on one pool. */
const mixed: Partial<DecisionInput> = {
  tasks: {
    chat: task({ requestsPerDay: 400_000, week: "consumer", escalationRate: 0.05, failureUsd: 0.001, retryRate: 0.5 }),
    files: task({
      requestsPerDay: 50_000,
      dataClass: "restricted",
      apiModel: undefined,
      selfHosted: [{ model: "other", share: 1 }],
    }),
  },
  models: [served({ maxReplicas: 6 }), served({ name: "other", fineTuned: false, maxReplicas: 2 })],
  terms: { ...input().terms, baseline: "cheapest", discountRatePerYear: 0.1 },
};

describe("results", () => {
  it("survive JSON unchanged", () => {
    const results = compared(mixed);
    expect(JSON.parse(JSON.stringify(results))).toEqual(results);
  });

  it("are the same for the same seed and differ for another", () => {
    const [once, again, other] = [compared(mixed), compared(mixed), compared(mixed, { seed: 7 })];
    expect(again).toEqual(once);
    expect(other.risk.savingUsdPerMonth).not.toEqual(once.risk.savingUsdPerMonth);
    expect(other.savingUsdPerMonth).toBe(once.savingUsdPerMonth);
  });

  it("add up: lines to bills, drains to owning, tasks to both bills", () => {
    const results = compared(mixed);
    expect(sumUsd(results.owning.lines)).toBeCloseTo(results.owning.usdPerMonth, 6);
    expect(total(Object.values(results.drains))).toBeCloseTo(results.owning.usdPerMonth, 6);
    expect(total(results.tasks.map(({ owning }) => owning.usdPerMonth))).toBeCloseTo(results.owning.usdPerMonth, 6);
    expect(total(results.tasks.map(({ staying }) => staying.usdPerMonth))).toBeCloseTo(results.staying.usdPerMonth, 6);
    const { selfHosted, api, unserved } = results.answeredBy;
    expect(selfHosted + api + unserved).toBeCloseTo(1, 12);
    expect(total(results.risk.histogram.counts)).toBe(results.risk.draws);
  });

  it("hold today and the break-even among the points of the volume curve, where both bills meet", () => {
    const { volumeCurve, breakEven, owning } = compared();
    expect(volumeCurve.find(({ volume }) => volume === 1)?.owningUsdPerMonth).toBeCloseTo(owning.usdPerMonth, 6);
    if (!breakEven.reached) throw new Error("no break-even");
    const there = volumeCurve.find(({ volume }) => volume === breakEven.volume);
    expect((there?.owningUsdPerMonth ?? 0) / (there?.stayingUsdPerMonth ?? 1)).toBeCloseTo(1, 2);
  });

  it("never serve more than is asked, nor more than the replicas can", () => {
    for (const { demand, capacity, served } of compared(mixed).weeks) {
      served.forEach((value, hour) => {
        expect(value).toBeLessThanOrEqual((demand[hour] as number) + 1e-9);
        expect(value).toBeLessThanOrEqual((capacity[hour] as number) * (1 + 1e-9));
      });
    }
  });

  it("of a plan without GPUs are the API bill alone", () => {
    const results = analyse(input({ items: [], models: [], tasks: { chat: task({ selfHosted: [] }) } }));
    expect(results.verdict).toBe("rent");
    if (results.verdict === "rent") expect(results.staying.usdPerMonth).toBeGreaterThan(0);
  });

  it("of a plan with a gap name the gap and nothing else", () => {
    const gap = { kind: "unpriced", resource: 'rds Instance "db"', reason: "no adapter" } as const;
    expect(analyse(input({ items: [nodes(), gap] }))).toMatchObject({
      verdict: "unpriced",
      missing: [{ resource: 'rds Instance "db"' }],
    });
  });
});
