import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compared, type Figure, figure, notComputable, type Range, tally } from "../../claims/claim.ts";

const words = { published: "p", ours: "o", reason: "r" };
const range = fc
  .tuple(fc.double({ min: 0.01, max: 1e6, noNaN: true }), fc.double({ min: 1, max: 10, noNaN: true }))
  .map(([low, factor]): Range => [low, low * factor]);

describe("a figure", () => {
  it("holds when both ranges meet, whichever is the published one", () => {
    fc.assert(
      fc.property(range, range, (a, b) => {
        const meets = a[1] >= b[0] && b[1] >= a[0];
        expect(figure("x", "USD", a, b, 0).holds).toBe(meets);
        expect(figure("x", "USD", b, a, 0).holds).toBe(meets);
      }),
    );
  });

  it("that holds still holds with more tolerance", () => {
    const tolerance = fc.double({ min: 0, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(range, range, tolerance, tolerance, (a, b, t, more) => {
        if (figure("x", "USD", a, b, t).holds) expect(figure("x", "USD", a, b, t + more).holds).toBe(true);
      }),
    );
  });

  it("without anything to compare with holds nothing", () => {
    expect(figure("x", "USD", 3.5, undefined)).toEqual({ what: "x", unit: "USD", published: [3.5, 3.5] });
  });
});

describe("a finding", () => {
  const yes = figure("x", "USD", 1, 1);
  const no = figure("x", "USD", 1, 2);
  const open = figure("x", "USD", 1, undefined);

  it.each<[string, Figure[]]>([
    ["reproduced", [yes, yes]],
    ["reproduced", [yes, open]],
    ["not reproduced", [yes, no]],
    ["not reproduced", [no, open]],
    ["not computable", [open]],
    ["not computable", []],
  ])("is %s by its figures alone", (status, figures) => {
    expect(compared(figures, words)).toEqual({ status, ...words, figures });
  });

  it("counts only what was compared", () => {
    expect(tally([yes, no, open])).toBe("1 of 2");
  });

  it("of a claim without numbers has none", () => {
    expect(notComputable("why")).toEqual({
      status: "not computable",
      published: "–",
      ours: "–",
      reason: "why",
      figures: [],
    });
  });
});
