import * as pulumi from "@pulumi/pulumi";
import { Platform } from "../../components/platform.ts";
import type { PlatformArgs } from "../../components/platform-scope.ts";
import { type PlatformInput, platformSchema } from "../../config/platform.ts";
import { type MockOptions, ofType, type RecordedResource, resourcesOf } from "./mocks.ts";

export const outputs: MockOptions["outputs"] = {
  "random:index/randomPassword:RandomPassword": (_, name) => ({ result: `password-of-${name}` }),
};

export const task = { requestsPerDay: 1000, inputTokensPerRequest: 1000, outputTokensPerRequest: 200 };
export const qwen = {
  catalogModel: "Qwen3-32B",
  weights: { huggingFaceId: "Qwen/Qwen3-32B" },
  pool: "h100",
  replicas: { min: 1, max: 4 },
};
export const pool = { hardware: { kind: "instance", instanceType: "p5.48xlarge" }, maxNodes: 1 } as const;

export const eks: PlatformInput = {
  environment: "prod",
  cluster: { kind: "eks", region: "us-east-1" },
  pools: { h100: pool },
  models: { qwen },
  tasks: {
    chat: { ...task, apiModel: "openai/gpt-6.1-terra", selfHosted: [{ model: "qwen", share: 1 }] },
    contracts: {
      ...task,
      dataClass: "restricted",
      apiModel: "openai/gpt-6.1-terra",
      selfHosted: [{ model: "qwen", share: 1 }],
    },
  },
  operations: { engineerUsdPerHour: 95 },
};

export const existing: PlatformInput = {
  ...eks,
  cluster: { kind: "existing", context: "on-prem", usdPerMonth: { amount: 0, source: "ours", date: "2026-11-01" } },
  pools: {
    h100: {
      hardware: {
        kind: "rented",
        gpu: "H100-SXM",
        gpusPerNode: 8,
        usdPerNodeHour: 20,
        source: "quote 7",
        date: "2026-11-01",
      },
      maxNodes: 1,
      nodeSelector: { "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3" },
    },
  },
};

const args = (input: PlatformInput): PlatformArgs => ({
  config: platformSchema.parse(input),
  facts: {
    pools: { h100: { gpusPerNode: 8, efaInterfaces: 32 } },
    models: { qwen: { weightsGiB: 62, requestsPerReplica: 40 } },
  },
  apiKeys: pulumi.secret({ openai: "sk-openai" }),
  huggingFaceToken: pulumi.secret("hub-secret"),
});

/** A platform and everything it creates, on mocks. */
export async function create(input: PlatformInput, options: MockOptions = { outputs }) {
  let platform: Platform | undefined;
  const resources = await resourcesOf(() => {
    platform = new Platform("breakeven", args(input));
  }, options);
  if (platform === undefined) throw new Error("not created");
  return { platform, resources };
}

/** The one resource of a type and name. */
export const named = (resources: readonly RecordedResource[], type: string, name: string): RecordedResource => {
  const found = ofType(resources, type).find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`no ${type} ${name}: ${ofType(resources, type).map((other) => other.name)}`);
  return found;
};
