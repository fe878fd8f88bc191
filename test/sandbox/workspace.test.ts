/** Runs the fixture on the real engine with the real policy runtime. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { obtainEngine } from "../../sandbox/engine.ts";
import type { Outcome } from "../../sandbox/outcome.ts";
import { type OpenStackOptions, openStack, type SandboxStack } from "../../sandbox/workspace.ts";

const projectDir = fileURLToPath(new URL("fixture", import.meta.url));
const policyDir = join(projectDir, "policies");
const BUILD_MS = 20 * 60_000;
const RUN_MS = 60_000;

let engine: PulumiCommand;
let scratchDir: string;
beforeAll(async () => {
  engine = await obtainEngine();
  scratchDir = mkdtempSync(join(tmpdir(), "workspace-test-"));
}, BUILD_MS);
afterAll(() => rmSync(scratchDir, { recursive: true }));

async function withStack<T>(
  stackName: string,
  work: (stack: SandboxStack) => Promise<T>,
  options: Partial<OpenStackOptions> = {},
): Promise<T> {
  const policyPacks = [{ dir: policyDir }];
  const stack = await openStack({ stackName, projectDir, engine, policyPacks, log: () => {}, ...options });
  try {
    return await work(stack);
  } finally {
    stack.close();
  }
}

const preview = (stackName: string, options?: Partial<OpenStackOptions>): Promise<Outcome> =>
  withStack(stackName, (stack) => stack.preview(), options);

/** What the fixture's policy reported, by resource name. */
function seenByPolicies({ violations }: Outcome): Record<string, Record<string, unknown>> {
  const report = violations.find(({ policy }) => policy === "what-policies-see")?.message ?? "";
  return JSON.parse(report.slice(report.indexOf("{")));
}

describe("a preview on the real engine", () => {
  it(
    "passes and shows stack policies inputs as values and computed outputs as unknown",
    async () => {
      const stackFile = join(projectDir, "Pulumi.small.yaml");
      const before = readFileSync(stackFile, "utf8");
      const outcome = await preview("small");
      expect(outcome).toMatchObject({ verdict: "ok", errors: [], changes: { create: 14 } });
      const {
        pool,
        "pool-group": group,
        "pool-reachable": reachable,
        "pool-unreachable": unreachable,
      } = seenByPolicies(outcome);
      expect(group).toMatchObject({
        instanceTypes: ["g6.xlarge"],
        scalingConfig: { desiredSize: 1, maxSize: 1, minSize: 0 },
        diskSize: "unknown",
        resources: "unknown",
      });
      expect(pool).toEqual({ nodes: 1, groupName: "unknown", token: "unknown" });
      expect(reachable).toMatchObject({ spec: { replicas: 2 }, status: "unknown" });
      // The engine asks a provider nothing, and shows policies nothing, while the provider's own inputs are unknown.
      expect(unreachable).toEqual({});
      expect(readFileSync(stackFile, "utf8")).toBe(before);
    },
    RUN_MS,
  );

  it(
    "is blocked by a mandatory policy, in the engine's words",
    async () => {
      const outcome = await preview("big");
      expect(outcome).toMatchObject({ verdict: "blocked", errors: [] });
      expect(outcome.text).toContain("[mandatory]  few-nodes  (aws:eks:NodeGroup: pool-group)");
    },
    RUN_MS,
  );

  it(
    "passes the configuration of the policy pack on",
    async () => {
      const configFile = join(scratchDir, "config.json");
      writeFileSync(configFile, JSON.stringify({ "few-nodes": "disabled" }));
      const outcome = await preview("big", { policyPacks: [{ dir: policyDir, configFile }] });
      expect(outcome.verdict).toBe("ok");
    },
    RUN_MS,
  );

  it(
    "fails, and is not merely blocked, on a misspelt property",
    async () => {
      const outcome = await preview("typo", { policyPacks: [] });
      expect(outcome.verdict).toBe("failed");
      expect(outcome.errors.join("\n")).toContain(
        `resource 'pool-group' has a problem: scalingConfig has no property "minSizze" (given: 0); did you mean "minSize"?`,
      );
    },
    RUN_MS,
  );

  it(
    "fails in the program's words when the program throws",
    async () => {
      const program = async () => {
        throw new Error("the program is broken");
      };
      const outcome = await preview("small", { program, policyPacks: [] });
      expect(outcome.verdict).toBe("failed");
      expect(outcome.errors.join("\n")).toContain("the program is broken");
    },
    RUN_MS,
  );
});

describe("an update on the real engine", () => {
  it(
    "deploys without a network and keeps its state for the next run",
    async () => {
      const stateDir = join(scratchDir, "kept");
      await withStack(
        "small",
        async (stack) => {
          expect(await stack.up()).toMatchObject({ verdict: "ok", changes: { create: 14 } });
          const group = (await stack.resources()).find(({ type }) => type === "aws:eks/nodeGroup:NodeGroup");
          expect(group?.id).toBe(`${group?.outputs?.clusterName}:pool-group`);
        },
        { stateDir },
      );
      const again = await preview("small", { stateDir });
      expect(again).toMatchObject({ verdict: "ok", changes: { same: 14 } });
    },
    RUN_MS,
  );

  it(
    "is stopped by a resource policy on a component before any of its children exists",
    async () => {
      await withStack("huge", async (stack) => {
        const outcome = await stack.up();
        expect(outcome.verdict).toBe("blocked");
        expect(outcome.violations.map(({ policy }) => policy)).toEqual(["few-declared-nodes"]);
        // A default provider may register meanwhile; it is part of the state, not of the cloud.
        const types = (await stack.resources()).map(({ type }) => type);
        expect(types.filter((type) => !type.startsWith("pulumi:"))).toEqual([]);
      });
    },
    RUN_MS,
  );
});
