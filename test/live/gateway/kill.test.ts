import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stage, startStage } from "./stage.ts";

const REQUESTS = 500;
const AT_ONCE = 20;

describe("a gateway whose model dies", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage({
      tasks: { first: {}, chat: {}, full: {} },
      models: { "full-model": { maxConcurrentSequences: 4 } },
    });
  });
  afterAll(() => stage.end());

  it("answers within a second although nothing was asked before", async () => {
    await stage.model("first-model").kill();
    const answer = await stage.ask("first");
    expect(answer).toMatchObject({ status: 200, complete: true, text: stage.api.text });
    expect(answer.totalMs).toBeLessThan(1000);
  });

  it("loses none of 500 requests while the model is killed and revived midway, and goes back to it", async () => {
    const model = stage.model("chat-model");
    model.delayMs = 30;
    let asked = 0;
    const answers: { complete: boolean; text: string }[] = [];
    const client = async (): Promise<void> => {
      while (asked < REQUESTS) {
        asked += 1;
        if (asked === REQUESTS * 0.3) void model.kill();
        if (asked === REQUESTS * 0.6) void model.start();
        answers.push(await stage.ask("chat"));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, client));
    expect(answers).toHaveLength(REQUESTS);
    expect(answers.filter(({ complete }) => !complete)).toEqual([]);
    expect(answers.some(({ text }) => text === model.text)).toBe(true);
    expect(answers.some(({ text }) => text === stage.api.text)).toBe(true);

    // A cool-down of 15 seconds, then one probe.
    const until = Date.now() + 40_000;
    while ((await stage.ask("chat")).text !== model.text && Date.now() < until) await sleep(500);
    expect((await stage.ask("chat")).text).toBe(model.text);
  });

  it("breaks only streams that have begun, and never without saying so", async () => {
    const model = stage.model("chat-model");
    model.delayMs = 0;
    model.tokenDelayMs = 30;
    const asking = Array.from({ length: AT_ONCE }, async (_, index) => {
      await sleep(index * 20);
      return stage.ask("chat", { stream: true });
    });
    await sleep(250);
    await model.kill();
    const answers = await Promise.all(asking);
    const broken = answers.filter(({ complete }) => !complete);
    for (const { status, error, text } of broken) {
      expect({ status, error }).toEqual({ status: 200, error: expect.any(String) });
      expect(text).not.toBe("");
    }
    expect(answers.filter(({ complete, text }) => complete && text === stage.api.text).length).toBeGreaterThan(0);
  });

  it("sends what is beyond the model's slots to the API at once", async () => {
    const model = stage.model("full-model");
    model.delayMs = 1500;
    const answers = await Promise.all(Array.from({ length: 12 }, () => stage.ask("full")));
    expect(answers.every(({ complete }) => complete)).toBe(true);
    expect(model.mostRunning).toBe(5);
    expect(answers.filter(({ text }) => text === stage.api.text)).toHaveLength(7);
  });
});
