export const DATA_CLASSES = ["public", "internal", "restricted"] as const;
/** `restricted` data never leaves the stack: no external API, not even as a fallback. */
export type DataClass = (typeof DATA_CLASSES)[number];

export const WEEK_SHAPES = ["flat", "business-hours", "consumer"] as const;
/** How a week's requests spread over its 168 hours, Monday 00:00 UTC first: a named shape, or 168 weights of any scale. */
export type WeekShape = (typeof WEEK_SHAPES)[number] | readonly number[];

export const BATCH_TIMINGS = ["even", "idle-hours"] as const;
/**
 * When requests that may wait are sent: evenly over the week, or within their day in the hours with the fewest interactive
 * requests of the task, as batch APIs promise an answer within a day.
 */
export type BatchTiming = (typeof BATCH_TIMINGS)[number];

/** Part of a task's requests that one self-hosted model answers first. */
export interface ModelShare {
  readonly model: string;
  /** 0 to 1; the shares of a task add up to at most 1, the rest goes to the API model. */
  readonly share: number;
}

/** Proof that the declared volume exists. */
export interface TrafficEvidence {
  readonly measuredDays: number;
  readonly source: string;
  readonly date: string;
}

/** One feature of the user's product that calls a language model, e.g. `support-chat`. */
export interface Task {
  readonly requestsPerDay: number;
  readonly inputTokensPerRequest: number;
  readonly outputTokensPerRequest: number;
  /** Share of input tokens the API bills at its cached-input price. */
  readonly cachedInputShare: number;
  /** Share of input tokens a replica of our own finds in its prefix cache. */
  readonly prefixCacheShare: number;
  /** Share of requests that may wait: they have the batch price on the API. */
  readonly batchableShare: number;
  readonly batchTiming: BatchTiming;
  readonly week: WeekShape;
  /** Fraction per month, e.g. 0.05. */
  readonly monthlyGrowth: number;
  readonly dataClass: DataClass;
  /** Catalogue name of the API model in use today, `provider/model`. */
  readonly apiModel?: string | undefined;
  readonly selfHosted: readonly ModelShare[];
  /** Share of self-hosted answers that are asked again on the API model. */
  readonly escalationRate: number;
  /** Share of answers that do their job, on own hardware and on the API. */
  readonly successRate: { readonly selfHosted: number; readonly api: number };
  /** What one failed answer costs the business, US dollars. */
  readonly failureUsd: number;
  /** Share of failed answers that are asked once more: on the API model where one may be used, else on own hardware. */
  readonly retryRate: number;
  readonly evidence?: TrafficEvidence | undefined;
  /** Answers that are kept for training a model of one's own. @default none */
  readonly capture?: { readonly share: number } | undefined;
}
