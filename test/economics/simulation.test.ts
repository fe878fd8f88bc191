import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { breakEven } from "../../economics/break-even.ts";
import { type Compared, type DecisionInput, decide } from "../../economics/decide.ts";
import { simulateRisk } from "../../economics/risk.ts";
import { AS_PLANNED, type Scenario } from "../../economics/scenario.ts";
import type { Pool, ServedModel } from "../../economics/serving.ts";
import type { Task } from "../../economics/task.ts";
import { served, task, terms } from "./facts.ts";
import { input, nodes } from "./plans.ts";

function compared(changes: Partial<DecisionInput>): Compared {
  const decision = decide(input(changes));
  if (!("projection" in decision)) throw new Error(JSON.stringify(decision));
  return decision;
}

const share = fc.double({ min: 0, max: 1, noNaN: true });
const anyTask: fc.Arbitrary<Task> = fc
  .record({
    requestsPerDay: fc.double({ min: 10, max: 8_000_000, noNaN: true }),
    week: fc.constantFrom("flat", "business-hours", "consumer"),
    batchableShare: share,
    batchTiming: fc.constantFrom("even", "idle-hours"),
    monthlyGrowth: fc.double({ min: -0.2, max: 0.3, noNaN: true }),
    escalationRate: share,
    retryRate: share,
    successRate: fc.record({ selfHosted: share, api: share }),
    failureUsd: fc.double({ min: 0, max: 0.01, noNaN: true }),
  })
  .map((changes) => task(changes as Partial<Task>));

interface Fleet {
  readonly scaling: Pool["scaling"];
  readonly minReplicas: number;
  readonly maxNodes: number;
}
const anyFleet: fc.Arbitrary<Fleet> = fc.record({
  scaling: fc.constantFrom("fixed", "elastic"),
  minReplicas: fc.integer({ min: 0, max: 4 }),
  maxNodes: fc.integer({ min: 1, max: 6 }),
});

const onDemand = { kind: "instance", region: "us-east-1", instanceType: "p5.48xlarge", purchase: "on-demand" } as const;
const fleetOf = ({ scaling, minReplicas, maxNodes }: Fleet, models: Partial<ServedModel> = {}) => ({
  items: [nodes({ scaling, minNodes: scaling === "fixed" ? maxNodes : 0, maxNodes, hardware: onDemand })],
  models: [served({ minReplicas, maxReplicas: maxNodes * 8, ...models })],
});

const at = (changes: Partial<Scenario>): Scenario => ({ ...AS_PLANNED, ...changes });
const close = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(a)));

