import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stage, startStage } from "./stage.ts";

describe("a gateway whose model dies", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await startStage({ tasks: ["chat"], timeoutSeconds: 10, streamTimeoutSeconds: 2 });
  });
  afterAll(() => stage.end());

  it("answers within a second of extra time although nothing was asked before", async () => {
    await stage.model("chat").kill();
    const answer = await stage.ask("chat");
    expect(answer).toMatchObject({ status: 200, complete: true, text: stage.api.text });
    expect(answer.totalMs).toBeLessThan(1000);
  });
});
