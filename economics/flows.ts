import type { PreparedTask } from "./prepare.ts";

/**
 * Where requests go beyond their first answer, as coefficients: of all requests of a task, and of those of them that own
 * replicas answer first. All flows are linear in these two.
 */
export interface Flows {
  readonly owning: {
    /** Requests to the fallback API: those own replicas did not take, escalated answers, retries. 0 without a fallback. */
    readonly apiPerRequest: number;
    readonly apiPerServed: number;
    /** Requests without an answer that does its job, after the retry. */
    readonly failuresPerRequest: number;
    readonly failuresPerServed: number;
  };
  readonly staying: { readonly apiPerRequest: number; readonly failuresPerRequest: number };
}

/** Answers fail independently of each other, so a retry succeeds as often as a first answer of the model that gives it. */
export function flows({
  task,
  fallback,
  stayingSuccessRate,
}: Pick<PreparedTask, "task" | "fallback" | "stayingSuccessRate">): Flows {
  const { escalationRate: escalated, retryRate: retried, successRate } = task;
  const ownFails = 1 - successRate.selfHosted;
  const apiFails = 1 - successRate.api;
  const stayingFails = 1 - stayingSuccessRate;
  const staying = {
    apiPerRequest: 1 + retried * stayingFails,
    failuresPerRequest: stayingFails * (1 - retried * stayingSuccessRate),
  };
  if (fallback === undefined) {
    const failures = ownFails * (1 - retried * successRate.selfHosted);
    // What finds no replica is not answered at all.
    return {
      owning: { apiPerRequest: 0, apiPerServed: 0, failuresPerRequest: 1, failuresPerServed: failures - 1 },
      staying,
    };
  }
  // Per request the API answers 1 - served + served * escalated first; the rest stays with own answers.
  const kept = 1 - escalated;
  const failuresPerRequest = apiFails;
  const failuresPerServed = kept * (ownFails - apiFails);
  const isLost = 1 - retried * successRate.api;
  return {
    owning: {
      apiPerRequest: 1 + retried * failuresPerRequest,
      apiPerServed: -kept + retried * failuresPerServed,
      failuresPerRequest: failuresPerRequest * isLost,
      failuresPerServed: failuresPerServed * isLost,
    },
    staying,
  };
}
