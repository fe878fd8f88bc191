import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { POOL_BEHAVIOR } from "../../economics/assumptions.ts";
import { elasticWeek, emptyWeek, fixedWeek, holdNodes, uninterruptedShare } from "../../economics/fleet.ts";
import { HOURS_PER_MONTH, HOURS_PER_WEEK } from "../../economics/units.ts";

const behavior = { ...POOL_BEHAVIOR, startMinutes: 15, coolDownMinutes: 30 };

function elastic(loads: readonly number[], minReplicas: number, maxReplicas: number, arrivals = 1e6) {
  const week = emptyWeek();
  week.load.set(loads);
  elasticWeek(week, { minReplicas, maxReplicas }, behavior, () => arrivals);
  return week;
}

describe("replicas that follow the load", () => {
  it("stay within their bounds and answer only after their start", () => {
    const { replicas, servedShare } = elastic([0.2, 1, 1.01, 3, 9], 1, 4);
    expect([...replicas.slice(0, 5)]).toEqual([1, 1, 2, 3, 4]);
    expect([...servedShare.slice(0, 2)]).toEqual([1, 1]);
    // A quarter of the hour with the one replica of the hour before, then two.
    expect(servedShare[2]).toBeCloseTo((0.25 * 1 + 0.75 * 1.01) / 1.01, 12);
    expect(servedShare[4]).toBeCloseTo((0.25 * 3 + 0.75 * 4) / 9, 12);
  });

  it("sleep when nobody asks and lose the requests of each cold start", () => {
    const rare = elastic(new Array(HOURS_PER_WEEK).fill(1e-4), 0, 2, 0.1);
    const awake = 0.1 * 0.25 + Math.exp(0.1 * 0.5);
    expect(rare.replicas[7]).toBeCloseTo(1 - 1 / awake, 12);
    expect(rare.servedShare[7]).toBeCloseTo(1 - (1 + 0.1 * 0.25) / awake, 12);
    const silent = elastic(new Array(HOURS_PER_WEEK).fill(0), 0, 2, 0);
    expect(silent.replicas.every((count) => count === 0)).toBe(true);
    const busy = elastic(new Array(HOURS_PER_WEEK).fill(0.5), 0, 2, 1000);
    expect(busy.replicas[7]).toBe(1);
    expect(busy.servedShare[7]).toBe(1);
  });

  it("serve no more than one replica can where there is but one that may sleep", () => {
    const { servedShare } = elastic(new Array(HOURS_PER_WEEK).fill(10), 0, 1, 10);
    const found = 1 - (1 + 10 * 0.25) / (10 * 0.25 + Math.exp(10 * 0.5));
    expect(servedShare[7]).toBeCloseTo(found / 10, 12);
  });

  it("serve no more than they are asked and no less with more replicas", () => {
    const loads = fc.array(fc.double({ min: 0, max: 40, noNaN: true }), {
      minLength: HOURS_PER_WEEK,
      maxLength: HOURS_PER_WEEK,
    });
    fc.assert(
      fc.property(loads, fc.nat(10), fc.nat(10), (load, few, more) => {
        const [less, all] = [elastic(load, 1, 1 + few), elastic(load, 1, 1 + few + more)];
        for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
          expect(less.servedShare[hour]).toBeGreaterThanOrEqual(0);
          expect(all.servedShare[hour]).toBeLessThanOrEqual(1);
          expect(all.servedShare[hour] as number).toBeGreaterThanOrEqual((less.servedShare[hour] as number) - 1e-12);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("replicas that nothing scales", () => {
  it("all run and turn away what is beyond them", () => {
    const week = emptyWeek();
    week.load.set([0, 2, 8]);
    fixedWeek(week, 4);
    expect([...week.replicas.slice(0, 3)]).toEqual([4, 4, 4]);
    expect([...week.servedShare.slice(0, 3)]).toEqual([1, 1, 0.5]);
  });
});

describe("nodes that are paid", () => {
  const paid = (needed: readonly number[], coolDownMinutes: number) => {
    const [from, to] = [new Float64Array(HOURS_PER_WEEK), new Float64Array(HOURS_PER_WEEK)];
    from.set(needed);
    holdNodes(from, to, { minNodes: 0, maxNodes: 3, behavior: { ...behavior, coolDownMinutes } });
    return [...to.slice(0, 6)];
  };

  it("stay for the cool-down", () => {
    expect(paid([1, 3, 1, 1, 1, 1], 0)).toEqual([1, 3, 1, 1, 1, 1]);
    expect(paid([1, 3, 1, 1, 1, 1], 30)).toEqual([1, 3, 2, 1, 1, 1]);
    expect(paid([1, 3, 1, 1, 1, 1], 60)).toEqual([1, 3, 3, 1, 1, 1]);
    expect(paid([1, 3, 1, 1, 1, 1], 90)).toEqual([1, 3, 3, 2, 1, 1]);
  });

  it("answer except while an interrupted one starts again", () => {
    const share = uninterruptedShare({ startMinutes: 30, coolDownMinutes: 0, interruptionsPerMonth: 2 });
    expect(share).toBeCloseTo(1 - 1 / HOURS_PER_MONTH, 12);
  });
});
