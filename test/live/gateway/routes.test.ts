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
