import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../../../sandbox/gateway/fake-upstream.ts";
import { type Stage, startStage } from "./stage.ts";

/** Test timeouts: short enough to wait for, of the same shape as in production. Unit: seconds. */
const TIMEOUT = 10;
const STREAM_TIMEOUT = 2;
const LIMIT_MS = 1000;

/** Faults before the first content of an answer, and how long the client waits at most for the API's answer instead. */
const masked: readonly (readonly [fault: Fault, wholeMs: number, streamMs: number])[] = [
  ["resets", LIMIT_MS, LIMIT_MS],
  ["500", LIMIT_MS, LIMIT_MS],
  ["503", LIMIT_MS, LIMIT_MS],
  ["429", LIMIT_MS, LIMIT_MS],
  ["400", LIMIT_MS, LIMIT_MS],
  ["401", LIMIT_MS, LIMIT_MS],
  ["404", LIMIT_MS, LIMIT_MS],
  ["context-too-long", LIMIT_MS, LIMIT_MS],
  ["never-answers", (TIMEOUT + 1) * 1000, (STREAM_TIMEOUT + 1) * 1000],
  ["slow-first-token", (TIMEOUT + 1) * 1000, (STREAM_TIMEOUT + 1) * 1000],
  ["broken-body", LIMIT_MS, LIMIT_MS],
  ["html", LIMIT_MS, LIMIT_MS],
  ["no-choices", LIMIT_MS, LIMIT_MS],
  ["cut-after-headers", LIMIT_MS, LIMIT_MS],
  ["cut-after-role", LIMIT_MS, LIMIT_MS],
];

describe("a gateway in front of a failing model", () => {
  let stage: Stage;
  beforeAll(async () => {
    // A model per case: what one case puts aside, no other misses.
    const names = masked.flatMap(([fault]) => [`whole-${fault}`, `stream-${fault}`]);
    stage = await startStage({
      tasks: names,
      timeoutSeconds: TIMEOUT,
      streamTimeoutSeconds: STREAM_TIMEOUT,
    });
  });
  afterAll(() => stage.end());

  const answersFromApi = async (task: string, stream: boolean, limitMs: number) => {
    const answer = await stage.ask(task, { stream });
    expect(answer).toMatchObject({ status: 200, complete: true, text: stage.api.text });
    expect(answer.totalMs).toBeLessThan(limitMs);
  };

  it.each(masked)("answers from the API when the model fails with %s, in one piece", async (fault, limitMs) => {
    stage.model(`whole-${fault}`).fault = fault;
    await answersFromApi(`whole-${fault}`, false, limitMs);
  });

  it.each(masked.filter(([fault]) => !["broken-body", "html", "no-choices"].includes(fault)))(
    "answers from the API when the model fails with %s, as a stream",
    async (fault, _, limitMs) => {
      stage.model(`stream-${fault}`).fault = fault;
      await answersFromApi(`stream-${fault}`, true, limitMs);
    },
  );
});
