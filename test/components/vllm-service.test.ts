import { beforeAll, describe, expect, it } from "vitest";
import { VllmService, type VllmServiceArgs } from "../../components/vllm-service.ts";
import { modelSchema } from "../../config/model.ts";
import { expectRestrictedPods, secretValue, visible } from "./gateway/expectations.ts";
import { ofType, onlyOf, type RecordedResource, resourcesOf } from "./mocks.ts";

const args: VllmServiceArgs = {
  namespace: "llm",
  model: "qwen",
  config: modelSchema.parse({
    catalogModel: "Qwen3-32B",
    pool: "h100",
    gpusPerReplica: 2,
    replicas: { min: 1, max: 3 },
  }),
  huggingFaceId: "Qwen/Qwen3-32B",
  weightsGiB: 62,
  replicas: 3,
  poolSelector: { "breakeven.dev/pool": "h100" },
  apiKey: "vllm-secret",
  huggingFaceToken: "hub-secret",
};

const create = (changes: Partial<VllmServiceArgs> = {}) =>
  resourcesOf(() => new VllmService("llm-vllm-qwen", { ...args, ...changes }));

describe("VllmService", () => {
  let resources: readonly RecordedResource[];
  let service: VllmService;
  beforeAll(async () => {
    resources = await resourcesOf(() => {
      service = new VllmService("llm-vllm-qwen", args);
    });
  });
  const deployment = () => onlyOf(resources, "Deployment").inputs["spec"];
  const container = () => deployment().template.spec.containers[0];

  it("gives every replica as many GPUs as its tensor-parallel size, on nodes of its pool", () => {
    expect(deployment().replicas).toBe(3);
    expect(container().args).toContain("--tensor-parallel-size=2");
    expect(container().resources.limits).toEqual({ "nvidia.com/gpu": "2" });
    expect(container().resources.requests["nvidia.com/gpu"]).toBe("2");
    expect(deployment().template.spec.nodeSelector).toEqual({ "breakeven.dev/pool": "h100" });
    expect(deployment().template.spec.tolerations).toEqual([
      { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
    ]);
  });

  it("never needs a spare GPU to roll out", () => {
    expect(deployment().strategy.rollingUpdate).toEqual({ maxSurge: 0, maxUnavailable: 1 });
  });

  it("adds up: pause, drain and teardown are the grace period", () => {
    const [drain] = container().args.flatMap(
      (argument: string) => argument.match(/^--shutdown-timeout=(\d+)$/)?.[1] ?? [],
    );
    const pause = container().lifecycle.preStop.sleep.seconds;
    expect(deployment().template.spec.terminationGracePeriodSeconds).toBe(pause + Number(drain) + 15);
  });

  it("asks for health on a path that needs no key", () => {
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"])
      expect(container()[probe].httpGet).toEqual({ path: "/health", port: "http" });
    const { failureThreshold, periodSeconds } = container().startupProbe;
    expect(deployment().progressDeadlineSeconds).toBeGreaterThan(failureThreshold * periodSeconds);
  });

  it("runs as the image's own user under the strictest pod security", () => {
    expectRestrictedPods(resources);
    expect(deployment().template.spec.securityContext).toMatchObject({ runAsUser: 2000, runAsGroup: 0 });
  });

  it("writes to volumes only", () => {
    const paths = container().volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath);
    expect(paths).toEqual(["/cache", "/tmp", "/dev/shm"]);
    const environment = Object.fromEntries(
      container().env.map(({ name, value }: { name: string; value?: string }) => [name, value]),
    );
    for (const key of ["HOME", "HF_HOME", "VLLM_CACHE_ROOT", "TORCHINDUCTOR_CACHE_DIR", "TRITON_CACHE_DIR"])
      expect(environment[key]).toMatch(/^\/cache/);
  });

  it("keeps keys out of everything but its Secret", () => {
    expect(secretValue(onlyOf(resources, "Secret").inputs["stringData"])).toEqual({
      VLLM_API_KEY: "vllm-secret",
      HF_TOKEN: "hub-secret",
    });
    expect(visible(resources)).not.toMatch(/vllm-secret|hub-secret/);
  });

  it("lets gateways and Prometheus in and nobody else", () => {
    const { ingress, policyTypes, podSelector } = onlyOf(resources, "NetworkPolicy").inputs["spec"];
    expect(policyTypes).toEqual(["Ingress", "Egress"]);
    expect(podSelector).toEqual(deployment().selector);
    expect(ingress).toEqual([
      {
        from: [
          { podSelector: { matchLabels: { "app.kubernetes.io/name": "llm-gateway" } } },
          { namespaceSelector: {}, podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } } },
        ],
        ports: [{ protocol: "TCP", port: 8000 }],
      },
    ]);
  });

  it("has an address that matches its Service and is known in a preview", () => {
    const { metadata, spec } = onlyOf(resources, "Service").inputs;
    expect(service.url).toBe("http://llm-vllm-qwen.llm.svc.cluster.local:8000/v1");
    expect(service.url).toContain(`//${metadata.name}.${metadata.namespace}.`);
    expect(spec.selector).toEqual(deployment().selector.matchLabels);
    expect(deployment().template.metadata.labels).toMatchObject({
      ...spec.selector,
      "breakeven.dev/model": "qwen",
      "breakeven.dev/pool": "h100",
    });
  });

  it("survives node drains one replica at a time", () => {
    expect(onlyOf(resources, "PodDisruptionBudget").inputs["spec"].maxUnavailable).toBe(1);
  });

  it("does not wait for endpoints, which zero replicas never have", async () => {
    const [idle] = ofType(await create({ replicas: 0 }), "Service");
    expect(idle?.inputs["metadata"].annotations).toEqual({ "pulumi.com/skipAwait": "true" });
  });

  it("knows all that is priced in a preview", async () => {
    const planned = await resourcesOf(() => new VllmService("llm-vllm-qwen", args), { preview: true });
    expect(onlyOf(planned, "Deployment").inputs["spec"].replicas).toBe(3);
  });
});
