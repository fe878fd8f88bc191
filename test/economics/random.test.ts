import { describe, expect, it } from "vitest";
import { normalDraws, normalQuantile, uniform } from "../../economics/random.ts";

describe("random numbers", () => {
  it("are fixed by their seed", () => {
    const first = (seed: number) => Array.from({ length: 3 }, uniform(seed));
    expect(first(1)).toEqual(first(1));
    expect(first(1)).not.toEqual(first(2));
    expect(first(1).every((value) => value > 0 && value < 1)).toBe(true);
  });

  it("have the quantiles of the normal distribution", () => {
    expect(normalQuantile(0.5)).toBeCloseTo(0, 12);
    expect(normalQuantile(0.95)).toBeCloseTo(1.6448536269514722, 8);
    expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 8);
    expect(normalQuantile(0.999)).toBeCloseTo(3.090232306167813, 8);
  });

  it("fill every equally likely range once for each input, and inputs are not in step", () => {
    const draws = 200;
    const numbers = normalDraws(5, draws, 2);
    const column = (input: number) => Array.from({ length: draws }, (_, draw) => numbers[draw * 2 + input] as number);
    for (const input of [0, 1])
      column(input)
        .toSorted((a, b) => a - b)
        .forEach((value, rank) => {
          if (rank > 0) expect(value).toBeGreaterThanOrEqual(normalQuantile(rank / draws));
        });
    const [a, b] = [column(0), column(1)];
    const correlation = a.reduce((sum, value, draw) => sum + value * (b[draw] as number), 0) / draws;
    expect(Math.abs(correlation)).toBeLessThan(0.2);
  });
});
