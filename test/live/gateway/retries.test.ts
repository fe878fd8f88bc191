import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../../../sandbox/gateway/fake-upstream.ts";
import { type Stage, startStage } from "./stage.ts";

const SECOND_API = "mistral/mistral-small-2603";
const LIMIT_MS = 1000;
/** Own model dead or none at all; one API behind it or two. */
const TASKS = { hybrid: false, "hybrid-two": true, rented: false, "rented-two": true };

const cases = Object.entries(TASKS).flatMap(([task, hasSecond]) =>
  [false, true].map((stream) => ({ task, hasSecond, stream })),
);

describe("an API that fails", () => {
  let stage: Stage;
  beforeAll(async () => {
    const secondApiModel = SECOND_API;
    stage = await startStage({
      tasks: {
        hybrid: {},
        "hybrid-two": { secondApiModel },
        rented: { selfHosted: [] },
        "rented-two": { selfHosted: [], secondApiModel },
      },
    });
    for (const task of ["hybrid", "hybrid-two"]) await stage.model(`${task}-model`).kill();
    for (const task of Object.keys(TASKS)) await stage.ask(task);
  });
  afterAll(() => stage.end());

  /** One answer while the first API fails so often, how much longer it took than one before, and how often it was asked. */
  async function askFailing(task: string, stream: boolean, fault: Fault, times: number) {
    const healthy = await stage.ask(task, { stream });
    stage.api.received.length = 0;
    stage.api.fault = fault;
    stage.api.faultsLeft = times;
    const answer = await stage.ask(task, { stream });
    stage.api.fault = "none";
    return { answer, extraMs: answer.totalMs - healthy.totalMs, calls: stage.api.received.length };
  }

  it.each(cases)("twice is asked a third time: $task, stream $stream", async ({ task, stream }) => {
    const { answer, extraMs, calls } = await askFailing(task, stream, "503", 2);
    expect(answer).toMatchObject({ complete: true, text: stage.api.text });
    expect(calls).toBe(3);
    expect(extraMs).toBeLessThan(LIMIT_MS);
  });

  it.each(cases)(
    "with 429 and Retry-After is not asked again, the next one is, and without one the client is told at once: $task, stream $stream",
    async ({ task, hasSecond, stream }) => {
      const { answer, extraMs, calls } = await askFailing(task, stream, "429", Number.POSITIVE_INFINITY);
      if (hasSecond) expect(answer).toMatchObject({ complete: true, text: stage.apiOf("mistral").text });
      // What the own model said first is what a client of both sees.
      else expect(answer).toMatchObject({ complete: false, status: task === "rented" ? 429 : 500 });
      // Of a group with several levels LiteLLM goes through those past the first twice.
      expect(calls).toBe(task.startsWith("hybrid") ? 2 : 1);
      expect(extraMs).toBeLessThan(LIMIT_MS);
    },
  );

  it.each(cases)("for good leaves nobody waiting: $task, stream $stream", async ({ task, hasSecond, stream }) => {
    const { answer, extraMs } = await askFailing(task, stream, "500", Number.POSITIVE_INFINITY);
    if (hasSecond) expect(answer).toMatchObject({ complete: true, text: stage.apiOf("mistral").text });
    else expect(answer).toMatchObject({ complete: false, status: 500 });
    expect(extraMs).toBeLessThan(LIMIT_MS);
  });
});
