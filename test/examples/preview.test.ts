import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { Outcome } from "../../sandbox/outcome.ts";
import { openStack, type SandboxStack } from "../../sandbox/workspace.ts";
import { PINNED_DAY } from "../policies/engine.ts";

const projectDir = join(import.meta.dirname, "../..");
let stack: SandboxStack | undefined;
afterEach(() => stack?.close());

/** An example on the real engine with the real policy pack. */
async function preview(name: string, config: Record<string, string>): Promise<Outcome> {
  stack = await openStack({
    stackName: name,
    projectDir,
    configFile: join(projectDir, "examples", `${name}.yaml`),
    config,
    policyPacks: [{ dir: join(projectDir, "policies"), configFile: PINNED_DAY }],
    log: () => undefined,
  });
  return stack.preview();
}

const blockers = ({ violations }: Outcome): readonly string[] => [
  ...new Set(violations.filter(({ enforcement }) => enforcement === "mandatory").map(({ policy }) => policy)),
];
const key = (provider: string) => ({ [`breakeven:apiKeys.${provider}`]: "sandbox-placeholder" });

describe("an example on the real engine", () => {
  it("passes: fintech-hybrid, on EKS", async () => {
    const outcome = await preview("fintech-hybrid", key("openai"));
    expect([outcome.errors, blockers(outcome)]).toEqual([[], []]);
    expect(outcome.verdict).toBe("ok");
  });

  it("is blocked by its cost and nothing else: tokens-500m-a-day", async () => {
    const outcome = await preview("tokens-500m-a-day", key("fireworks"));
    expect([outcome.errors, blockers(outcome)]).toEqual([[], ["cheaper-than-api"]]);
    expect(outcome.verdict).toBe("blocked");
  });
});
