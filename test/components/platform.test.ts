import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import type { Platform } from "../../components/platform.ts";
import { expectRestrictedPods, secretValue, visible } from "./gateway/expectations.ts";
import { ofType, onlyOf, type RecordedResource, resolved } from "./mocks.ts";
import { create, eks, named, outputs, pool, qwen } from "./platforms.ts";

describe("Platform on a new EKS cluster", () => {
  let platform: Platform;
  let resources: readonly RecordedResource[];
  beforeAll(async () => {
    ({ platform, resources } = await create(eks));
  });

  it("shows policies the declared config, and no secret, before any child exists", () => {
    expect(resources[0]).toMatchObject({ type: "breakeven:index:Platform", name: "breakeven" });
    expect(resources[0]?.inputs["config"].pools.h100.maxNodes).toBe(1);
    expect(Object.keys(resources[0]?.inputs ?? {})).toEqual(["config"]);
  });

  it("makes one of each part and a gateway with a load balancer for each side of the wall", () => {
    const parts = resources
      .filter(({ type }) => type.startsWith("breakeven:"))
      .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
    expect(parts.sort()).toEqual([
      "Cluster breakeven",
      "GpuNodePool breakeven-h100",
      "LlmGateway breakeven-gateway",
      "LlmGateway breakeven-restricted",
      "LoadBalancer breakeven-lb",
      "LoadBalancer breakeven-lb-own",
      "Monitoring breakeven-monitoring",
      "Network breakeven-network",
      "Platform breakeven",
      "VllmService breakeven-vllm-qwen",
    ]);
  });

  it("creates everything in the region the config names and is priced in", () => {
    expect(onlyOf(resources, "pulumi:providers:aws").inputs["region"]).toBe("us-east-1");
    for (const { name, type, provider } of resources.filter(({ type }) => type.startsWith("aws:")))
      expect(provider, `${type} ${name}`).toBe("breakeven-aws");
  });

  it("sends each load balancer to the node port of its gateway", () => {
    const ports = ["gateway", "restricted"].map(
      (role) => named(resources, "Service", `breakeven-${role}-service`).inputs["spec"].ports[0].nodePort,
    );
    expect(ports).toEqual([30400, 30401]);
    expect(ofType(resources, "TargetGroup").map(({ inputs }) => inputs["port"])).toEqual(ports);
  });

  it("keeps every pod under the strictest pod security, and the namespace enforces it", () => {
    expectRestrictedPods(resources);
    expect(named(resources, "Namespace", "breakeven-namespace").inputs["metadata"]).toMatchObject({
      name: "breakeven-prod",
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
  });

  it("runs all replicas of a pool that is paid in full", () => {
    const { spec } = named(resources, "Deployment", "breakeven-vllm-qwen-deployment").inputs;
    expect(spec.replicas).toBe(4);
    expect(spec.template.spec.nodeSelector).toEqual({ "breakeven.dev/pool": "h100" });
  });

  it("makes GPUs known to Kubernetes before pods ask for them", () => {
    const plugin = named(resources, "Release", "breakeven-device-plugin");
    expect(plugin.inputs).toMatchObject({ chart: "nvidia-device-plugin", version: "0.20.0", namespace: "kube-system" });
    expect(named(resources, "VllmService", "breakeven-vllm-qwen").dependsOn).toEqual(
      expect.arrayContaining(["breakeven-device-plugin", "breakeven-namespace"]),
    );
  });

  it("puts everything inside the cluster on the cluster's provider", () => {
    for (const { name, type, provider } of resources.filter(({ type }) => type.startsWith("kubernetes:")))
      expect(provider, `${type} ${name}`).toBe("breakeven-kubernetes");
  });

  it("has no key and no way outside for restricted tasks", () => {
    const secret = secretValue(named(resources, "Secret", "breakeven-restricted-environment").inputs["stringData"]);
    expect(JSON.stringify(secret)).not.toMatch(/COMMERCIAL|sk-openai/);
    const { egress } = named(resources, "NetworkPolicy", "breakeven-restricted-network-policy").inputs["spec"];
    expect(JSON.stringify(egress)).not.toContain("ipBlock");
    const open = named(resources, "ConfigMap", "breakeven-gateway-config").inputs["data"]["config.yaml"];
    expect(open).not.toContain("contracts");
  });

  it.each(["fixed", "elastic"] as const)("puts nodes of a %s pool where AWS has their type", async (scaling) => {
    const { resources: rare } = await create(
      { ...eks, pools: { h100: { ...pool, scaling } } },
      {
        outputs,
        answers: {
          "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": ({ filters, locationType }) => {
            expect({ filters, locationType }).toEqual({
              filters: [{ name: "instance-type", values: ["p5.48xlarge"] }],
              locationType: "availability-zone",
            });
            return { locations: ["us-east-1f", "us-east-1b"] };
          },
        },
      },
    );
    const inZoneB = ["breakeven-network-private-2-id"];
    if (scaling === "fixed")
      expect(named(rare, "NodeGroup", "breakeven-h100-nodes").inputs["subnetIds"]).toEqual(inZoneB);
    else expect(onlyOf(rare, "EC2NodeClass").inputs["spec"].subnetSelectorTerms).toEqual(inZoneB.map((id) => ({ id })));
  });

  it("shows no secret outside Secrets", () => {
    expect(visible(resources)).not.toMatch(/sk-openai|hub-secret|password-of-/);
  });

  it("tells where to call and with which keys", async () => {
    expect(await resolved(platform.gatewayUrl ?? "")).toBe("http://breakeven-lb-nlb.elb.example");
    expect(await resolved(platform.restrictedGatewayUrl ?? "")).toBe("http://breakeven-lb-own-nlb.elb.example");
    expect(await pulumi.isSecret(platform.clientKeys)).toBe(true);
    expect(await resolved(platform.clientKeys)).toEqual({
      gateway: { default: "password-of-breakeven-gateway-client-default" },
      restricted: { default: "password-of-breakeven-restricted-client-default" },
    });
  });

  it("knows all that decides the price in a preview", async () => {
    const { resources: planned } = await create(eks, { preview: true });
    expect(onlyOf(planned, "Platform").inputs).toEqual(resources[0]?.inputs);
    expect(named(planned, "Release", "breakeven-monitoring-prometheus").inputs["values"]).toEqual(
      named(resources, "Release", "breakeven-monitoring-prometheus").inputs["values"],
    );
    expect(planned.map(({ type }) => type).sort()).toEqual(resources.map(({ type }) => type).sort());
  });

  it("leaves the number of replicas and nodes of an elastic pool to KEDA and Karpenter", async () => {
    const { resources: elastic } = await create({ ...eks, pools: { h100: { ...pool, scaling: "elastic" } } });
    const deployment = named(elastic, "Deployment", "breakeven-vllm-qwen-deployment").inputs["spec"];
    expect(deployment).not.toHaveProperty("replicas");
    const { spec } = named(elastic, "ScaledObject", "breakeven-vllm-qwen-scaling").inputs;
    expect(spec).toMatchObject({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "breakeven-vllm-qwen" },
      minReplicaCount: 1,
      maxReplicaCount: 4,
    });
    expect(ofType(elastic, "aws:eks/nodeGroup:NodeGroup").map(({ name }) => name)).toEqual(["breakeven-system"]);
    expect(onlyOf(elastic, "NodePool").inputs["spec"].limits).toEqual({ nodes: "1" });
    expect(ofType(elastic, "Release").map(({ name }) => name)).toEqual(
      expect.arrayContaining(["breakeven-karpenter", "breakeven-keda", "breakeven-device-plugin"]),
    );
  });

  it("scales gateways by CPU and by the events they stream, and vLLM sends as many tokens in one as they were sized by", () => {
    const size = named(resources, "LlmGateway", "breakeven-gateway").inputs["size"];
    expect(named(resources, "ScaledObject", "breakeven-gateway-scaling").inputs["spec"]).toMatchObject({
      scaleTargetRef: { kind: "Deployment", name: "breakeven-gateway" },
      minReplicaCount: size.replicas,
      maxReplicaCount: size.maxReplicas,
      triggers: [
        { type: "cpu", metadata: { value: "60" } },
        {
          type: "prometheus",
          metadata: {
            query:
              'sum(rate(gateway_streamed_events_total{namespace="breakeven-prod", pod=~"breakeven-gateway-.+"}[1m]))',
            threshold: String(Math.round(size.eventsPerSecondPerPod)),
          },
        },
      ],
    });
    expect(ofType(resources, "HorizontalPodAutoscaler")).toEqual([]);
    const { args } = named(resources, "Deployment", "breakeven-vllm-qwen-deployment").inputs["spec"].template.spec
      .containers[0];
    expect(args).toContain("--stream-interval=1");
  });

  it("removes scaled objects and pools before what looks after them", async () => {
    const { resources: elastic } = await create({ ...eks, pools: { h100: { ...pool, scaling: "elastic" } } });
    for (const { dependsOn } of ofType(elastic, "ScaledObject")) expect(dependsOn).toContain("breakeven-keda");
    for (const type of ["NodePool", "EC2NodeClass"])
      expect(onlyOf(elastic, type).dependsOn).toContain("breakeven-karpenter");
  });

  it("takes every image from the mirror where there is one", async () => {
    const { resources: mirrored } = await create({
      ...eks,
      cluster: { kind: "eks", region: "us-east-1", registryMirror: "mirror.example/hub" },
      pools: { h100: { ...pool, scaling: "elastic" } },
    });
    const images = ofType(mirrored, "Deployment").flatMap(({ inputs }) =>
      inputs["spec"].template.spec.containers.map(({ image }: { image: string }) => image),
    );
    expect(images.length).toBeGreaterThan(2);
    for (const image of images) expect(image).toMatch(/^mirror\.example\/hub\//);
    const releases = ofType(mirrored, "Release");
    expect(releases.length).toBeGreaterThan(3);
    for (const { name, inputs } of releases)
      expect(JSON.stringify(inputs["values"]), name).toContain("mirror.example/hub");
  });

  it("sends the gateway to a model's router, and the router to its replicas, where the model asks for it", async () => {
    const { resources: routed } = await create({
      ...eks,
      models: { qwen: { ...qwen, routing: "prefix-aware" } },
    });
    const config = named(routed, "ConfigMap", "breakeven-gateway-config").inputs["data"]["config.yaml"];
    expect(config).toContain("api_base: http://breakeven-router-qwen.breakeven-prod.svc.cluster.local:8000/v1");
    expect(config).not.toContain("breakeven-vllm-qwen.");
    const { args: flags } = named(routed, "Deployment", "breakeven-router-qwen-deployment").inputs["spec"].template.spec
      .containers[0];
    const { selector } = named(routed, "Service", "breakeven-vllm-qwen-service").inputs["spec"];
    for (const [key, value] of Object.entries(selector)) expect(flags).toContain(`${key}=${value}`);
    const peers = named(routed, "NetworkPolicy", "breakeven-gateway-network-policy").inputs["spec"].egress;
    expect(JSON.stringify(peers)).toContain('"vllm-router"');
  });

  it("denies every connection in its namespace that no policy allows", () => {
    expect(named(resources, "NetworkPolicy", "breakeven-default-deny").inputs["spec"]).toEqual({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
  });
});
