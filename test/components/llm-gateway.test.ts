import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../components/gateway/keys.ts";
import { LlmGateway, type LlmGatewayArgs } from "../../components/llm-gateway.ts";
import { gatewaySchema } from "../../config/gateway.ts";
import { expectRestrictedPods, secretValue, visible } from "./gateway/expectations.ts";
import { apiOnly, hybrid, restricted } from "./gateway/plans.ts";
import { type MockOptions, ofType, onlyOf, type RecordedResource, resolved, resourcesOf } from "./mocks.ts";

const outputs: MockOptions["outputs"] = {
  "random:index/randomPassword:RandomPassword": (_, name) => ({ result: `password-of-${name}` }),
};

const args = (changes: Partial<LlmGatewayArgs> = {}): LlmGatewayArgs => ({
  namespace: "llm",
  tasks: hybrid.tasks,
  models: hybrid.models,
  gateway: gatewaySchema.parse({ clients: { web: {}, batch: {} } }),
  apiKeys: pulumi.secret({ openai: "sk-openai", anthropic: "sk-anthropic", groq: "sk-groq" }),
  vllmApiKey: pulumi.secret("vllm-secret"),
  service: { type: "NodePort", nodePort: 30400 },
  idleTimeoutSeconds: 600,
  ...changes,
});

async function create(changes: Partial<LlmGatewayArgs> = {}, options: MockOptions = { outputs }) {
  let gateway: LlmGateway | undefined;
  const resources = await resourcesOf(() => {
    gateway = new LlmGateway("llm-gateway", args(changes));
  }, options);
  if (gateway === undefined) throw new Error("not created");
  return { gateway, resources };
}

const named = (resources: readonly RecordedResource[], name: string) => {
  const found = resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`no resource ${name}`);
  return found.inputs;
};
const environmentOf = (resources: readonly RecordedResource[]): string[] =>
  onlyOf(resources, "Deployment").inputs["spec"].template.spec.containers[0].env.map(
    ({ name }: { name: string }) => name,
  );
const internet = (resources: readonly RecordedResource[]) =>
  onlyOf(resources, "NetworkPolicy").inputs["spec"].egress.filter(({ to }: { to: { ipBlock?: unknown }[] }) =>
    to.some(({ ipBlock }) => ipBlock !== undefined),
  );

