/** A committed stack on a cluster of its own. */

import type { PlatformConfig } from "../../../config/platform.ts";
import type { SandboxCluster } from "../../../sandbox/cluster/control-plane.ts";
import { furnish, openOnCluster, platformConfig, sandboxCluster } from "../../../sandbox/cluster/deploy.ts";
import type { KubernetesObject } from "../../../sandbox/cluster/kubectl.ts";
import type { Outcome } from "../../../sandbox/outcome.ts";
import type { SandboxStack } from "../../../sandbox/workspace.ts";

export interface DeployedStack {
  readonly cluster: SandboxCluster;
  readonly stack: SandboxStack;
  readonly config: PlatformConfig;
  /** How the first `up` ended. */
  readonly up: Outcome;
  /** Names of all objects in the cluster before it. */
  readonly before: ReadonlySet<string>;
  close(): Promise<void>;
}

/** Takes a cluster, deploys the stack, and leaves both running until `close`. */
export async function deploy(stackName: string): Promise<DeployedStack> {
  const cluster = await sandboxCluster();
  try {
    const config = platformConfig(stackName);
    await furnish(cluster, config);
    const before = await objectNames(cluster);
    const stack = await openOnCluster(cluster, stackName);
    const close = async (): Promise<void> => {
      stack.close();
      await cluster.stop();
    };
    return { cluster, stack, config, up: await stack.up(), before, close };
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

/** Come and go by themselves. */
const TRANSIENT = /^(events|events\.events\.k8s\.io|leases\.coordination\.k8s\.io|bindings|componentstatuses)$/;

/** Every object of every kind in the cluster, by version, kind, namespace and name. */
export async function objectNames({ kubectl }: SandboxCluster): Promise<Set<string>> {
  const resources = (await kubectl.run(["api-resources", "--verbs=list", "--output=name"])).trim().split("\n");
  const kinds = resources.filter((resource) => !TRANSIENT.test(resource)).join(",");
  const columns = "custom-columns=A:.apiVersion,K:.kind,NS:.metadata.namespace,N:.metadata.name";
  const lines = await kubectl.run([
    "get",
    kinds,
    "--all-namespaces",
    "--no-headers",
    "-o",
    columns,
    "--ignore-not-found",
  ]);
  return new Set(
    lines
      .trim()
      .split("\n")
      .map((line) => line.trim().split(/\s+/).join(" ")),
  );
}

/** Objects that the stack has deployed, charts aside: those are recorded and never rendered here. */
export async function deployedObjects(stack: SandboxStack): Promise<KubernetesObject[]> {
  const resources = await stack.resources();
  return resources
    .filter(({ type }) => type.startsWith("kubernetes:") && !type.startsWith("kubernetes:helm.sh"))
    .map(({ outputs }) => outputs as unknown as KubernetesObject);
}

/** As `objectNames` has it. */
export const nameOf = ({ apiVersion, kind, metadata }: KubernetesObject): string =>
  [apiVersion, kind, metadata.namespace ?? "<none>", metadata.name].join(" ");

/** Every pod of a namespace with the labels of the node that it runs on, undefined while it waits. */
export async function placements({ kubectl }: SandboxCluster, namespace: string, selector = "") {
  const nodes = new Map((await kubectl.list("nodes")).map((node) => [node.metadata.name, node]));
  return (await kubectl.list("pods", namespace, selector)).map((pod) => ({
    pod,
    name: pod.metadata.name,
    phase: pod.status.phase as string,
    gpus: gpusOf(pod),
    nodeLabels: nodes.get(pod.spec.nodeName)?.metadata["labels"] as Record<string, string> | undefined,
  }));
}

/** GPUs that a pod asks for. */
const gpusOf = (pod: KubernetesObject): number =>
  (pod.spec.containers as { resources?: { limits?: Record<string, string> } }[])
    .map(({ resources }) => Number(resources?.limits?.["nvidia.com/gpu"] ?? 0))
    .reduce((sum, gpus) => sum + gpus, 0);

/** Waits until `isTrue`; throws with `what` when that takes longer than 30 s. */
export async function eventually(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`not within 30 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
