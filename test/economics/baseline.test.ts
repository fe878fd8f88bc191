import { describe, expect, it } from "vitest";
import type { Baseline } from "../../economics/baseline.ts";
import type { Terms } from "../../economics/plan.ts";
import type { ServedModel } from "../../economics/serving.ts";
import { stayingOn } from "../../economics/staying.ts";
import type { Task } from "../../economics/task.ts";
import { catalog, served, TODAY, task, terms } from "./facts.ts";

interface Changes {
  readonly task?: Task;
  readonly baseline?: Baseline;
  readonly models?: readonly ServedModel[];
  readonly approvedProviders?: Terms["approvedProviders"];
}

function staying(changes: Changes) {
  const { approvedProviders, baseline = "cheapest", models = [served({ fineTuned: false })] } = changes;
  const plan = { models, terms: { ...terms, approvedProviders }, today: TODAY };
  return stayingOn({
    task: changes.task ?? task({ apiModel: "anthropic/claude-sonnet-5-5" }),
    baseline,
    plan,
    catalog,
  });
}

const names = (changes: Changes): string | string[] => {
  const found = staying(changes);
  return found.ok ? found.value.stayingRoutes.map(({ api, share }) => `${api.name} ${share}`) : found.reason;
};

describe("baseline", () => {
  it("current is what is paid today", () => {
    expect(names({ baseline: "current" })).toEqual(["anthropic/claude-sonnet-5-5 1"]);
  });

  it("same-weights is the cheapest provider that hosts the same open weights", () => {
    expect(names({ baseline: "same-weights" })).toEqual(["deepinfra/Qwen/Qwen3-32B 1"]);
  });

  it("looks only at approved providers", () => {
    expect(names({ baseline: "same-weights", approvedProviders: ["aws", "anthropic"] })).toEqual([
      "aws/qwen.qwen3-32b-v1:0 1",
    ]);
  });

  it("does not offer a host that is retired, nor one whose context is too short", () => {
    const long = task({ inputTokensPerRequest: 30_000, outputTokensPerRequest: 4000 });
    expect(names({ baseline: "same-weights", approvedProviders: ["aws", "cerebras"], task: long })).toBe(
      "no approved provider hosts Qwen3-32B for requests of this length",
    );
  });

  it("leaves the share that is not self-hosted on the current API", () => {
    const split = task({ apiModel: "openai/gpt-4o", selfHosted: [{ model: "small", share: 0.75 }] });
    expect(names({ baseline: "same-weights", task: split })).toEqual([
      "deepinfra/Qwen/Qwen3-32B 0.75",
      "openai/gpt-4o 0.25",
    ]);
  });

  it("of fine-tuned weights is the current API: nobody else hosts them", () => {
    expect(names({ models: [served({ fineTuned: true })] })).toEqual(["anthropic/claude-sonnet-5-5 1"]);
    expect(names({ models: [served({ fineTuned: true })], baseline: "same-weights" })).toBe(
      "nobody else hosts the weights of small",
    );
  });

  it("cheapest is the cheaper of both, and says why when there is neither", () => {
    expect(names({})).toEqual(["deepinfra/Qwen/Qwen3-32B 1"]);
    expect(names({ task: task({ apiModel: "openai/gpt-6-luna" }), approvedProviders: ["groq"] })).toEqual([
      "openai/gpt-6-luna 1",
    ]);
    expect(names({ task: task({ apiModel: undefined }), models: [served({ fineTuned: true })] })).toBe(
      "no API model is named for the task; nobody else hosts the weights of small",
    );
  });
});
