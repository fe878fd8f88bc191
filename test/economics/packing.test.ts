import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodesFor } from "../../economics/packing.ts";

/** Best fit one replica at a time, the plain way. */
function oneByOne(replicas: readonly { readonly gpus: number; readonly count: number }[], gpusPerNode: number): number {
  const free: number[] = [];
  let whole = 0;
  for (const { gpus, count } of replicas.toSorted((a, b) => b.gpus - a.gpus)) {
    for (let replica = 0; replica < count; replica++) {
      if (gpus >= gpusPerNode) {
        whole += Math.ceil(gpus / gpusPerNode);
        continue;
      }
      const fitting = free.map((left, node) => ({ left, node })).filter(({ left }) => left >= gpus);
      const fullest = fitting.toSorted((a, b) => a.left - b.left)[0];
      if (fullest === undefined) free.push(gpusPerNode - gpus);
      else free[fullest.node] = fullest.left - gpus;
    }
  }
  return whole + free.length;
}

const sizes = (...gpus: number[]) =>
  fc.array(fc.record({ gpus: fc.constantFrom(...gpus), count: fc.integer({ min: 0, max: 40 }) }), { maxLength: 6 });

describe("nodes for replicas", () => {
  it("packs small replicas beside large ones and rounds large ones up to whole nodes", () => {
    const at = (...pairs: readonly (readonly [number, number])[]) =>
      nodesFor(
        pairs.map(([gpus, count]) => ({ gpus, count })),
        8,
      );
    expect(at([4, 1], [2, 2])).toBe(1);
    expect(at([6, 2], [2, 2])).toBe(2);
    expect(at([16, 2])).toBe(4);
    expect(at()).toBe(0);
  });

  it("never wastes a GPU on replicas of a power of two", () => {
    fc.assert(
      fc.property(sizes(1, 2, 4, 8), (wanted) => {
        const gpus = wanted.reduce((sum, replica) => sum + replica.gpus * replica.count, 0);
        expect(nodesFor(wanted, 8)).toBe(Math.ceil(gpus / 8));
      }),
    );
  });

  it("is the same as placing one replica after the other", () => {
    fc.assert(
      fc.property(sizes(1, 2, 3, 4, 5, 6, 7, 8, 12), fc.integer({ min: 4, max: 16 }), (wanted, gpusPerNode) => {
        expect(nodesFor(wanted, gpusPerNode)).toBe(oneByOne(wanted, gpusPerNode));
      }),
    );
  });
});
