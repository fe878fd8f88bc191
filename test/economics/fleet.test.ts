import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { modelWeek, nodesFor, poolWeek } from "../../economics/fleet.ts";
import { HOURS_PER_WEEK } from "../../economics/units.ts";
import { pool, served } from "./facts.ts";

const constant = (value: number) => new Float64Array(HOURS_PER_WEEK).fill(value);

describe("nodes for replicas", () => {
  it("packs small replicas beside large ones and rounds large ones up to whole nodes", () => {
    expect(
      nodesFor(
        [
          { gpus: 4, count: 1 },
          { gpus: 2, count: 2 },
        ],
        8,
      ),
    ).toBe(1);
    expect(
      nodesFor(
        [
          { gpus: 6, count: 2 },
          { gpus: 2, count: 2 },
        ],
        8,
      ),
    ).toBe(2);
    expect(nodesFor([{ gpus: 16, count: 2 }], 8)).toBe(4);
    expect(nodesFor([], 8)).toBe(0);
  });

  it("never uses fewer GPUs than the replicas have, nor one node per replica more", () => {
    const replicas = fc.array(
      fc.record({ gpus: fc.constantFrom(1, 2, 4, 8), count: fc.integer({ min: 0, max: 12 }) }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(replicas, (wanted) => {
        const gpus = wanted.reduce((sum, replica) => sum + replica.gpus * replica.count, 0);
        // Powers of two pack without waste.
        expect(nodesFor(wanted, 8)).toBe(Math.ceil(gpus / 8));
      }),
    );
  });
});

describe("a model's week", () => {
  it("runs as many replicas as the load needs, within its bounds", () => {
    const load = constant(0);
    load.set([0.2, 1, 1.01, 3, 9]);
    const week = modelWeek(served({ minReplicas: 1, maxReplicas: 4 }), load);
    expect([...week.replicas.slice(0, 5)]).toEqual([1, 1, 2, 3, 4]);
    expect([...week.servedShare.slice(0, 4)]).toEqual([1, 1, 1, 1]);
    expect(week.servedShare[4]).toBeCloseTo(4 / 9, 12);
  });
});

describe("a pool's week", () => {
  it("pays every node of a fixed pool, busy or idle", () => {
    const idle = poolWeek(pool({ maxNodes: 3 }), [modelWeek(served(), constant(0))]);
    expect(idle.nodes.every((nodes) => nodes === 3)).toBe(true);
    expect(idle.utilization).toBe(0);
  });

  it("keeps an elastic pool's nodes one hour longer than the load needs them", () => {
    const load = constant(1);
    load[10] = 16;
    const { nodes } = poolWeek(pool({ scaling: "elastic", minNodes: 1, maxNodes: 4 }), [
      modelWeek(served({ maxReplicas: 16 }), load),
    ]);
    expect([nodes[9], nodes[10], nodes[11], nodes[12]]).toEqual([1, 2, 2, 1]);
  });

  it("measures utilisation against paid GPUs", () => {
    const { utilization } = poolWeek(pool({ maxNodes: 2 }), [modelWeek(served({ maxReplicas: 16 }), constant(4))]);
    expect(utilization).toBeCloseTo(4 / 16, 12);
  });
});
