import type { GatewayPlan } from "./groups.ts";
import type { GatewayModel, GatewayTask, GatewayTasks } from "./routes.ts";

export interface Timeouts {
  /** Until the last byte of an answer in one piece. Unit: seconds. */
  readonly wholeSeconds: number;
  /** Until the first byte of a stream and between any two. Unit: seconds. */
  readonly gapSeconds: number;
}

type Limits = Pick<GatewayPlan, "timeoutSeconds" | "streamTimeoutSeconds">;

/** Answers this much longer than the mean are still waited for. */
const LONGEST_OVER_MEAN = 10;
const FIRST_TOKEN_SLACK = 3;
const LEAST_GAP_SECONDS = 5;
const LEAST_WHOLE_SECONDS = 30;
const MOST_WHOLE_SECONDS = 3600;
/** Nobody promises an API's latency; a slow reasoning model thinks for this long. */
const API_TTFT_MS = 10_000;
const API_TPOT_MS = 50;

const seconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000);

function timeouts(limits: Limits, task: GatewayTask, { ttftMs, tpotMs }: GatewayModel["slo"]): Timeouts {
  const longestMs = FIRST_TOKEN_SLACK * ttftMs + LONGEST_OVER_MEAN * task.outputTokensPerRequest * tpotMs;
  return {
    wholeSeconds:
      limits.timeoutSeconds ?? Math.min(MOST_WHOLE_SECONDS, Math.max(LEAST_WHOLE_SECONDS, seconds(longestMs))),
    gapSeconds: limits.streamTimeoutSeconds ?? Math.max(LEAST_GAP_SECONDS, seconds(FIRST_TOKEN_SLACK * ttftMs)),
  };
}

/** What a model within its latency targets never reaches: beyond it the next level is asked. */
export const ownTimeouts = timeouts;

/** Longest any answer to any task takes; whoever stops waits for it. Unit: seconds. */
export const longestSeconds = (
  limits: Limits,
  tasks: GatewayTasks,
  models: Readonly<Record<string, Pick<GatewayModel, "slo">>>,
): number =>
  Math.max(
    ...Object.values(tasks).flatMap((task) => [
      apiTimeouts(limits, task).wholeSeconds,
      ...task.selfHosted.flatMap(({ model }) => {
        const slo = models[model]?.slo;
        return slo === undefined ? [] : [ownTimeouts(limits, task, slo).wholeSeconds];
      }),
    ]),
  );

export const apiTimeouts = (limits: Limits, task: GatewayTask): Timeouts =>
  timeouts(limits, task, { ttftMs: API_TTFT_MS, tpotMs: API_TPOT_MS });
