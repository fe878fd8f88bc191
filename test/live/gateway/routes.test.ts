import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stage, startStage } from "./stage.ts";

const ASKED = 12;

describe.each(["degrade", "reject"] as const)("the surplus with every API down, %s", (pastBudget) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage({
      tasks: { chat: {} },
      models: { "chat-model": { maxConcurrentSequences: 4 } },
      gateway: { pastBudget },
    });
    stage.api.fault = "503";
    stage.model("chat-model").delayMs = 1500;
  });
  afterAll(() => stage.end());

  it(pastBudget === "degrade" ? "waits for the model" : "is refused", async () => {
    const answers = await Promise.all(Array.from({ length: ASKED }, () => stage.ask("chat")));
    const own = answers.filter(({ complete, text }) => complete && text === stage.model("chat-model").text);
    // 1.25 times its sequences are asked of it at once.
    expect(own).toHaveLength(pastBudget === "degrade" ? ASKED : 5);
    for (const { complete, status } of answers) if (!complete) expect(status).toBeGreaterThanOrEqual(429);
  });
});

describe.each(["degrade", "reject"] as const)("the surplus past the API's budget, %s", (pastBudget) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage({
      tasks: { chat: {}, mail: { selfHosted: [] } },
      models: { "chat-model": { maxConcurrentSequences: 4 } },
      gateway: {
        pastBudget,
        replicas: 1,
        maxReplicas: 1,
        apiBudgets: { openai: { usd: 0.0001, period: "1d" } },
      },
    });
    stage.model("chat-model").delayMs = 1500;
  });
  afterAll(() => stage.end());

  it("goes to the API until the budget is spent", async () => {
    const until = Date.now() + 20_000;
    while ((await stage.ask("mail")).complete && Date.now() < until);
    expect((await stage.ask("mail")).status).toBe(429);
    expect(stage.api.received.length).toBeGreaterThan(0);
  });

  it(pastBudget === "degrade" ? "then waits for the model" : "then is refused", async () => {
    const asked = stage.api.received.length;
    const answers = await Promise.all(
      Array.from({ length: ASKED }, (_, index) => stage.ask("chat", { stream: index % 2 === 0 })),
    );
    const own = answers.filter(({ complete, text }) => complete && text === stage.model("chat-model").text);
    expect(own).toHaveLength(pastBudget === "degrade" ? ASKED : 5);
    for (const { complete, status } of answers) if (!complete) expect(status).toBe(429);
    expect(stage.api.received).toHaveLength(asked);
  });

  it("and what the model's slots take is answered as ever", async () => {
    expect(await stage.ask("chat")).toMatchObject({ complete: true, text: stage.model("chat-model").text });
  });
});

describe("a task routed by difficulty", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage({
      tasks: {
        chat: {
          difficulty: { classifier: "judge", tiers: { simple: "chat-model", medium: "chat-model" } },
        },
      },
    });
  });
  afterAll(() => stage.end());

  it.each([
    ["SIMPLE", "chat-model"],
    ["REASONING", "openai"],
  ])("goes where the judge's %s says", async (tier, who) => {
    const judge = stage.model("judge");
    judge.answer = [JSON.stringify({ tier })];
    const asked = judge.received.length;
    const answer = await stage.ask("chat", { prompt: `what is ${tier}` });
    expect(answer).toMatchObject({ complete: true, text: stage.apiOf(who).text });
    expect(judge.received.length).toBeGreaterThan(asked);
  });
});
