import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PlatformInput } from "../../../config/platform.ts";
import type { SandboxCluster } from "../../../sandbox/cluster/control-plane.ts";
import { definitionFiles, installDefinitions } from "../../../sandbox/cluster/crds.ts";
import { sandboxCluster } from "../../../sandbox/cluster/deploy.ts";
import { type RecordedResource, recordPlatform } from "../../../testing/index.ts";

const DEPLOY_MS = 5 * 60_000;

const platform = (part: Pick<PlatformInput, "cluster" | "pools"> & { models: NonNullable<PlatformInput["models"]> }) =>
  ({
    ...part,
    environment: "staging",
    tasks: Object.fromEntries(
      Object.keys(part.models).map((model) => [
        model,
        {
          requestsPerDay: 100_000,
          inputTokensPerRequest: 1000,
          outputTokensPerRequest: 200,
          apiModel: "openai/gpt-6.1-terra",
          selfHosted: [{ model, share: 1 }],
        },
      ]),
    ),
    operations: { engineerUsdPerHour: 95 },
  }) satisfies PlatformInput;

/** Nodes by Karpenter, replicas by KEDA, keys by the External Secrets Operator. */
const elastic = {
  ...platform({
    cluster: { kind: "eks", region: "us-east-1" },
    pools: {
      h100: {
        hardware: { kind: "instance", instanceType: "p5.48xlarge", purchase: "spot" },
        scaling: "elastic",
        maxNodes: 4,
      },
    },
    models: { small: { catalogModel: "Qwen3-32B", pool: "h100", replicas: { min: 0, max: 4 } } },
  }),
  gateway: {
    clients: { web: {}, "team-a": {} },
    externalSecrets: {
      store: { name: "aws-secrets-manager" },
      apiKeys: { openai: { secret: "llm/providers", property: "openai" } },
      clients: {
        "team-a": { key: { secret: "llm/team-a" }, previous: { secret: "llm/team-a", version: "AWSPREVIOUS" } },
      },
    },
  },
} satisfies PlatformInput;

const quote = { source: "quote 7", date: "2026-11-01" };
/** One model spans nodes, one has its weights on a volume and a router, and the cluster has a Gateway. */
const existing = {
  ...platform({
    cluster: { kind: "existing", usdPerMonth: { amount: 0, ...quote } },
    pools: {
      hall: {
        hardware: { kind: "rented", gpu: "H100-SXM", gpusPerNode: 8, usdPerNodeHour: 20, ...quote },
        maxNodes: 3,
        nodeSelector: { "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3" },
      },
    },
    models: {
      wide: {
        catalogModel: "Llama-3.1-405B",
        pool: "hall",
        gpusPerReplica: 16,
        pipelineStages: 2,
        replicas: { min: 1, max: 1 },
        measured: { outputTokensPerSecond: 900, inputTokens: 1000, outputTokens: 200, ...quote },
      },
      kept: {
        catalogModel: "Qwen3-32B",
        weights: { cache: { storageClass: "shared", sizeGiB: 200 } },
        pool: "hall",
        replicas: { min: 2, max: 2 },
        routing: "prefix-aware",
      },
    },
  }),
  loadBalancer: { gateway: { name: "shared", namespace: "ingress", hostname: "llm.example.com" } },
};

/** As an API server is sent it, with ids of the form that AWS gives subnets. */
function objectOf({ type, inputs }: RecordedResource): object {
  const [, groupVersion = "", kind = ""] = type.split(":");
  const object = { apiVersion: groupVersion.replace(/^core\//, ""), kind, ...inputs };
  return JSON.parse(JSON.stringify(object).replaceAll(/"breakeven-network-private-(\d)-id"/g, '"subnet-0$1"'));
}

describe("objects of elastic and multi-node platforms on a Kubernetes API server", () => {
  let cluster: SandboxCluster;
  let objects: readonly { type: string; object: object }[];
  beforeAll(async () => {
    cluster = await sandboxCluster();
    await installDefinitions(cluster.kubectl, await definitionFiles());
    const recorded = [await recordPlatform(elastic), await recordPlatform(existing)];
    objects = recorded
      .flatMap(({ resources }) => resources)
      // Charts are not rendered here, and what is in a Secret is wrapped when it is recorded.
      .filter(({ type }) => /^kubernetes:(?!helm\.sh|core\/v1:Secret)/.test(type))
      .map((resource) => ({ type: resource.type, object: objectOf(resource) }));
    for (const { type, object } of objects) if (type.endsWith(":Namespace")) await cluster.kubectl.apply(object);
  }, DEPLOY_MS);
  afterAll(() => cluster?.stop());

  it("include what Karpenter, KEDA, LeaderWorkerSet, External Secrets and Prometheus are told", () => {
    const kinds = new Set(objects.map(({ type }) => type.split(":").at(-1)));
    for (const kind of [
      "NodePool",
      "EC2NodeClass",
      "ScaledObject",
      "ExternalSecret",
      "LeaderWorkerSet",
      "PodMonitor",
      "Job",
      "RoleBinding",
    ])
      expect(kinds).toContain(kind);
  });

  it("are accepted with strict validation, by the operators' own schemas", async () => {
    const refusals: string[] = [];
    for (const { object } of objects)
      await cluster.kubectl.apply(object, { isDryRun: true }).catch((error) => refusals.push(error.message));
    expect(refusals).toEqual([]);
  });

  it("would be refused with a field that an operator does not know", async () => {
    const pool = objects.find(({ type }) => type.endsWith(":NodePool"))?.object as { spec: object };
    const misspelt = { ...pool, spec: { ...pool.spec, limit: {} } };
    await expect(cluster.kubectl.apply(misspelt, { isDryRun: true })).rejects.toThrow(/spec\.limit\b/);
  });
});
