import { describe, expect, it } from "vitest";
import { Platform } from "../../components/platform.ts";
import { platformSchema } from "../../config/platform.ts";
import { hybrid } from "../config/bases.ts";
import { secretValue, visible } from "./gateway/expectations.ts";
import { ofType, onlyOf, type RecordedResource, resourcesOf } from "./mocks.ts";

const outputs = {
  "random:index/randomPassword:RandomPassword": (_: object, name: string) => ({ result: `password-of-${name}` }),
  "aws:elasticache/replicationGroup:ReplicationGroup": () => ({ primaryEndpointAddress: "master.llm.cache.example" }),
};

const platformWith = (redis: object): Promise<readonly RecordedResource[]> =>
  resourcesOf(
    () =>
      new Platform("llm", {
        config: platformSchema.parse({
          ...hybrid,
          models: { support: { ...hybrid.models?.["support"], weights: { huggingFaceId: "Qwen/Qwen3-32B" } } },
          gateway: { redis, clients: { web: { requestsPerMinute: 60 } } },
        }),
        facts: {
          pools: { h100: { gpusPerNode: 8, efaInterfaces: 0 } },
          models: { support: { weightsGiB: 61, requestsPerReplica: 40 } },
        } as never,
        apiKeys: { openai: "sk-openai" },
      }),
    { outputs },
  );

describe("a managed Redis", () => {
  it("is encrypted on the way and at rest, with a token that nobody sees", async () => {
    const resources = await platformWith({ kind: "elasticache", nodeType: "cache.t4g.small", nodes: 2 });
    const { authToken, ...cache } = onlyOf(resources, "ReplicationGroup").inputs;
    expect(cache).toMatchObject({
      engine: "valkey",
      nodeType: "cache.t4g.small",
      numCacheClusters: 2,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      transitEncryptionEnabled: true,
      atRestEncryptionEnabled: true,
      snapshotRetentionLimit: 0,
    });
    expect(secretValue(authToken)).toBe("password-of-llm-redis-token");
    expect(visible(resources)).not.toContain("password-of-llm-redis-token");
  });

  it("takes connections from the cluster's nodes alone, in private subnets", async () => {
    const resources = await platformWith({ kind: "elasticache", nodes: 1 });
    expect(onlyOf(resources, "ReplicationGroup").inputs).toMatchObject({ automaticFailoverEnabled: false });
    const rules = ofType(resources, "SecurityGroupIngressRule").filter(({ name }) => name === "llm-redis");
    expect(rules.map(({ inputs }) => inputs)).toMatchObject([
      { referencedSecurityGroupId: "sg-cluster", ipProtocol: "tcp", fromPort: 6379, toPort: 6379 },
    ]);
    expect(ofType(resources, "SecurityGroupEgressRule").filter(({ name }) => name === "llm-redis")).toEqual([]);
    const subnets: string[] = onlyOf(resources, "SubnetGroup").inputs["subnetIds"];
    expect(subnets.length).toBe(2);
    expect(subnets.every((id) => /private/.test(id))).toBe(true);
  });

  it("is what the gateway's pods count in, over TLS, and the only such place they may connect to", async () => {
    const resources = await platformWith({ kind: "elasticache" });
    expect(ofType(resources, "Deployment").filter(({ name }) => /redis/.test(name))).toEqual([]);
    const gateway = ofType(resources, "Deployment").find(({ name }) => name === "llm-gateway-deployment");
    const env = gateway?.inputs["spec"].template.spec.containers[0].env as { name: string; value?: string }[];
    expect(env).toContainEqual({ name: "REDIS_HOST", value: "master.llm.cache.example" });
    const secret = ofType(resources, "Secret").find(({ name }) => name === "llm-gateway-environment");
    expect(secretValue(secret?.inputs["stringData"])).toMatchObject({ REDIS_PASSWORD: "password-of-llm-redis-token" });
    const config = ofType(resources, "ConfigMap").find(({ name }) => name === "llm-gateway-config");
    expect(config?.inputs["data"]["config.yaml"].match(/ssl: true/g)).toHaveLength(2);
    const policy = ofType(resources, "NetworkPolicy").find(({ name }) => name === "llm-gateway-network-policy");
    expect(policy?.inputs["spec"].egress).toContainEqual({
      to: [{ ipBlock: { cidr: "10.40.0.0/16" } }],
      ports: [{ protocol: "TCP", port: 6379 }],
    });
  });
});
