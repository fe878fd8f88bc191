import type * as pulumi from "@pulumi/pulumi";
import type { DeploymentFacts } from "../config/deployment-facts.ts";
import type { TokenPrice } from "../config/gateway-prices.ts";
import type { PlatformConfig } from "../config/platform.ts";
import type { PlanFigures } from "../economics/plan-figures.ts";
import type { CaptureKey } from "./gateway/capture.ts";
import type { Site } from "./site.ts";

export interface PlatformArgs {
  /** The platform's config, all defaults filled in and `weights.huggingFaceId` of every model resolved. */
  readonly config: PlatformConfig;
  /** The forecast that live metrics are held against. @default nothing about money is watched */
  readonly figures?: PlanFigures | undefined;
  /** What only the catalogue knows of pools and models: `deploymentFacts` of the config. */
  readonly facts: DeploymentFacts;
  /** Keys of commercial providers by provider. A secret. */
  readonly apiKeys: pulumi.Input<Readonly<Record<string, string>>>;
  /** What tokens cost, by self-hosted model or catalogue name of an API model. @default the gateway counts no spend */
  readonly tokenPrices?: Readonly<Record<string, TokenPrice>> | undefined;
  /** Password of a Redis that is there. A secret. @default it asks for none */
  readonly redisPassword?: pulumi.Input<string> | undefined;
  /** Key of a store that is there, for answers that are kept. A secret. @default none is needed */
  readonly captureKey?: pulumi.Input<CaptureKey> | undefined;
  /** Token for weights that ask for one. A secret. @default weights are fetched without a token */
  readonly huggingFaceToken?: pulumi.Input<string> | undefined;
}

/** What everything inside the cluster shares. */
export interface Scope {
  readonly name: string;
  readonly args: PlatformArgs;
  readonly site: Site;
  readonly namespace: string;
  readonly vllmKey: pulumi.Output<string>;
  readonly opts: pulumi.ComponentResourceOptions & { readonly dependsOn: pulumi.Resource[] };
}

/** What the checks of the config fill in. Throws where they were left out. */
export function resolved<T>(value: T | undefined, path: string): T {
  if (value === undefined)
    throw new Error(`${path} is not resolved; load the config with its checks before building the platform`);
  return value;
}
