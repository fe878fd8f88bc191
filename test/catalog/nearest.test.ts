import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editDistance, nearestNames } from "../../catalog/nearest.ts";

const nearest = (query: string, names: readonly string[]) =>
  nearestNames(
    query,
    names.map((name) => [name]),
  );

describe("nearest names", () => {
  it("put names that continue the query first, in the given order", () => {
    expect(nearest("h100", ["A100", "H100-SXM", "H100-PCIe", "H200-SXM"])).toEqual(["H100-SXM", "H100-PCIe", "A100"]);
  });

  it("put the more specific beginning first where the query continues names", () => {
    expect(nearest("L40S-48GB", ["L4", "L40S"])).toEqual(["L40S", "L4"]);
  });

  it("prefer the longer common beginning among equal typing errors", () => {
    expect(nearest("p5.24xlarge", ["g5.24xlarge", "p5.4xlarge"])).toEqual(["p5.4xlarge", "g5.24xlarge"]);
  });

  it("match any name of a thing and show its first", () => {
    expect(nearestNames("tesla", [["T4", "Tesla-T4"], ["L4"]])).toEqual(["T4"]);
  });

  it("are none where nothing is near, and three at most", () => {
    expect(nearest("mainframe", ["T4", "L40S"])).toEqual([]);
    expect(nearest("a", ["a1", "a2", "a3", "a4"])).toEqual(["a1", "a2", "a3"]);
  });
});

describe("edit distance", () => {
  it("counts insertions, deletions and replacements", () => {
    expect([editDistance("kitten", "sitting"), editDistance("", "abc"), editDistance("abc", "abc")]).toEqual([3, 3, 0]);
  });

  it("is symmetric, bounded by the longer word, and zero for equal words alone", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance === 0).toBe(a === b);
      }),
    );
  });
});
