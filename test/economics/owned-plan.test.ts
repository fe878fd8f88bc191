import { describe, expect, it } from "vitest";
import { analyse } from "../../economics/analyse.ts";
import type { DecisionInput } from "../../economics/decide.ts";
import type { OwnedNode } from "../../economics/owned-hardware.ts";
import type { ComparedResults } from "../../economics/results.ts";
import { HOURS_PER_MONTH } from "../../economics/units.ts";
import { operations, task, terms } from "./facts.ts";
import { input, nodes } from "./plans.ts";

const node: OwnedNode = {
  purchaseUsd: 240_000,
  residualUsd: 24_000,
  lifeMonths: 36,
  watts: 8000,
  pue: 1.5,
  usdPerKwh: 0.1,
  colocationUsdPerMonth: 1000,
  spareShare: 0.5,
};
const provenance = { source: "order", date: "2026-11-01" };

/** Two owned nodes for one task that uses part of them. */
function owned(changes: Partial<DecisionInput> = {}): ComparedResults {
  const hardware = { kind: "owned", gpu: "H100-SXM", gpusPerNode: 8, node, provenance } as const;
  const results = analyse(
    input({
      items: [nodes({ hardware, minNodes: 2, maxNodes: 2 })],
      tasks: { chat: task({ requestsPerDay: 600_000 }) },
      ...changes,
    }),
    { draws: 20 },
  );
  if (!("drains" in results)) throw new Error(results.sentence);
  return results;
}

describe("owned nodes", () => {
  it("cost write-off, rent and power, and say how much of it is decay and how much idleness", () => {
    const { pools, drains } = owned();
    const perNode = 1.5 * ((240_000 - 24_000) / 36 + 1000) + 8 * 1.5 * 0.1 * HOURS_PER_MONTH;
    expect(pools[0]?.usdPerMonth).toBeCloseTo(2 * perNode, 6);
    const busy = pools[0]?.utilization ?? 0;
    expect(drains["hardware decay"]).toBeCloseTo(busy * 2 * 1.5 * 6000, 6);
    expect(drains["idle capacity"]).toBeCloseTo((1 - busy) * 2 * perNode, 6);
    expect(drains["opportunity cost"]).toBe(0);
  });

  it("tie up money that would have earned its rate", () => {
    const discounted = owned({ terms: { ...terms, discountRatePerYear: 0.1 } });
    expect(discounted.drains["opportunity cost"]).toBeGreaterThan(0);
  });

  it("are paid back in cash: set-up and purchase at the start, write-off never", () => {
    const { payback, months, pools } = owned({ terms: { ...terms, horizonMonths: 60 } });
    expect(payback.upfrontUsd).toBeCloseTo(120 * 100 + 2 * 1.5 * 240_000, 6);
    const spread = (120 * 100) / 60 + 2 * 1.5 * 6000;
    const saved = (months[0]?.stayingUsd ?? 0) - (months[0]?.owningUsd ?? 0) + spread;
    expect(pools[0]?.usdPerMonth).toBeGreaterThan(0);
    expect(payback.months).toBeCloseTo(payback.upfrontUsd / saved, 6);
    expect(owned().payback.months).toBeNull();
  });

  it("are not repriced by the market", () => {
    expect(owned().risk.distributions.find((drawn) => drawn.input === "gpuMarketPrice")?.p95).toBeCloseTo(1.2, 9);
    const uncertainty = { ...terms.uncertainty, gpuMarketPrice: 4 };
    expect(owned({ terms: { ...terms, uncertainty } }).risk.owningUsdPerMonth).toEqual(owned().risk.owningUsdPerMonth);
  });
});

describe("hidden costs of people", () => {
  it("are labour, incidents, and what the hours would have earned elsewhere", () => {
    const { drains } = owned({ operations: { ...operations, opportunityShare: 0.5 } });
    expect(drains["engineering labour"]).toBeCloseTo((120 / 12 + 20 + 5) * 100, 6);
    expect(drains["incident response"]).toBeCloseTo(10 * 100, 6);
    expect(drains["opportunity cost"]).toBeCloseTo((120 / 12 + 35) * 100 * 0.5, 6);
  });
});

describe("unit costs", () => {
  it("charge a model its pool by the GPU-hours it works, and the API what it bills", () => {
    const { models, tasks, owning } = owned({
      tasks: { chat: task({ requestsPerDay: 600_000, escalationRate: 0.1 }) },
    });
    const api = models.find(({ kind }) => kind === "api");
    // Terra takes $1 and $5 per million tokens of a request of 1,000 and 200.
    expect(api?.usdPerMillionTokens).toBeCloseTo((2000 / 1e6 / 1200) * 1e6, 6);
    expect(api?.requestsPerMonth).toBeCloseTo(600_000 * (HOURS_PER_MONTH / 24) * 0.1, 3);
    expect(models.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0)).toBeCloseTo(owning.usdPerMonth, 3);
    expect(tasks[0]?.owning.usdPerMillionTokens).toBeCloseTo(
      (owning.usdPerMonth / (600_000 * (HOURS_PER_MONTH / 24) * 1200)) * 1e6,
      6,
    );
  });

  it("count successes: a model that fails half the time is twice as dear per success", () => {
    const half = owned({
      tasks: { chat: task({ requestsPerDay: 600_000, successRate: { selfHosted: 0.5, api: 1 } }) },
    });
    const [always] = owned().tasks;
    expect(half.tasks[0]?.owning.usdPerSuccess).toBeCloseTo(2 * (always?.owning.usdPerSuccess ?? 0), 9);
    expect(half.tasks[0]?.owning.successShare).toBeCloseTo(0.5, 12);
  });
});

describe("the tornado", () => {
  it("is sorted by power and tells which inputs turn the verdict", () => {
    const { tornado, savingUsdPerMonth } = owned();
    const reach = tornado.map((bar) => Math.abs(bar.savingHighUsdPerMonth - bar.savingLowUsdPerMonth));
    expect(reach).toEqual(reach.toSorted((a, b) => b - a));
    for (const bar of tornado)
      expect(bar.flips).toBe(
        [bar.savingLowUsdPerMonth, bar.savingHighUsdPerMonth].some((saving) => saving >= 0 !== savingUsdPerMonth >= 0),
      );
    const traffic = tornado.find((bar) => bar.input === "traffic");
    expect(traffic?.savingHighUsdPerMonth).toBeGreaterThan(traffic?.savingLowUsdPerMonth ?? 0);
  });
});
