import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sumUsd } from "../../economics/bill.ts";
import { breakEven } from "../../economics/break-even.ts";
import { type Compared, type DecisionInput, decide, verdictOf } from "../../economics/decide.ts";
import { HOURS_PER_MONTH } from "../../economics/units.ts";
import { operations, served, task, terms } from "./facts.ts";
import { input, nodes, service } from "./plans.ts";

function compared(changes: Partial<DecisionInput> = {}): Compared {
  const decision = decide(input(changes));
  if (!("projection" in decision)) throw new Error(JSON.stringify(decision));
  return decision;
}

const lineUsd = (decision: Compared, label: RegExp): number =>
  sumUsd(decision.projection.owning.filter((line) => label.test(line.label)));

describe("both bills", () => {
  it("agree with arithmetic by hand", () => {
    const decision = compared();
    const requests = 600_000 * (HOURS_PER_MONTH / 24);
    expect(decision.projection.stayingUsdPerMonth).toBeCloseTo(requests * ((1000 * 1 + 200 * 5) / 1e6), 4);
    expect(lineUsd(decision, /^pool gpus/)).toBeCloseTo(34.6752 * HOURS_PER_MONTH, 6);
    expect(lineUsd(decision, /control plane/)).toBeCloseTo(73, 9);
    expect(lineUsd(decision, /set-up/)).toBeCloseTo((120 * 100) / 12, 9);
    expect(lineUsd(decision, /h\/month/)).toBeCloseTo(35 * 100, 9);
    expect(sumUsd(decision.projection.owning)).toBeCloseTo(decision.projection.owningUsdPerMonth, 6);
  });

  it("send to the API what the models do not take, what escalates, what overflows and what falls into downtime", () => {
    const half = task({ requestsPerDay: 600_000, selfHosted: [{ model: "small", share: 0.5 }] });
    const price = 2000 / 1e6;
    const requests = 600_000 * (HOURS_PER_MONTH / 24);
    expect(lineUsd(compared({ tasks: { chat: half } }), /^API/)).toBeCloseTo(requests * 0.5 * price, 3);
    const escalating = task({ requestsPerDay: 600_000, escalationRate: 0.1 });
    expect(lineUsd(compared({ tasks: { chat: escalating } }), /^API/)).toBeCloseTo(requests * 0.1 * price, 3);
    const down = compared({ operations: { ...operations, availability: 0.98 } });
    expect(lineUsd(down, /^API/)).toBeCloseTo(requests * 0.02 * price, 3);
    const flooded = compared({ tasks: { chat: task({ requestsPerDay: 60_000_000 }) } });
    expect(flooded.projection.selfServedShare).toBeLessThan(0.5);
    expect(lineUsd(flooded, /^API/)).toBeGreaterThan(flooded.projection.stayingUsdPerMonth / 2);
  });

  it("grow with traffic and shrink with API prices over the horizon", () => {
    const growing = compared({ tasks: { chat: task({ requestsPerDay: 100_000, monthlyGrowth: 0.1 }) } });
    const last = growing.projection.months.at(-1)?.stayingUsd ?? 0;
    expect(last / (growing.projection.months[0]?.stayingUsd ?? 1)).toBeCloseTo(1.1 ** 11, 6);
    const declining = compared({ terms: { ...terms, horizonMonths: 13, apiPriceDeclinePerYear: 0.3 } });
    expect(
      (declining.projection.months[12]?.stayingUsd ?? 0) / (declining.projection.months[0]?.stayingUsd ?? 1),
    ).toBeCloseTo(0.7, 6);
  });

  it("charge failures on both sides", () => {
    const failing = task({ requestsPerDay: 600_000, failureUsd: 0.01, successRate: { selfHosted: 0.9, api: 0.95 } });
    const { projection } = compared({ tasks: { chat: failing } });
    const requests = 600_000 * (HOURS_PER_MONTH / 24);
    expect(sumUsd(projection.owning.filter(({ category }) => category === "failures"))).toBeCloseTo(
      requests * 0.1 * 0.01,
      2,
    );
    expect(sumUsd(projection.staying.filter(({ category }) => category === "failures"))).toBeCloseTo(
      requests * 0.05 * 0.01,
      2,
    );
  });

  it("charge traffic once, however many gateways share it", () => {
    const nat = {
      kind: "usage",
      resource: "nat",
      label: "NAT gateway data",
      sku: "nat-gateway-gb",
      region: "us-east-1",
      driver: "client",
      unitsEach: 1,
    } as const;
    const one = lineUsd(compared({ items: [nodes(), nat] }), /^traffic/);
    expect(one).toBeGreaterThan(0);
    expect(lineUsd(compared({ items: [nodes(), nat, { ...nat, resource: "another" }] }), /^traffic/)).toBeCloseTo(
      one,
      9,
    );
  });

  it("count restricted requests that find no replica as unserved, never as served by an API", () => {
    const restricted = task({ requestsPerDay: 60_000_000, dataClass: "restricted", apiModel: undefined });
    const { projection } = compared({
      tasks: { chat: restricted },
      models: [served({ fineTuned: false })],
      terms: { ...terms, baseline: "cheapest" },
    });
    expect(projection.unservedShare).toBeGreaterThan(0.5);
    expect(projection.owning.some(({ category }) => category === "api")).toBe(false);
  });
});

