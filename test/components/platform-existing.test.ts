import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { ofType, onlyOf, resolved } from "./mocks.ts";
import { create, existing, named, qwen, task } from "./platforms.ts";

describe("Platform on a cluster that is already there", () => {
  it("is reached through the cluster's Gateway where one is named, for as long as the longest answer takes", async () => {
    const { platform, resources } = await create({
      ...existing,
      gateway: { timeoutSeconds: 900 },
      loadBalancer: {
        gateway: {
          name: "shared",
          namespace: "ingress",
          listener: "https",
          hostname: "llm.example.com",
          restrictedHostname: "llm-own.example.com",
        },
      },
    });
    expect(named(resources, "HTTPRoute", "breakeven-restricted-route").inputs["spec"].hostnames).toEqual([
      "llm-own.example.com",
    ]);
    const { spec, metadata } = named(resources, "HTTPRoute", "breakeven-gateway-route").inputs as never;
    expect(metadata).toMatchObject({ namespace: "breakeven-prod" });
    expect(spec).toEqual({
      parentRefs: [
        {
          group: "gateway.networking.k8s.io",
          kind: "Gateway",
          name: "shared",
          namespace: "ingress",
          sectionName: "https",
        },
      ],
      hostnames: ["llm.example.com"],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/" } }],
          backendRefs: [{ group: "", kind: "Service", name: "breakeven-gateway", port: 4000, weight: 1 }],
          timeouts: { request: "910s", backendRequest: "910s" },
        },
      ],
    });
    expect(named(resources, "Service", "breakeven-gateway-service").inputs["spec"].type).toBe("ClusterIP");
    expect(await resolved(pulumi.output(platform.gatewayUrl))).toBe("https://llm.example.com");
    expect(await resolved(pulumi.output(platform.restrictedGatewayUrl))).toBe("https://llm-own.example.com");
  });

  it("creates nothing outside the cluster", async () => {
    const { resources } = await create(existing);
    expect(resources.filter(({ type }) => type.startsWith("aws:"))).toEqual([]);
    expect(ofType(resources, "Release")).toEqual([]);
    expect(onlyOf(resources, "pulumi:providers:kubernetes").inputs).toMatchObject({ context: "on-prem" });
  });

  it("finds GPU nodes by the labels they have", async () => {
    const { resources } = await create(existing);
    const { spec } = named(resources, "Deployment", "breakeven-vllm-qwen-deployment").inputs;
    expect(spec.template.spec.nodeSelector).toEqual({ "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3" });
  });

  it("is reached inside the cluster unless it is public", async () => {
    const { platform, resources } = await create(existing);
    expect(await resolved(platform.gatewayUrl ?? "")).toBe(
      "http://breakeven-gateway.breakeven-prod.svc.cluster.local:4000",
    );
    expect(new Set(ofType(resources, "Service").map(({ inputs }) => inputs["spec"].type))).toEqual(
      new Set(["ClusterIP"]),
    );
  });

  it("is a gateway and its namespace where nothing is self-hosted", async () => {
    const { platform, resources } = await create({
      environment: "dev",
      cluster: { kind: "existing" },
      tasks: { chat: { ...task, apiModel: "openai/gpt-6.1-terra" } },
      monitoring: { enabled: false },
      operations: { engineerUsdPerHour: 95 },
    });
    expect(ofType(resources, "Deployment").map(({ name }) => name)).toEqual(["breakeven-gateway-deployment"]);
    expect(platform.restrictedGatewayUrl).toBeUndefined();
  });

  it("refuses a model whose weights nobody resolved", async () => {
    const unresolved = { ...existing, models: { qwen: { ...qwen, weights: {} } } };
    await expect(create(unresolved)).rejects.toThrow("models.qwen.weights.huggingFaceId is not resolved");
  });
});
