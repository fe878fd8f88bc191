import { describe, expect, it } from "vitest";
import { advice } from "../../economics/advice.ts";
import { type DecisionInput, planOf } from "../../economics/decide.ts";
import { preparePlan } from "../../economics/prepare.ts";
import { catalog, served, task } from "./facts.ts";
import { input } from "./plans.ts";

const answers = (changes: Partial<DecisionInput>) =>
  advice(preparePlan(planOf(input(changes)), catalog)).map(({ answer }) => answer);

describe("advice", () => {
  it("answers the five questions from the plan, and says what the plan does not tell", () => {
    expect(
      answers({ tasks: { chat: task({ requestsPerDay: 1000 }) }, models: [served({ fineTuned: false })] }),
    ).toEqual(["no", "no", "no", "not stated", "not stated", "no"]);
    const large = task({ requestsPerDay: 1_000_000, successRate: { selfHosted: 0.9, api: 0.94 } });
    const files = task({ requestsPerDay: 10, dataClass: "restricted", apiModel: undefined });
    expect(answers({ tasks: { large, files }, models: [served()] })).toEqual([
      "yes",
      "yes",
      "yes",
      "not stated",
      "yes",
      "yes",
    ]);
  });
});
