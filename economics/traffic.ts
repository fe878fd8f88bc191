import type { Task, WeekShape } from "./task.ts";
import { DAYS_PER_WEEK, HOURS_PER_DAY, HOURS_PER_WEEK } from "./units.ts";

const WEEKEND_FIRST_DAY = 5;

/**
 * Relative demand by hour of the day. These are stated assumptions, not measurements: replace them by 168 measured
 * numbers as soon as there are any. Office: 80 % of a working day falls into 09:00–18:00, weekends run at a tenth.
 * Consumer: an evening peak of about 1.8 times the mean, a night trough, weekends as weekdays.
 */
const OFFICE_DAY = [1, 1, 1, 1, 1, 1, 2, 5, 12, 18, 20, 20, 16, 18, 20, 19, 17, 12, 6, 4, 3, 2, 1, 1];
const CONSUMER_DAY = [6, 4, 3, 2, 2, 3, 5, 8, 10, 11, 12, 13, 14, 13, 13, 13, 14, 15, 17, 18, 19, 18, 14, 10];
const OFFICE_WEEKEND_FACTOR = 0.1;

function hourlyWeights(shape: WeekShape): readonly number[] {
  if (typeof shape !== "string") return shape;
  return Array.from({ length: HOURS_PER_WEEK }, (_, hour) => {
    const hourOfDay = hour % HOURS_PER_DAY;
    const isWeekend = Math.floor(hour / HOURS_PER_DAY) >= WEEKEND_FIRST_DAY;
    switch (shape) {
      case "flat":
        return 1;
      case "business-hours":
        return (OFFICE_DAY[hourOfDay] as number) * (isWeekend ? OFFICE_WEEKEND_FACTOR : 1);
      case "consumer":
        return CONSUMER_DAY[hourOfDay] as number;
      default:
        return shape satisfies never;
    }
  });
}

/** Requests in each of the 168 hours of a week, Monday 00:00 UTC first; they add up to seven times `requestsPerDay`. */
export function weeklyRequests(requestsPerDay: number, shape: WeekShape): Float64Array {
  const weights = hourlyWeights(shape);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return Float64Array.from(weights, (weight) => (weight / total) * requestsPerDay * DAYS_PER_WEEK);
}

/** A task's requests per hour of the week, split into those that need an answer now and those that may wait. */
export interface HourlyDemand {
  readonly interactive: Float64Array;
  /** Deferrable requests, in the hours they are sent. */
  readonly batch: Float64Array;
}

/** Raises the lowest hours of a day to one level until `amount` is used up; what each hour gets. */
function fillValleys(day: Float64Array, amount: number): Float64Array {
  const sorted = day.toSorted();
  let level = 0;
  let below = 0;
  for (let hours = 1; hours <= sorted.length; hours++) {
    below += sorted[hours - 1] as number;
    level = (amount + below) / hours;
    if (hours === sorted.length || level <= (sorted[hours] as number)) break;
  }
  return day.map((value) => Math.max(0, level - value));
}

export function hourlyDemand(task: Task): HourlyDemand {
  const { requestsPerDay, batchableShare, batchTiming, week } = task;
  const interactive = weeklyRequests(requestsPerDay * (1 - batchableShare), week);
  const batch = weeklyRequests(requestsPerDay * batchableShare, "flat");
  if (batchTiming === "idle-hours" && batchableShare > 0) {
    for (let day = 0; day < HOURS_PER_WEEK; day += HOURS_PER_DAY)
      batch.set(fillValleys(interactive.subarray(day, day + HOURS_PER_DAY), requestsPerDay * batchableShare), day);
  }
  return { interactive, batch };
}

/** Growth of a task's traffic by the start of month `month` (0 is today). */
export const growthFactor = (task: Task, month: number): number => (1 + task.monthlyGrowth) ** month;
