import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { WEEK_SHAPES } from "../../economics/task.ts";
import { hourlyDemand, weeklyRequests } from "../../economics/traffic.ts";
import { HOURS_PER_WEEK } from "../../economics/units.ts";
import { task } from "./facts.ts";

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

describe("weekly requests", () => {
  it.each(WEEK_SHAPES)("of shape %s add up to seven days", (shape) => {
    const week = weeklyRequests(1000, shape);
    expect(week).toHaveLength(HOURS_PER_WEEK);
    expect(sum(week)).toBeCloseTo(7000, 6);
  });

  it("follow 168 measured weights whatever their scale", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 168, maxLength: 168 }),
        fc.double({ min: 1, max: 1e9, noNaN: true }),
        (weights, perDay) => {
          const week = weeklyRequests(perDay, weights);
          const scaled = weeklyRequests(
            perDay,
            weights.map((weight) => weight * 3),
          );
          expect(sum(week) / (perDay * 7)).toBeCloseTo(1, 9);
          expect(week.every((value, hour) => Math.abs(value - (scaled[hour] as number)) <= 1e-9 * perDay * 7)).toBe(
            true,
          );
        },
      ),
    );
  });

  it("of an office peak on weekdays and rest on Sunday nights", () => {
    const week = weeklyRequests(1000, "business-hours");
    const tuesdayTen = week[24 + 10] as number;
    const sundayTen = week[6 * 24 + 10] as number;
    expect(tuesdayTen / sundayTen).toBeCloseTo(10, 6);
  });

  it("spread what may wait evenly", () => {
    const { interactive, batch } = hourlyDemand(task({ batchableShare: 0.25, week: "consumer", requestsPerDay: 2400 }));
    expect(new Set(batch.map((value) => Number(value.toFixed(9)))).size).toBe(1);
    expect(batch[0]).toBeCloseTo(25, 9);
    expect(sum(interactive)).toBeCloseTo(2400 * 7 * 0.75, 6);
  });

  it("send what may wait in the idle hours of its day when told so, and lose none of it", () => {
    const { interactive, batch } = hourlyDemand(
      task({ batchableShare: 0.25, batchTiming: "idle-hours", week: "consumer", requestsPerDay: 2400 }),
    );
    const together = interactive.map((value, hour) => value + (batch[hour] as number));
    expect(sum(batch)).toBeCloseTo(2400 * 7 * 0.25, 6);
    for (let day = 0; day < HOURS_PER_WEEK; day += 24)
      expect(sum(batch.slice(day, day + 24))).toBeCloseTo(2400 * 0.25, 6);
    expect(Math.max(...together)).toBeLessThanOrEqual(Math.max(...interactive) + 1e-9);
    const level = Math.min(...together);
    batch.forEach((value, hour) => {
      if (value > 0) expect(together[hour]).toBeCloseTo(level, 6);
    });
  });
});
