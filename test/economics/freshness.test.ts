import { describe, expect, it } from "vitest";
import { DEFAULT_FRESHNESS, freshness } from "../../economics/freshness.ts";
import { TODAY } from "./facts.ts";

const price = (date: string, usdPerMonth: number) => ({ label: `price of ${date}`, source: "list", date, usdPerMonth });

describe("freshness", () => {
  it("lists prices past the warning age, oldest first", () => {
    const { stale, isMaterial } = freshness(
      [price("2026-11-01", 100), price("2026-10-01", 50), price("2026-08-01", 2)],
      TODAY,
      DEFAULT_FRESHNESS,
    );
    expect(stale.map(({ ageDays }) => ageDays)).toEqual([112, 51]);
    expect(isMaterial).toBe(false);
  });

  it("blocks only when a material share rests on prices past the blocking age", () => {
    expect(freshness([price("2026-11-01", 96), price("2026-01-01", 4)], TODAY, DEFAULT_FRESHNESS)).toMatchObject({
      isMaterial: false,
      expiredShare: 0.04,
    });
    expect(freshness([price("2026-11-01", 94), price("2026-01-01", 6)], TODAY, DEFAULT_FRESHNESS)).toMatchObject({
      isMaterial: true,
      expiredShare: 0.06,
    });
  });

  it("distrusts a date in the future", () => {
    expect(freshness([price("2027-01-01", 10)], TODAY, DEFAULT_FRESHNESS).isMaterial).toBe(true);
  });
});
