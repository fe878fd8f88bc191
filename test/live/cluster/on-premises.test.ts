import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../sandbox/cluster/kubectl.ts";
import { type DeployedStack, deploy, eventually, placements } from "./deployed-stack.ts";
import { acceptedWhole, inOrderAndSteady, leavesNothingBehind } from "./lifecycle.ts";

const NAMESPACE = "breakeven-prod";
const MODEL = "app.kubernetes.io/name=vllm";
const GATEWAY = "app.kubernetes.io/name=llm-gateway";
const POOL_NODE = "hall-a-0";

const DEPLOY_MS = 5 * 60_000;

describe("the on-premises stack on a Kubernetes API server", () => {
  let deployed: DeployedStack;
  beforeAll(async () => {
    deployed = await deploy("onprem");
  }, DEPLOY_MS);
  afterAll(() => deployed?.close());

  const kubectl = (...args: string[]): Promise<string> => deployed.cluster.kubectl.run(args);
  const pods = (selector?: string) => placements(deployed.cluster, NAMESPACE, selector);
  const running = async (selector: string) => (await pods(selector)).filter(({ phase }) => phase === "Running");
  const deploymentOf = async (selector: string): Promise<KubernetesObject> => {
    const [deployment] = await deployed.cluster.kubectl.list("deployments", NAMESPACE, selector);
    if (deployment === undefined) throw new Error(`no deployment has ${selector}`);
    return deployment;
  };
  const drain = (node: string, seconds: number) =>
    kubectl("drain", node, "--ignore-daemonsets", "--delete-emptydir-data", `--timeout=${seconds}s`);

  acceptedWhole("is accepted whole, with strict validation of every field", () => deployed);

  it("would have been refused with a field that the schema does not have", async () => {
    const { apiVersion, kind, spec } = await deploymentOf(GATEWAY);
    const misspelt = { apiVersion, kind, metadata: { name: "x", namespace: NAMESPACE }, spec: { ...spec, replica: 1 } };
    await expect(deployed.cluster.kubectl.apply(misspelt, { isDryRun: true })).rejects.toThrow(/spec\.replica\b/);
  });

  it("keeps pods out that are not restricted", async () => {
    const pod = (securityContext?: object) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "intruder", namespace: NAMESPACE },
      spec: { containers: [{ name: "shell", image: "busybox:1.37.0", securityContext }] },
    });
    const apply = (object: object) => deployed.cluster.kubectl.apply(object, { isDryRun: true });
    await expect(apply(pod({ privileged: true }))).rejects.toThrow('violates PodSecurity "restricted:latest"');
    await expect(apply(pod())).rejects.toThrow("runAsNonRoot != true");
  });

  it("runs every pod, models on the nodes of their pool and nothing else there", async () => {
    const [pool] = Object.values(deployed.config.pools);
    for (const { name, phase, gpus, nodeLabels } of await pods()) {
      expect(phase, name).toBe("Running");
      if (gpus > 0) expect(nodeLabels).toMatchObject(pool?.nodeSelector ?? {});
      else expect(nodeLabels).not.toHaveProperty(["nvidia.com/gpu.present"]);
    }
    expect((await pods(MODEL)).map(({ gpus }) => gpus)).toEqual(Array(8).fill(2));
  });

  it("leaves replicas beyond the capacity waiting, and runs the others", async () => {
    const { name } = (await deploymentOf(MODEL)).metadata;
    const scale = (replicas: number) =>
      kubectl("scale", `deployment/${name}`, "-n", NAMESPACE, `--replicas=${replicas}`);
    await scale(9);
    await eventually("one pod waits for GPUs", async () => {
      const waiting = (await pods(MODEL)).filter(({ phase }) => phase === "Pending");
      const conditions: { type: string; message?: string }[] = waiting[0]?.pod.status.conditions ?? [];
      const reason = conditions.find(({ type }) => type === "PodScheduled")?.message ?? "";
      return waiting.length === 1 && reason.includes("Insufficient nvidia.com/gpu");
    });
    expect((await running(MODEL)).length).toBe(8);
    await scale(8);
    await eventually("the pod is gone", async () => (await pods(MODEL)).length === 8);
  });

  it("drains a full node one replica at a time, and stops when no other node has room", async () => {
    await expect(drain(POOL_NODE, 8)).rejects.toThrow(/disruption budget/);
    expect((await running(MODEL)).length).toBe(7);
    await kubectl("uncordon", POOL_NODE);
    await eventually("all replicas run again", async () => (await running(MODEL)).length === 8);
  });

  it("moves the gateway off a drained node", async () => {
    const node: string = (await pods(GATEWAY))[0]?.pod.spec.nodeName;
    await drain(node, 30);
    await eventually(
      "all gateways run",
      async () => (await running(GATEWAY)).length === deployed.config.gateway.replicas,
    );
    expect((await pods(GATEWAY)).map(({ pod }) => pod.spec.nodeName)).not.toContain(node);
    await kubectl("uncordon", node);
  });

  inOrderAndSteady(() => deployed);

  it("does not overwrite in silence what someone changed by hand", async () => {
    const { metadata, spec } = await deploymentOf(GATEWAY);
    const [container] = spec.template.spec.containers;
    const patch = (image: string) => {
      const containers = [{ name: container.name, image }];
      const change = JSON.stringify({ spec: { template: { spec: { containers } } } });
      return kubectl("patch", `deployment/${metadata.name}`, "-n", NAMESPACE, "--patch", change);
    };
    await patch("example.org/other:1");
    const { verdict, errors } = await deployed.stack.up();
    expect(verdict).toBe("failed");
    expect(errors[0]).toContain('conflict with "kubectl-patch" using apps/v1: .spec.template.spec.containers');
    await patch(container.image);
  });

  leavesNothingBehind(() => deployed);
});
