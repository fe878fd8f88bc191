import { DAYS_PER_WEEK, HOURS_PER_DAY, HOURS_PER_WEEK, SECONDS_PER_HOUR } from "./units.ts";

/** 1970-01-01 was a Thursday; weeks here start on Monday. */
const EPOCH_HOUR_OF_WEEK = 3 * HOURS_PER_DAY;

/** What one hour of a task held. */
export interface TaskHour {
  /** Requests that got an answer, by who gave it first. */
  readonly own: number;
  readonly api: number;
  /** Answers asked again on the API. */
  readonly again: number;
  /** Requests that got no answer. */
  readonly failed: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
}

/** Traffic of one task as it was, in the words of the config. */
export interface MeasuredTask {
  readonly requestsPerDay: number;
  readonly inputTokensPerRequest: number;
  readonly outputTokensPerRequest: number;
  /** Share of input tokens that was cached, where it was told; 0 to 1. */
  readonly cachedInputShare: number;
  /** Mean requests in each hour of the week, Monday 00:00 UTC first; they add up to seven times `requestsPerDay`. */
  readonly week: readonly number[];
  /** Share of the requests the API answered first; 0 to 1. */
  readonly apiShare: number;
  /** Share of own answers that were asked again on the API; 0 to 1. */
  readonly escalationRate: number;
  /** Share of the requests that got an answer at all; 0 to 1. Whether it did its job is not measured here. */
  readonly answeredShare: number;
}

export const hourOfWeek = (unixSeconds: number): number =>
  (Math.floor(unixSeconds / SECONDS_PER_HOUR) + EPOCH_HOUR_OF_WEEK) % HOURS_PER_WEEK;

/**
 * Sums up the covered hours of a task; keys are Unix seconds of the hour's start. Each hour of the week counts by its own
 * mean, so that a gap at night does not make the days busier. Undefined where an hour of the week was never covered, or
 * the task had no traffic.
 */
export function measuredTask(hours: ReadonlyMap<number, TaskHour>): MeasuredTask | undefined {
  const sums = new Float64Array(HOURS_PER_WEEK);
  const counts = new Float64Array(HOURS_PER_WEEK);
  const total = { own: 0, api: 0, again: 0, failed: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 };
  for (const [start, hour] of hours) {
    const slot = hourOfWeek(start);
    sums[slot] = (sums[slot] as number) + hour.own + hour.api + hour.failed;
    counts[slot] = (counts[slot] as number) + 1;
    for (const key of Object.keys(total) as (keyof TaskHour)[]) total[key] += hour[key];
  }
  const answers = total.own + total.api;
  const requests = answers + total.failed;
  if (answers === 0 || counts.some((count) => count === 0)) return undefined;
  const week = Array.from(sums, (sum, slot) => sum / (counts[slot] as number));
  return {
    requestsPerDay: week.reduce((sum, value) => sum + value, 0) / DAYS_PER_WEEK,
    inputTokensPerRequest: total.inputTokens / (answers + total.again),
    outputTokensPerRequest: total.outputTokens / (answers + total.again),
    cachedInputShare: total.inputTokens === 0 ? 0 : total.cachedInputTokens / total.inputTokens,
    week,
    apiShare: total.api / answers,
    escalationRate: total.own === 0 ? 0 : Math.min(1, total.again / total.own),
    answeredShare: answers / requests,
  };
}
