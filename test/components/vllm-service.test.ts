import { beforeAll, describe, expect, it } from "vitest";
import { VllmService, type VllmServiceArgs } from "../../components/vllm-service.ts";
import { modelSchema } from "../../config/model.ts";
import { poolSchema } from "../../config/pool.ts";
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
  nodes: 1,
  efaInterfaces: 32,
  startUp: poolSchema.parse({ hardware: { kind: "instance", instanceType: "p5.48xlarge" }, maxNodes: 1 }).startUp,
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
    expect(paths).toEqual(["/cache", "/tmp", "/dev/shm", "/etc/breakeven"]);
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
          { podSelector: { matchLabels: { "app.kubernetes.io/name": "vllm-router" } } },
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

  it("closes every connection after its answer, so that the next request may meet another replica", () => {
    expect(container().args).toContain("--middleware=close_connections.CloseConnections");
    const { data, metadata } = onlyOf(resources, "ConfigMap").inputs;
    expect(data["close_connections.py"]).toContain('(b"connection", b"close")');
    expect(deployment().template.spec.volumes).toContainEqual({ name: "python", configMap: { name: metadata.name } });
    const environment = container().env as { name: string; value?: string }[];
    expect(environment).toContainEqual({ name: "PYTHONPATH", value: "/etc/breakeven" });
  });
});

const withWeights = (weights: object, more: Partial<VllmServiceArgs> = {}) =>
  create({
    config: modelSchema.parse({
      catalogModel: "Qwen3-32B",
      pool: "h100",
      gpusPerReplica: 2,
      replicas: { min: 0, max: 3 },
      weights,
    }),
    ...more,
  });
const egressOf = (resources: readonly RecordedResource[], name = "llm-vllm-qwen-network-policy") =>
  JSON.stringify(ofType(resources, "NetworkPolicy").find((policy) => policy.name === name)?.inputs["spec"].egress);
const podOf = (resources: readonly RecordedResource[]) => onlyOf(resources, "Deployment").inputs["spec"].template.spec;

describe("weights", () => {
  it("from the hub are the one reason for a replica to reach the internet", async () => {
    expect(egressOf(await create())).toContain("0.0.0.0/0");
    for (const weights of [
      { cache: { storageClass: "cephfs", sizeGiB: 100 } },
      { image: "registry.example.com/weights/qwen:v4" },
    ])
      expect(egressOf(await withWeights(weights))).not.toContain("ipBlock");
  });

  it("on a volume are fetched once, by a job no replica runs without", async () => {
    const resources = await withWeights({ cache: { storageClass: "cephfs", sizeGiB: 100 }, revision: "v4" });
    expectRestrictedPods(resources);
    expect(onlyOf(resources, "PersistentVolumeClaim").inputs["spec"]).toEqual({
      accessModes: ["ReadWriteMany"],
      storageClassName: "cephfs",
      resources: { requests: { storage: "100Gi" } },
    });
    const job = onlyOf(resources, "Job");
    const [fetching] = job.inputs["spec"].template.spec.containers;
    expect(fetching.args).toEqual([JSON.stringify({ id: "Qwen/Qwen3-32B", revision: "v4" })]);
    expect(onlyOf(resources, "Deployment").dependsOn).toContain(job.name);
    expect(egressOf(resources, "llm-vllm-qwen-prefetch-network-policy")).toContain("0.0.0.0/0");
    const { containers, volumes } = podOf(resources);
    expect(volumes).toContainEqual({ name: "weights", persistentVolumeClaim: { claimName: "llm-vllm-qwen-weights" } });
    expect(containers[0].volumeMounts).toEqual(
      expect.arrayContaining([
        { name: "weights", mountPath: "/weights", readOnly: true },
        { name: "weights", mountPath: "/compile", subPath: "compile" },
      ]),
    );
    expect(containers[0].env).toEqual(
      expect.arrayContaining([
        { name: "HF_HUB_OFFLINE", value: "1" },
        { name: "VLLM_CACHE_ROOT", value: "/compile" },
      ]),
    );
    expect(JSON.stringify(containers[0].env)).not.toContain("HF_TOKEN");
  });

  it("in an image are mounted read-only and asked for nowhere else", async () => {
    const { containers, volumes } = podOf(await withWeights({ image: "registry.example.com/weights/qwen:v4" }));
    expect(volumes).toContainEqual({
      name: "weights",
      image: { reference: "registry.example.com/weights/qwen:v4", pullPolicy: "IfNotPresent" },
    });
    expect(containers[0].args[0]).toBe("/weights");
    expect(containers[0].resources.requests["ephemeral-storage"]).toBe("10Gi");
  });

  it("in S3 are read with the role of the pods' own account, through a private endpoint where there is one", async () => {
    const s3 = { s3Uri: "s3://weights/qwen/v4" };
    const resources = await withWeights(s3, { serviceAccountName: "llm-vllm-qwen", s3Cidr: "10.40.0.0/16" });
    expect(podOf(resources).serviceAccountName).toBe("llm-vllm-qwen");
    expect(podOf(resources).automountServiceAccountToken).toBe(false);
    expect(egressOf(resources)).toContain('"cidr":"10.40.0.0/16"');
    expect(egressOf(resources)).not.toContain("0.0.0.0/0");
  });
});