describe("a decision", () => {
  it("rents when the plan has no GPUs", () => {
    const decision = decide(input({ items: [], models: [], tasks: { chat: task({ selfHosted: [] }) } }));
    expect(decision.kind).toBe("rent");
  });

  it("counts GPUs that serve nothing", () => {
    const decision = decide(
      input({ items: [nodes({ pool: undefined })], models: [], tasks: { chat: task({ selfHosted: [] }) } }),
    );
    expect(decision).toMatchObject({ kind: "block", projection: { utilization: 0 } });
  });

  it("is withheld when anything has no price, whatever the rest costs", () => {
    const gap = { kind: "unpriced", resource: 'rds Instance "db"', reason: "no adapter" } as const;
    expect(decide(input({ items: [nodes(), gap] }))).toMatchObject({
      kind: "unpriced",
      missing: [{ resource: 'rds Instance "db"' }],
    });
    expect(
      decide(
        input({
          items: [
            nodes({
              hardware: { kind: "instance", region: "us-east-1", instanceType: "p9.huge", purchase: "on-demand" },
            }),
          ],
        }),
      ).kind,
    ).toBe("unpriced");
    expect(decide(input({ items: [nodes(), service("magic", "no-such-sku", 1)] })).kind).toBe("unpriced");
  });

  it("needs the end of the interval that the terms name", () => {
    const saving = { pessimistic: -5, median: -1, optimistic: 3 };
    expect(verdictOf(saving, "optimistic")).toBe("marginal");
    expect(verdictOf(saving, "median")).toBe("block");
    expect(verdictOf({ pessimistic: -5, median: 1, optimistic: 3 }, "median")).toBe("marginal");
    expect(verdictOf({ pessimistic: 1, median: 2, optimistic: 3 }, "pessimistic")).toBe("pass");
    expect(verdictOf({ pessimistic: -3, median: -2, optimistic: -1 }, "optimistic")).toBe("block");
  });

  it("finds the break-even volume: there both bills meet", () => {
    const decision = compared({ tasks: { chat: task({ requestsPerDay: 200_000 }) } });
    expect(decision.kind).toBe("block");
    const meeting = breakEven(decision.projector);
    if (!meeting.reached) throw new Error("no break-even");
    const there = compared({ tasks: { chat: task({ requestsPerDay: 200_000 * meeting.volume }) } });
    expect(Math.abs(there.saving.median) / there.projection.owningUsdPerMonth).toBeLessThan(2e-3);
  });

  it("says when no volume breaks even", () => {
    const cheap = task({ requestsPerDay: 600_000, apiModel: "openai/gpt-5-nano" });
    expect(breakEven(compared({ tasks: { chat: cheap } }).projector)).toMatchObject({ reached: false });
  });

  it("never improves when node prices rise or API prices fall", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10_000, max: 2_000_000 }),
        fc.double({ min: 0.01, max: 0.8, noNaN: true }),
        (requestsPerDay, discount) => {
          const tasks = { chat: task({ requestsPerDay }) };
          const base = compared({ tasks }).saving.median;
          expect(compared({ tasks, terms: { ...terms, apiDiscount: discount } }).saving.median).toBeLessThan(base);
          const onDemand = nodes({
            hardware: { kind: "instance", region: "us-east-1", instanceType: "p5.48xlarge", purchase: "on-demand" },
          });
          expect(compared({ tasks, items: [onDemand] }).saving.median).toBeLessThan(base);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("is the same for the same input", () => {
    expect(JSON.stringify(decide(input()))).toBe(JSON.stringify(decide(input())));
  });
});
