import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stage, startStage } from "./stage.ts";

/** Zero replicas, or all of them waiting for GPU nodes: a Service without endpoints refuses connections. */
describe("a gateway whose model has no replica yet", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage({
      tasks: { chat: { secondApiModel: "mistral/mistral-small-2603" } },
      absent: ["chat-model"],
    });
  });
  afterAll(() => stage.end());

  it("answers from the API until there is one", async () => {
    for (let request = 0; request < 5; request++)
      expect(await stage.ask("chat", { stream: request % 2 === 0 })).toMatchObject({
        complete: true,
        text: stage.api.text,
      });
  });

  it("asks the second API when the first is down as well", async () => {
    stage.api.fault = "503";
    const answer = await stage.ask("chat");
    expect(answer).toMatchObject({ status: 200, complete: true });
    expect(answer.target).toBe("chat-ext-2");
    stage.api.fault = "none";
  });

  it("answers every time from an API that fails every other time", async () => {
    stage.apiOf("mistral").fault = "503";
    for (let request = 0; request < 10; request++) {
      stage.api.fault = "500";
      stage.api.faultsLeft = 1;
      expect(await stage.ask("chat")).toMatchObject({ complete: true, text: stage.api.text });
    }
  });

  it("says so when nobody can answer, and is back with the first who can", async () => {
    stage.api.fault = "500";
    stage.api.faultsLeft = Number.POSITIVE_INFINITY;
    const answer = await stage.ask("chat");
    expect(answer.complete).toBe(false);
    expect(answer.status).toBeGreaterThanOrEqual(429);
    stage.api.fault = "none";
    expect(await stage.ask("chat")).toMatchObject({ complete: true, text: stage.api.text });
  });

  it("goes to the model when it has started", async () => {
    const model = stage.model("chat-model");
    await model.start();
    const until = Date.now() + 40_000;
    while ((await stage.ask("chat")).text !== model.text && Date.now() < until) await sleep(500);
    expect((await stage.ask("chat")).text).toBe(model.text);
  });
});

describe("a gateway whose model scales to zero and comes back while it is asked", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage({ tasks: { chat: {}, routed: {} } });
  });
  afterAll(() => stage.end());

  const untilOwn = async (task: string): Promise<void> => {
    const model = stage.model(`${task}-model`);
    for (const until = Date.now() + 40_000; Date.now() < until; await sleep(500))
      if ((await stage.ask(task)).text === model.text) return;
    throw new Error(`${task} did not go back to its model`);
  };

  it("answers every request, from the API meanwhile and from the model again afterwards, twice over", async () => {
    const model = stage.model("chat-model");
    for (let round = 0; round < 2; round++) {
      await untilOwn("chat");
      await model.kill();
      for (let request = 0; request < 10; request++)
        expect(await stage.ask("chat", { stream: request % 2 === 0 })).toMatchObject({
          complete: true,
          text: stage.api.text,
        });
      await model.start();
    }
    await untilOwn("chat");
  });

  // Behind a router there is always somebody who listens; without a replica it answers 503.
  it("does the same where a router says that it has no replica", async () => {
    const router = stage.model("routed-model");
    await untilOwn("routed");
    router.fault = "503";
    for (let request = 0; request < 10; request++)
      expect(await stage.ask("routed", { stream: request % 2 === 0 })).toMatchObject({
        complete: true,
        text: stage.api.text,
      });
    router.fault = "none";
    await untilOwn("routed");
  });
});
