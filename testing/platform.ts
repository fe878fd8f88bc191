import * as pulumi from "@pulumi/pulumi";
import { loadCatalog } from "../catalog/load.ts";
import { Platform } from "../components/platform.ts";
import { deploymentFacts } from "../config/deployment-facts.ts";
import { parsePlatformConfig, problemsText } from "../config/parse.ts";
import { figuresOf } from "../config/plan-figures.ts";
import type { PlatformConfig, PlatformInput } from "../config/platform.ts";
import { type MockOptions, type RecordedResource, resourcesOf } from "./mocks.ts";

export interface RecordedPlatform {
  /** The config with every default filled in. */
  readonly config: PlatformConfig;
  readonly platform: Platform;
  readonly resources: readonly RecordedResource[];
}

export interface PlatformOptions extends MockOptions {
  /** Options of the platform itself, e.g. `transforms`. */
  readonly resourceOptions?: pulumi.ComponentResourceOptions;
}

const OUTPUTS: NonNullable<MockOptions["outputs"]> = {
  "random:index/randomPassword:RandomPassword": (_, name) => ({ result: `password-of-${name}` }),
};

/**
 * Runs a config, as it stands under `breakeven:platform`, through its checks and through `Platform`, and records every
 * resource. Provider keys are placeholders. Throws with every problem of the config at once.
 */
export async function recordPlatform(input: PlatformInput, options: PlatformOptions = {}): Promise<RecordedPlatform> {
  const { resourceOptions, ...mocks } = options;
  const parsed = parsePlatformConfig(input, loadCatalog());
  if (!parsed.ok) throw new Error(problemsText(parsed.problems));
  const { config, catalog } = parsed;
  const args = {
    config,
    facts: deploymentFacts(config, catalog),
    figures: figuresOf(config, catalog),
    apiKeys: pulumi.secret(placeholderKeys(config)),
    captureKey: pulumi.secret({ accessKeyId: "placeholder", secretAccessKey: "placeholder" }),
    huggingFaceToken: pulumi.secret("placeholder"),
  };
  let platform: Platform | undefined;
  const resources = await resourcesOf(
    () => {
      platform = new Platform("breakeven", args, resourceOptions);
    },
    { ...mocks, outputs: { ...OUTPUTS, ...mocks.outputs } },
  );
  return { config, platform: platform as unknown as Platform, resources };
}

/** One for every provider that a task names. */
const placeholderKeys = ({ tasks }: PlatformConfig): Record<string, string> =>
  Object.fromEntries(
    Object.values(tasks).flatMap(({ apiModel }) =>
      apiModel === undefined ? [] : [[apiModel.split("/")[0] ?? "", "placeholder"] as const],
    ),
  );