describe("a simulated plan", () => {
  it("loses no request: own answers, API and unserved are all there is", () => {
    fc.assert(
      fc.property(anyTask, anyFleet, fc.boolean(), (chat, fleet, isRestricted) => {
        const restricted = isRestricted ? { dataClass: "restricted" as const, apiModel: undefined } : {};
        const { projector } = compared({
          tasks: { chat: { ...chat, ...restricted } },
          ...fleetOf(fleet, { fineTuned: false }),
          terms: { ...terms, baseline: isRestricted ? "same-weights" : "current" },
        });
        const { simulation, ledger } = projector;
        projector.totals(AS_PLANNED);
        for (let month = 0; month < terms.horizonMonths; month++) {
          const [asked, own] = [simulation.demand[month] as number, ledger.selfServed[month] as number];
          expect(own).toBeGreaterThanOrEqual(0);
          expect(own).toBeLessThanOrEqual(asked * (1 + 1e-12));
          close(own, ledger.shareServed[month] as number);
          if (isRestricted) expect(ledger.apiUsd[month]).toBe(0);
          else {
            // First answers of the API cost what all requests cost, less what own replicas took.
            const available = own === 0 ? 0 : own / (simulation.shareFound[month] as number);
            const taken = available * (simulation.shareFoundUsd[month] as number);
            const first = (simulation.fallbackUsd[month] as number) - taken;
            expect(ledger.apiUsd[month] as number).toBeGreaterThanOrEqual(first * (1 - 1e-9) - 1e-9);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("serves no less with more nodes and replicas", () => {
    fc.assert(
      fc.property(anyTask, anyFleet, (chat, fleet) => {
        const few = compared({ tasks: { chat }, ...fleetOf(fleet) });
        const many = compared({ tasks: { chat }, ...fleetOf({ ...fleet, maxNodes: fleet.maxNodes + 1 }) });
        expect(many.projection.selfServedShare).toBeGreaterThanOrEqual(few.projection.selfServedShare - 1e-12);
      }),
      { numRuns: 40 },
    );
  });

  it("costs more with every price, and owning never gets cheaper from a dearer GPU or dearer people", () => {
    fc.assert(
      fc.property(
        anyTask,
        anyFleet,
        fc.constantFrom("apiPrice", "gpuPrice", "gpuMarketPrice", "peopleHours"),
        fc.double({ min: 1, max: 4, noNaN: true }),
        (chat, fleet, price, factor) => {
          const { projector } = compared({ tasks: { chat }, ...fleetOf(fleet) });
          const [now, dearer] = [projector.totals(AS_PLANNED), projector.totals(at({ [price]: factor }))];
          expect(dearer.owningUsdPerMonth).toBeGreaterThanOrEqual(now.owningUsdPerMonth * (1 - 1e-12));
          expect(dearer.stayingUsdPerMonth).toBeGreaterThanOrEqual(now.stayingUsdPerMonth * (1 - 1e-12));
          if (price !== "apiPrice")
            expect(dearer.savingUsdPerMonth).toBeLessThanOrEqual(now.savingUsdPerMonth * (1 + 1e-12) + 1e-6);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("scales its API bill with traffic", () => {
    fc.assert(
      fc.property(anyTask, fc.double({ min: 0.01, max: 100, noNaN: true }), (chat, traffic) => {
        const { projector } = compared({
          tasks: { chat },
          ...fleetOf({ scaling: "fixed", minReplicas: 1, maxNodes: 1 }),
        });
        const once = projector.totals(AS_PLANNED).stayingUsdPerMonth;
        close(projector.totals(at({ traffic })).stayingUsdPerMonth / once, traffic);
      }),
      { numRuns: 30 },
    );
  });

  it("has the cheapest baseline below the others", () => {
    fc.assert(
      fc.property(
        anyTask,
        fc.constantFrom("openai/gpt-5-nano", "openai/gpt-6.1-terra", "anthropic/claude-sonnet-5-5"),
        fc.double({ min: 0, max: 0.2, noNaN: true }),
        (chat, apiModel, discountRatePerYear) => {
          const staying = (baseline: "cheapest" | "current" | "same-weights") =>
            compared({
              tasks: { chat: { ...chat, apiModel } },
              models: [served({ fineTuned: false })],
              terms: { ...terms, baseline, discountRatePerYear },
            }).projection.stayingUsdPerMonth;
          const others = Math.min(staying("current"), staying("same-weights"));
          close(staying("cheapest"), others);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("is the same in one overflowing request as in none: both ways to add up a month agree", () => {
    // A load just below the replicas takes the short way, just above it the hourly one.
    const { projector } = compared({
      tasks: { chat: task({ week: "consumer" }) },
      models: [served({ maxReplicas: 1 })],
    });
    const full = projector.prepared.tasks[0];
    const capacity = full?.shares[0]?.capacity.requestsPerSecond.median ?? 0;
    const traffic = (capacity * 3600) / (full?.peakRequests ?? 1);
    const below = projector.totals(at({ traffic: traffic * (1 - 1e-9) }));
    const above = projector.totals(at({ traffic: traffic * (1 + 1e-9) }));
    expect(above.owningUsdPerMonth / below.owningUsdPerMonth).toBeCloseTo(1, 7);
  });

  it("breaks even where the saving changes its sign", () => {
    fc.assert(
      fc.property(anyTask, anyFleet, (chat, fleet) => {
        const { projector } = compared({ tasks: { chat }, ...fleetOf(fleet) });
        const meeting = breakEven(projector);
        if (!meeting.reached) {
          expect(meeting.bestSavingUsdPerMonth).toBeLessThan(0);
          return;
        }
        expect(projector.totals(at({ traffic: meeting.volume })).savingUsdPerMonth).toBeGreaterThanOrEqual(0);
        if (meeting.volume > 1 / 64)
          expect(projector.totals(at({ traffic: meeting.volume * (1 - 2e-3) })).savingUsdPerMonth).toBeLessThan(0);
      }),
      { numRuns: 40 },
    );
  });

  it("has interruptions and downtime cost what they send away", () => {
    const spot = (interruptionsPerMonth: number) => ({
      ...nodes({ hardware: onDemand }),
      behavior: { startMinutes: 60, interruptionsPerMonth },
    });
    const calm = compared({ items: [spot(0)] }).projection.selfServedShare;
    expect(calm).toBe(1);
    expect(compared({ items: [spot(73)] }).projection.selfServedShare).toBeCloseTo(0.9, 12);
  });
});

describe("the draws", () => {
  const { projector } = compared({ tasks: { chat: task({ requestsPerDay: 400_000, week: "consumer" }) } });

  it("are the same for a seed, and their median is near the plan where everything is linear", () => {
    const [once, again] = [
      simulateRisk(projector, { seed: 3, draws: 400 }),
      simulateRisk(projector, { seed: 3, draws: 400 }),
    ];
    expect(again).toEqual(once);
    const { stayingUsdPerMonth } = projector.totals(AS_PLANNED);
    expect(once.stayingUsdPerMonth.p50 / stayingUsdPerMonth).toBeCloseTo(1, 1);
    expect(once.savingUsdPerMonth.p10).toBeLessThan(once.savingUsdPerMonth.p50);
    expect(once.savingUsdPerMonth.p50).toBeLessThan(once.savingUsdPerMonth.p90);
  });

  it("without uncertainty are the plan itself, but for its capacity", () => {
    const none = { traffic: 0, apiPrice: 0, gpuMarketPrice: 0, peopleHours: 0 };
    const sure = compared({ terms: { ...terms, uncertainty: none } }).projector;
    const { stayingUsdPerMonth } = simulateRisk(sure, { seed: 1, draws: 50 });
    expect(stayingUsdPerMonth.p10).toBeCloseTo(stayingUsdPerMonth.p90, 9);
  });

  it("do not move prices that a contract fixes", () => {
    expect(projector.totals(at({ gpuMarketPrice: 9 }))).toEqual(projector.totals(AS_PLANNED));
    expect(projector.totals(at({ gpuPrice: 2 })).owningUsdPerMonth).toBeGreaterThan(
      projector.totals(AS_PLANNED).owningUsdPerMonth,
    );
  });
});