describe("LlmGateway", () => {
  let gateway: LlmGateway;
  let resources: readonly RecordedResource[];
  beforeAll(async () => {
    ({ gateway, resources } = await create());
  });
  const pod = () => onlyOf(resources, "Deployment").inputs["spec"].template;

  it("mounts the configuration and its plug-ins, and starts anew when they change", async () => {
    const { metadata, data } = onlyOf(resources, "ConfigMap").inputs;
    expect(Object.keys(data).sort()).toEqual([
      "answers.json",
      "config.yaml",
      "gwanswers.py",
      "gwauth.py",
      "gwpaths.py",
      "gwpolicy.py",
      "gwstart.py",
    ]);
    expect(pod().spec.volumes[0]).toEqual({ name: "config", configMap: { name: metadata.name } });
    const other = await create({ gateway: gatewaySchema.parse({ timeoutSeconds: 60 }) });
    const annotations = onlyOf(other.resources, "Deployment").inputs["spec"].template.metadata.annotations;
    expect(annotations["checksum/config"]).not.toBe(pod().metadata.annotations["checksum/config"]);
    expect(onlyOf(other.resources, "ConfigMap").inputs["metadata"].name).not.toBe(metadata.name);
  });

  it("starts anew when a provider's key changes", async () => {
    const rotated = await create({ apiKeys: pulumi.secret({ openai: "sk-new", anthropic: "sk-anthropic" }) });
    const checksum = (of: readonly RecordedResource[]) =>
      onlyOf(of, "Deployment").inputs["spec"].template.metadata.annotations["checksum/secrets"];
    expect(checksum(rotated.resources)).not.toBe(checksum(resources));
  });

  it("shows no key outside Secrets", () => {
    expect(visible(resources)).not.toMatch(/sk-openai|sk-anthropic|sk-groq|vllm-secret|password-of-/);
  });

  it("holds the keys of the providers it calls and of no other", () => {
    expect(secretValue(named(resources, "llm-gateway-environment")["stringData"])).toEqual({
      LITELLM_MASTER_KEY: "password-of-llm-gateway-master-key",
      VLLM_API_KEY: "vllm-secret",
      COMMERCIAL_KEY_OPENAI: "sk-openai",
      COMMERCIAL_KEY_ANTHROPIC: "sk-anthropic",
    });
    expect(environmentOf(resources)).toEqual(
      expect.arrayContaining(["VLLM_API_KEY", "COMMERCIAL_KEY_OPENAI", "COMMERCIAL_KEY_ANTHROPIC"]),
    );
  });

  it("gives every client a key of its own and keeps only its hash", async () => {
    const keys = await resolved(gateway.clientKeys);
    expect(keys).toEqual({ web: "password-of-llm-gateway-client-web", batch: "password-of-llm-gateway-client-batch" });
    expect(await pulumi.isSecret(gateway.clientKeys)).toBe(true);
    const { "keys.json": file } = secretValue(named(resources, "llm-gateway-client-keys")["stringData"]) as Record<
      string,
      string
    >;
    expect(Object.keys(JSON.parse(file ?? ""))).toEqual([sha256(keys["web"] ?? ""), sha256(keys["batch"] ?? "")]);
    expect(file).not.toContain("password-of-");
  });

  it("keeps every pod under the strictest pod security", () => expectRestrictedPods(resources));

  it("drains for as long as an answer may take", () => {
    const { terminationGracePeriodSeconds, containers } = pod().spec;
    expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(180 + containers[0].lifecycle.preStop.sleep.seconds);
  });

  it("outlives the load balancer's idle connections", () => {
    expect(pod().spec.containers[0].args).toContain("--keepalive_timeout=620");
  });

  it("lets clients reach one port, and Prometheus the other, which no Service opens", () => {
    const { ingress } = onlyOf(resources, "NetworkPolicy").inputs["spec"];
    expect(ingress[0]).toEqual({ ports: [{ protocol: "TCP", port: 4000 }] });
    expect(ingress[1].from[0].podSelector.matchLabels).toEqual({ "app.kubernetes.io/name": "prometheus" });
    const { type, ports } = onlyOf(resources, "Service").inputs["spec"];
    expect(type).toBe("NodePort");
    expect(ports).toEqual([{ name: "http", port: 4000, targetPort: "http", nodePort: 30400 }]);
  });

  it("lets the hybrid gateway out to HTTPS, but not to private addresses", () => {
    expect(internet(resources)).toEqual([
      {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: expect.arrayContaining(["10.0.0.0/8", "169.254.0.0/16"]) } }],
        ports: [{ protocol: "TCP", port: 443 }],
      },
    ]);
    expect(pod().metadata.labels["breakeven.dev/external"]).toBe("true");
  });

  it("gives a gateway of restricted tasks no target, key or way outside", async () => {
    const closed = await create({ tasks: restricted.tasks, models: restricted.models });
    expect(onlyOf(closed.resources, "ConfigMap").inputs["data"]["config.yaml"]).not.toMatch(/COMMERCIAL_KEY|https:/);
    expect(environmentOf(closed.resources).filter((name) => name.startsWith("COMMERCIAL_KEY"))).toEqual([]);
    expect(
      Object.keys(secretValue(named(closed.resources, "llm-gateway-environment")["stringData"]) as object),
    ).toEqual(["LITELLM_MASTER_KEY", "VLLM_API_KEY"]);
    expect(internet(closed.resources)).toEqual([]);
    expect(onlyOf(closed.resources, "Deployment").inputs["metadata"].labels["breakeven.dev/external"]).toBe("false");
  });

  it("refuses to serve restricted and other tasks together", async () => {
    await expect(create({ tasks: { ...hybrid.tasks, ...restricted.tasks } })).rejects.toThrow("never both");
  });

  it("calls cloud models by the role of its own service account", async () => {
    const { resources: keyless } = await create({
      tasks: apiOnly.tasks,
      apiKeys: { google: "sk-g" },
      awsRegion: "eu-west-1",
    });
    const spec = onlyOf(keyless, "Deployment").inputs["spec"].template.spec;
    expect(spec.serviceAccountName).toBe(onlyOf(keyless, "ServiceAccount").inputs["metadata"].name);
    expect(spec.containers[0].env).toContainEqual({ name: "AWS_REGION", value: "eu-west-1" });
    expect(JSON.stringify(internet(keyless))).toContain("169.254.170.23/32");
  });

  it("is reached inside the cluster where nothing else is asked for", async () => {
    const { gateway: inner } = await create({ service: { type: "ClusterIP" } });
    expect(await resolved(inner.url)).toBe("http://llm-gateway.llm.svc.cluster.local:4000");
  });

  it("is reached by the name the cloud gives its load balancer", async () => {
    const balanced = {
      "kubernetes:core/v1:Service": () => ({ status: { loadBalancer: { ingress: [{ hostname: "lb.example" }] } } }),
    };
    const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/abc";
    const service = { type: "LoadBalancer", sourceRanges: ["203.0.113.0/24"], certificateArn } as const;
    const outer = await create({ service }, { outputs: { ...outputs, ...balanced } });
    expect(await resolved(outer.gateway.url)).toBe("https://lb.example");
    expect(onlyOf(outer.resources, "Service").inputs["spec"].loadBalancerSourceRanges).toEqual(["203.0.113.0/24"]);
  });

  it("is scaled by CPU alone where no KEDA is said to be", () => {
    expect(ofType(resources, "ScaledObject")).toEqual([]);
    expect(onlyOf(resources, "HorizontalPodAutoscaler").inputs["spec"].metrics).toEqual([
      { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } },
    ]);
  });

  it("knows routes, replicas and egress in a preview", async () => {
    const { resources: planned } = await create({}, { preview: true });
    expect(onlyOf(planned, "ConfigMap").inputs["data"]).toEqual(onlyOf(resources, "ConfigMap").inputs["data"]);
    const spec = onlyOf(planned, "Deployment").inputs["spec"];
    expect(spec.replicas).toBe(onlyOf(resources, "Deployment").inputs["spec"].replicas);
    expect(spec.template.spec).toEqual(pod().spec);
    expect(ofType(planned, "NetworkPolicy")).toHaveLength(1);
  });
});
