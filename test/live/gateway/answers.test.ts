import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Stage, startStage } from "./stage.ts";

const REFUSAL = "I'm sorry, but I can't help with that.".split(" ");
/** A quarter of the answers may be asked again: one from the start, then one in four. */
const SHARE = 0.25;

describe("answers that are no good", () => {
  let stage: Stage;
  beforeAll(async () => {
    const answerCheck = {};
    stage = await startStage({
      tasks: {
        judged: { answerCheck, escalationRate: 1 },
        few: { answerCheck, escalationRate: SHARE },
        plain: {},
      },
    });
    for (const task of ["judged", "few", "plain"]) stage.model(`${task}-model`).answer = REFUSAL;
  });
  afterAll(() => stage.end());

  it.each([false, true])("are asked again on the API (stream: %s)", async (stream) => {
    expect(await stage.ask("judged", { stream })).toMatchObject({ complete: true, text: stage.api.text });
  });

  it("are kept when the API fails or refuses as well", async () => {
    stage.api.fault = "500";
    for (const stream of [false, true])
      expect(await stage.ask("judged", { stream })).toMatchObject({ complete: true, text: REFUSAL.join(" ") });
    stage.api.fault = "none";
  });

  it("are asked again only as often as is paid for", async () => {
    const answers = [];
    for (let request = 0; request < 12; request++) answers.push(await stage.ask("few"));
    const again = answers.filter(({ text }) => text === stage.api.text).length;
    expect(again).toBeGreaterThan(0);
    expect(again).toBeLessThanOrEqual(1 + 12 * SHARE);
  });

  it("are nobody's business where the task does not ask for it", async () => {
    expect(await stage.ask("plain")).toMatchObject({ complete: true, text: REFUSAL.join(" ") });
  });

  it("are only those: a short answer is fine", async () => {
    stage.model("judged-model").answer = ["Yes."];
    expect(await stage.ask("judged", { stream: true })).toMatchObject({ complete: true, text: "Yes." });
  });
});
