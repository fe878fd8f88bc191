import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { loadCatalog } from "../../catalog/load.ts";
import { Platform } from "../../components/platform.ts";
import { deploymentFacts } from "../../config/deployment-facts.ts";
import type { PlatformInput } from "../../config/platform.ts";
import { CONFIG } from "../../sandbox/expectations.ts";
import { openStack, type SandboxStack } from "../../sandbox/workspace.ts";
import { stackConfig, TODAY } from "./graphs.ts";

const projectDir = fileURLToPath(new URL("../..", import.meta.url));

/** Pins the day of the decision, so that prices do not age under the tests. */
export const PINNED_DAY = join(projectDir, "sandbox", "policy-config.json");

const placeholders = Object.fromEntries(CONFIG.map((entry) => entry.split(/=(.*)/s).slice(0, 2) as [string, string]));

/** A platform as index.ts makes it, from a committed stack file changed by `change`. */
export function platformOf(stack: string, change?: (raw: PlatformInput) => void): Platform {
  const config = stackConfig(stack, change);
  const apiKeys = { openai: "placeholder", anthropic: "placeholder" };
  return new Platform("breakeven", { config, facts: deploymentFacts(config, loadCatalog()), apiKeys });
}

// Resources of the tests themselves use the default provider.
const config = { ...placeholders, "aws:region": "us-east-1" };
const log = () => undefined;

/** Opens a committed stack with the real engine and the real policy pack; `program` replaces index.ts. */
export function openWithPolicies(
  stackName: string,
  program?: PulumiFn,
  policyConfig = PINNED_DAY,
): Promise<SandboxStack> {
  const policyPacks = [{ dir: join(projectDir, "policies"), configFile: policyConfig }];
  return openStack({ stackName, projectDir, program, config, policyPacks, log });
}

/** Opens a committed stack with the real engine; its preview prints the plan as JSON, without policies. */
export function openPlan(stackName: string, program?: PulumiFn): Promise<SandboxStack> {
  return openStack({ stackName, projectDir, program, config, previewArgs: ["--json", "--show-sames"], log });
}

/** A policy configuration on disk: the pinned day, and further settings of `cheaper-than-api`. */
export function ownerConfig(settings: object): string {
  const file = join(mkdtempSync(join(tmpdir(), "breakeven-owner-")), "policy-config.json");
  writeFileSync(file, JSON.stringify({ "cheaper-than-api": { today: TODAY, ...settings } }));
  return file;
}