describe("a replica that spans nodes", () => {
  let resources: readonly RecordedResource[];
  beforeAll(async () => {
    resources = await create({
      nodes: 2,
      config: modelSchema.parse({
        catalogModel: "DeepSeek-R1",
        pool: "h100",
        gpusPerReplica: 16,
        pipelineStages: 2,
        replicas: { min: 1, max: 2 },
      }),
    });
  });
  const template = () => onlyOf(resources, "LeaderWorkerSet").inputs["spec"].leaderWorkerTemplate;

  it("is a group that lives and dies as one, and rolls out without spare GPUs", () => {
    expect(ofType(resources, "Deployment")).toEqual([]);
    const { spec } = onlyOf(resources, "LeaderWorkerSet").inputs;
    expect(spec.replicas).toBe(3);
    expect(spec.rolloutStrategy.rollingUpdateConfiguration).toEqual({ maxUnavailable: 1, maxSurge: 0 });
    expect(template()).toMatchObject({ size: 2, restartPolicy: "RecreateGroupOnPodRestart" });
  });

  it("has a leader that answers and workers that do not, each with its share of the GPUs and all adapters of its node", () => {
    const [leader, worker] = [template().leaderTemplate, template().workerTemplate].map(
      ({ spec }) => spec.containers[0],
    );
    expect(leader.resources.limits).toEqual({ "nvidia.com/gpu": "8", "vpc.amazonaws.com/efa": "32" });
    expect(worker.resources.limits).toEqual(leader.resources.limits);
    expect(leader).toHaveProperty("readinessProbe");
    expect(worker).not.toHaveProperty("readinessProbe");
    expect(worker.args).toContain("--headless");
    expect(onlyOf(resources, "Service").inputs["spec"].selector).toMatchObject({ "breakeven.dev/role": "leader" });
  });

  it("keeps its nodes in one zone", () => {
    const [term] = template().workerTemplate.spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution;
    expect(term).toMatchObject({
      topologyKey: "topology.kubernetes.io/zone",
      matchLabelKeys: ["leaderworkerset.sigs.k8s.io/group-key"],
    });
  });

  it("lets its own pods talk to each other, and nobody else", () => {
    const { ingress, egress, podSelector } = onlyOf(resources, "NetworkPolicy").inputs["spec"];
    expect(ingress).toContainEqual({ from: [{ podSelector }] });
    expect(egress).toContainEqual({ to: [{ podSelector }] });
  });
});

describe("a model that KEDA scales", () => {
  const scaled = (min: number) =>
    create({
      replicas: undefined,
      autoscaling: {
        prometheusUrl: "http://prometheus:9090",
        tasks: ["chat", "mail"],
        requestsPerReplica: 40,
        coolDownSeconds: 1800,
      },
      config: modelSchema.parse({ catalogModel: "Qwen3-32B", pool: "h100", replicas: { min, max: 4 } }),
    });
  const triggersOf = (resources: readonly RecordedResource[]) =>
    (
      onlyOf(resources, "ScaledObject").inputs["spec"].triggers as { name: string; metadata: Record<string, string> }[]
    ).map(({ name, metadata }) => [name, metadata["query"], metadata["threshold"]]);

  it("says no number of replicas, so that two never argue about it", async () => {
    expect(onlyOf(await scaled(1), "Deployment").inputs["spec"]).not.toHaveProperty("replicas");
  });

  it("grows with what waits, what runs and what the cache holds, per replica", async () => {
    expect(triggersOf(await scaled(1))).toEqual([
      ["waiting", 'sum(vllm:num_requests_waiting{namespace="llm", model_name="qwen"})', "5"],
      ["running", 'sum(vllm:num_requests_running{namespace="llm", model_name="qwen"})', "40"],
      ["kv-cache", 'sum(vllm:kv_cache_usage_perc{namespace="llm", model_name="qwen"})', "0.8"],
    ]);
  });

  it("is woken from zero by requests at the gateway, as it has no metrics of its own then", async () => {
    expect(triggersOf(await scaled(0)).at(-1)).toEqual([
      "wake",
      'sum(rate(litellm_proxy_total_requests_metric_total{namespace="llm", requested_model=~"chat|mail"}[2m])) > bool 0',
      "1",
    ]);
  });

  it("keeps what runs while Prometheus is away, and goes down slowly", async () => {
    const { spec } = onlyOf(await scaled(0), "ScaledObject").inputs;
    expect(spec.fallback).toEqual({ failureThreshold: 3, replicas: 1, behavior: "currentReplicasIfHigher" });
    expect(spec.cooldownPeriod).toBe(1800);
    expect(spec.advanced.horizontalPodAutoscalerConfig.behavior.scaleDown.stabilizationWindowSeconds).toBe(300);
  });

  it("is not waited for while it may be at zero", async () => {
    const annotations = async (min: number) =>
      onlyOf(await scaled(min), "Deployment").inputs["metadata"].annotations?.["pulumi.com/skipAwait"];
    expect([await annotations(0), await annotations(1)]).toEqual(["true", undefined]);
  });
});
