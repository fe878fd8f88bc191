import { beforeAll, describe, expect, it } from "vitest";
import { VllmRouter } from "../../components/vllm-router.ts";
import { VllmService } from "../../components/vllm-service.ts";
import { modelSchema } from "../../config/model.ts";
import { poolSchema } from "../../config/pool.ts";
import { ofType, type RecordedResource, resourcesOf } from "./mocks.ts";

// biome-ignore lint/suspicious/noExplicitAny: a pod as Kubernetes takes it
type Pod = any;

const { startUp } = poolSchema.parse({ hardware: { kind: "instance", instanceType: "p5.48xlarge" }, maxNodes: 1 });
const service = (name: string, changes: object, nodes = 1) =>
  new VllmService(name, {
    namespace: "llm",
    model: name,
    huggingFaceId: "Qwen/Qwen3-32B",
    weightsGiB: 62,
    nodes,
    efaInterfaces: 32,
    startUp,
    replicas: 2,
    poolSelector: { "breakeven.dev/pool": "h100" },
    apiKey: "key",
    config: modelSchema.parse({ catalogModel: "Qwen3-32B", pool: "h100", replicas: { min: 1, max: 2 }, ...changes }),
  });

/** Every pod of model servers, whatever runs it. */
function podsOf(resources: readonly RecordedResource[]): readonly (readonly [string, Pod])[] {
  const templates = ["Deployment", "Job"].flatMap((type) =>
    ofType(resources, type).map(({ name, inputs }) => [name, inputs["spec"].template.spec] as const),
  );
  const groups = ofType(resources, "LeaderWorkerSet").flatMap(({ name, inputs }) => {
    const { leaderTemplate, workerTemplate } = inputs["spec"].leaderWorkerTemplate;
    return [
      [`${name} leader`, leaderTemplate.spec],
      [`${name} worker`, workerTemplate.spec],
    ] as const;
  });
  return [...templates, ...groups];
}

describe("every workload of model servers", () => {
  let pods: readonly (readonly [string, Pod])[];
  beforeAll(async () => {
    const resources = await resourcesOf(() => {
      service("hub", {});
      service("cached", { weights: { cache: { storageClass: "cephfs", sizeGiB: 100 } } });
      service("grouped", { gpusPerReplica: 16, pipelineStages: 2 }, 2);
      new VllmRouter("routed", {
        namespace: "llm",
        model: "hub",
        workers: { "app.kubernetes.io/instance": "hub" },
        maxConcurrentSequences: 256,
        longestSeconds: 300,
      });
    });
    pods = podsOf(resources);
  });

  it("is looked at", () => {
    expect(pods.map(([name]) => name).sort()).toEqual([
      "cached-deployment",
      "cached-prefetch",
      "grouped-group leader",
      "grouped-group worker",
      "hub-deployment",
      "routed-deployment",
    ]);
  });

  it("runs as an ordinary user without privileges, on a file system it cannot write, without a token of the cluster but where replicas are looked up", () => {
    for (const [name, pod] of pods) {
      expect(pod.automountServiceAccountToken, name).toBe(name === "routed-deployment");
      expect(pod.securityContext, name).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      });
      for (const container of pod.containers)
        expect(container.securityContext, name).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        });
    }
  });

  it("asks for CPU and memory, and bounds what it takes: GPUs, or memory where it has none", () => {
    for (const [name, { containers }] of pods)
      for (const { resources } of containers) {
        expect(Object.keys(resources.requests), name).toEqual(expect.arrayContaining(["cpu", "memory"]));
        expect(
          Object.keys(resources.limits).some((limit) => limit === "nvidia.com/gpu" || limit === "memory"),
          name,
        ).toBe(true);
      }
  });

  it("runs an exact version", () => {
    for (const [name, { containers }] of pods)
      for (const { image } of containers) expect(image, name).toMatch(/:v\d+\.\d+\.\d+(@sha256:[0-9a-f]{64})?$/);
  });

  it("is spread over nodes and watched by probes where it answers", () => {
    for (const [name, pod] of pods) {
      const answers = pod.containers.some(({ ports }: Pod) => ports?.some(({ name: port }: Pod) => port === "http"));
      if (!answers) continue;
      expect(JSON.stringify(pod.topologySpreadConstraints), name).toContain("kubernetes.io/hostname");
      for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"])
        expect(pod.containers[0][probe].timeoutSeconds, `${name} ${probe}`).toBeGreaterThanOrEqual(5);
    }
  });
});
