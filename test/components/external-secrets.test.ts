import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { LlmGateway } from "../../components/llm-gateway.ts";
import { gatewaySchema } from "../../config/gateway.ts";
import { secretValue, visible } from "./gateway/expectations.ts";
import { hybrid, restricted } from "./gateway/plans.ts";
import { rendered } from "./gateway/rendered.ts";
import { ofType, type RecordedResource, resolved, resourcesOf } from "./mocks.ts";

const outputs = {
  "random:index/randomPassword:RandomPassword": (_: object, name: string) => ({ result: `password-of-${name}` }),
};
const gateway = gatewaySchema.parse({
  clients: { web: {}, "team-a": { tasks: ["classify"], requestsPerMinute: 60 } },
  externalSecrets: {
    store: { kind: "ClusterSecretStore", name: "aws" },
    refreshMinutes: 10,
    apiKeys: { openai: { secret: "llm/providers", property: "openai" } },
    clients: {
      "team-a": { key: { secret: "llm/team-a" }, previous: { secret: "llm/team-a", version: "AWSPREVIOUS" } },
    },
  },
});

async function create(plan: typeof hybrid, changes: object = {}) {
  let made: LlmGateway | undefined;
  const resources = await resourcesOf(
    () => {
      made = new LlmGateway("gw", {
        namespace: "llm",
        tasks: plan.tasks,
        models: plan.models,
        gateway,
        apiKeys: pulumi.secret({ anthropic: "sk-anthropic" }),
        vllmApiKey: pulumi.secret("vllm-secret"),
        service: { type: "ClusterIP" },
        idleTimeoutSeconds: 600,
        ...changes,
      });
    },
    { outputs },
  );
  return { resources, gateway: made as LlmGateway };
}
const externalSecret = (resources: readonly RecordedResource[], name: string) =>
  ofType(resources, "ExternalSecret").find((one) => one.name === name)?.inputs;
const pod = (resources: readonly RecordedResource[]) =>
  ofType(resources, "Deployment").find(({ name }) => name === "gw-deployment")?.inputs["spec"].template.spec;

describe("keys out of a store of secrets", () => {
  it("are fetched by the operator into a file per provider, and are in no environment", async () => {
    const { resources } = await create(hybrid);
    expect(externalSecret(resources, "gw-provider-keys")).toMatchObject({
      apiVersion: "external-secrets.io/v1",
      metadata: { name: "gw-provider-keys", namespace: "llm" },
      spec: {
        refreshInterval: "10m",
        secretStoreRef: { kind: "ClusterSecretStore", name: "aws" },
        target: { name: "gw-provider-keys", creationPolicy: "Owner" },
        data: [{ secretKey: "openai", remoteRef: { key: "llm/providers", property: "openai" } }],
      },
    });
    const { containers, volumes } = pod(resources);
    const names = containers[0].env.map(({ name }: { name: string }) => name);
    expect(names).toContain("COMMERCIAL_KEY_ANTHROPIC");
    expect(names).not.toContain("COMMERCIAL_KEY_OPENAI");
    expect(containers[0].volumeMounts).toContainEqual({
      name: "provider-keys",
      mountPath: "/etc/gateway/provider-keys",
      readOnly: true,
    });
    expect(volumes).toContainEqual({ name: "provider-keys", secret: { secretName: "gw-provider-keys" } });
    const config = ofType(resources, "ConfigMap")[0]?.inputs["data"];
    expect(config["config.yaml"]).toContain("api_key: mounted/openai");
    expect(config["config.yaml"]).toContain("api_key: os.environ/COMMERCIAL_KEY_ANTHROPIC");
    expect(config["config.yaml"]).toContain("- gwproviders.keys");
    expect(config).toHaveProperty(["gwproviders.py"]);
  });

  it("of clients reach the cluster hashed, with what they are good for", async () => {
    const { resources, gateway: made } = await create(hybrid);
    const { spec } = externalSecret(resources, "gw-external-client-keys") as { spec: Record<string, never> };
    expect(spec).toMatchObject({
      data: [
        { secretKey: "team-a", remoteRef: { key: "llm/team-a" } },
        { secretKey: "team-a.previous", remoteRef: { key: "llm/team-a", version: "AWSPREVIOUS" } },
      ],
    });
    const { template } = (spec as unknown as { target: { template: { data: Record<string, string> } } }).target;
    const file = JSON.parse(rendered(template.data["keys.json"] ?? "", { "team-a": "new", "team-a.previous": "old" }));
    const sha256OfNew = "11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437";
    expect(file[sha256OfNew]).toMatchObject({ alias: "team-a", rpm: 60 });
    expect(Object.keys(file)).toHaveLength(2);
    expect(Object.keys(await resolved(made.clientKeys))).toEqual(["web"]);
    expect(ofType(resources, "RandomPassword").map(({ name }) => name)).not.toContain("gw-client-team-a");
  });

  it("leave the state without a value of theirs: what is brought is in no resource", async () => {
    const { resources } = await create(hybrid, { apiKeys: pulumi.secret({ anthropic: "a", openai: "sk-left-over" }) });
    const environment = ofType(resources, "Secret").find(({ name }) => name === "gw-environment");
    expect(secretValue(environment?.inputs["stringData"])).not.toHaveProperty("COMMERCIAL_KEY_OPENAI");
    expect(visible(resources)).not.toContain("sk-left-over");
  });

  it("are waited for: pods start after the objects that ask for them", async () => {
    const { resources } = await create(hybrid);
    const deployment = ofType(resources, "Deployment").find(({ name }) => name === "gw-deployment");
    expect(deployment?.dependsOn).toEqual(expect.arrayContaining(["gw-provider-keys", "gw-external-client-keys"]));
  });

  it("of providers are none of a gateway of restricted tasks", async () => {
    const { resources } = await create(restricted, {
      gateway: gatewaySchema.parse({
        clients: { web: {} },
        externalSecrets: {
          store: { name: "aws" },
          apiKeys: { openai: { secret: "llm/openai" } },
          clients: { web: { key: { secret: "llm/web" } } },
        },
      }),
    });
    expect(ofType(resources, "ExternalSecret").map(({ name }) => name)).toEqual(["gw-external-client-keys"]);
    expect(pod(resources).volumes.map(({ name }: { name: string }) => name)).not.toContain("provider-keys");
    expect(JSON.stringify(externalSecret(resources, "gw-external-client-keys"))).toContain("restricted");
  });

  it("need no ExternalSecret where there are none", async () => {
    const { resources } = await create(hybrid, {
      gateway: gatewaySchema.parse({}),
      apiKeys: pulumi.secret({ anthropic: "a", openai: "b" }),
    });
    expect(ofType(resources, "ExternalSecret")).toEqual([]);
    expect(pod(resources).volumes.map(({ name }: { name: string }) => name)).toEqual(["config", "keys", "tmp"]);
  });
});
