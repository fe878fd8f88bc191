import { beforeAll, describe, expect, it } from "vitest";
import { routerArgs } from "../../components/vllm/router.ts";
import { VllmRouter } from "../../components/vllm-router.ts";
import { onlyOf, type RecordedResource, resourcesOf } from "./mocks.ts";

const workers = {
  "app.kubernetes.io/name": "vllm",
  "app.kubernetes.io/instance": "llm-vllm-qwen",
  "breakeven.dev/role": "leader",
};
const args = { namespace: "llm", model: "qwen", workers, maxConcurrentSequences: 100, longestSeconds: 300 };

describe("VllmRouter", () => {
  let resources: readonly RecordedResource[];
  let router: VllmRouter;
  beforeAll(async () => {
    resources = await resourcesOf(() => {
      router = new VllmRouter("llm-router-qwen", args);
    });
  });
  const spec = (type: string) => onlyOf(resources, type).inputs["spec"];
  const pod = () => spec("Deployment").template.spec;

  it("keeps its resources' names, which are an API", () => {
    expect(resources.map(({ name }) => name).sort()).toEqual([
      "llm-router-qwen",
      "llm-router-qwen-account",
      "llm-router-qwen-deployment",
      "llm-router-qwen-disruption-budget",
      "llm-router-qwen-network-policy",
      "llm-router-qwen-role",
      "llm-router-qwen-role-binding",
      "llm-router-qwen-service",
    ]);
  });

  it("chooses by prefix until a replica is an eighth of its places ahead, among the pods that answer", () => {
    expect(routerArgs({ ...args, name: "llm-router-qwen" })).toEqual([
      "--host=0.0.0.0",
      "--port=8000",
      "--policy=cache_aware",
      "--balance-abs-threshold=13",
      "--max-tree-size=16777216",
      "--service-discovery",
      "--service-discovery-namespace=llm",
      "--service-discovery-port=8000",
      "--selector",
      "app.kubernetes.io/name=vllm",
      "app.kubernetes.io/instance=llm-vllm-qwen",
      "breakeven.dev/role=leader",
      "--request-timeout-secs=310",
      "--retry-max-retries=2",
      "--health-check-interval-secs=5",
      "--prometheus-host=0.0.0.0",
      "--prometheus-port=29000",
    ]);
    expect(pod().containers[0].args).toEqual(routerArgs({ ...args, name: "llm-router-qwen" }));
  });

  it("may read the pods of its namespace and nothing else", () => {
    expect(onlyOf(resources, "Role").inputs["rules"]).toEqual([
      { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] },
    ]);
    const { roleRef, subjects } = onlyOf(resources, "RoleBinding").inputs;
    expect(roleRef).toMatchObject({ kind: "Role", name: "llm-router-qwen" });
    expect(subjects).toEqual([{ kind: "ServiceAccount", name: pod().serviceAccountName, namespace: "llm" }]);
  });

  it("is reached by gateways and Prometheus, and reaches its replicas, names and the Kubernetes API, never the internet", () => {
    const { ingress, egress, policyTypes, podSelector } = spec("NetworkPolicy");
    expect(policyTypes).toEqual(["Ingress", "Egress"]);
    expect(podSelector).toEqual(spec("Deployment").selector);
    expect(ingress).toEqual([
      {
        from: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "llm-gateway" } } }],
        ports: [{ protocol: "TCP", port: 8000 }],
      },
      expect.objectContaining({ ports: [{ protocol: "TCP", port: 29000 }] }),
    ]);
    expect(egress).toContainEqual({
      to: [{ podSelector: { matchLabels: workers } }],
      ports: [{ protocol: "TCP", port: 8000 }],
    });
    const ranges = JSON.stringify(egress).match(/"\d+\.\d+\.\d+\.\d+\/\d+"/g);
    expect(ranges).toEqual(['"10.0.0.0/8"', '"100.64.0.0/10"', '"172.16.0.0/12"', '"192.168.0.0/16"']);
  });

  it("is probed where it says whether it lives and has replicas, with time to answer", () => {
    const { startupProbe, readinessProbe, livenessProbe } = pod().containers[0];
    expect(readinessProbe).toEqual({
      httpGet: { path: "/readiness", port: "http" },
      periodSeconds: 5,
      timeoutSeconds: 5,
      failureThreshold: 3,
    });
    for (const probe of [startupProbe, livenessProbe])
      expect(probe).toMatchObject({ httpGet: { path: "/liveness" }, timeoutSeconds: 5 });
  });

  it("lets running answers end: longer than the gateway waits for one", () => {
    const { lifecycle } = pod().containers[0];
    expect(lifecycle.preStop.sleep.seconds).toBe(10);
    expect(pod().terminationGracePeriodSeconds).toBeGreaterThanOrEqual(300 + 10);
  });

  it("keeps one of two while nodes are drained, also while its model sleeps and none is ready", () => {
    expect(spec("Deployment").replicas).toBe(2);
    expect(spec("PodDisruptionBudget")).toMatchObject({
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: spec("Deployment").selector,
    });
  });

  it("has an address that matches its Service and is known in a preview", () => {
    expect(router.url).toBe("http://llm-router-qwen.llm.svc.cluster.local:8000/v1");
    expect(onlyOf(resources, "Service").inputs["metadata"].name).toBe("llm-router-qwen");
    expect(spec("Service").selector).toEqual(spec("Deployment").selector.matchLabels);
  });

  it("comes from the mirror where there is one", async () => {
    const mirrored = await resourcesOf(
      () => new VllmRouter("r", { ...args, registryMirror: "registry.example/mirror" }),
    );
    expect(onlyOf(mirrored, "Deployment").inputs["spec"].template.spec.containers[0].image).toMatch(
      /^registry\.example\/mirror\/vllm\/vllm-router:v/,
    );
  });
});
