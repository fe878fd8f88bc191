/** Waits, as the real provider does, until an object does what it is for. */

import { setTimeout as sleep } from "node:timers/promises";
import { inNamespace, type Kubectl, type KubernetesObject, resourceName } from "../cluster/kubectl.ts";
import type { Resource } from "./local-provider.ts";

/** Pods are ready within seconds here; what is not ready by then waits for something that will not come. */
const TIMEOUT_SECONDS = 120;

type Await = (client: Kubectl, object: KubernetesObject) => Promise<void>;

const rollout: Await = async (client, object) => {
  const { name, namespace } = object.metadata;
  try {
    const target = `${resourceName(object)}/${name}`;
    await client.run(["rollout", "status", target, ...inNamespace(namespace), `--timeout=${TIMEOUT_SECONDS}s`]);
  } catch (error) {
    throw new Error([(error as Error).message, ...(await pendingPods(client, object))].join("\n  "));
  }
};

const completion: Await = async (client, { metadata: { name, namespace } }) => {
  const condition = ["--for=condition=Complete", `--timeout=${TIMEOUT_SECONDS}s`];
  await client.run(["wait", `job/${name}`, ...inNamespace(namespace), ...condition]);
};

const endpoints: Await = async (client, { metadata: { name, namespace }, spec }) => {
  if (spec.selector === undefined || spec.type === "ExternalName") return;
  const deadline = performance.now() + TIMEOUT_SECONDS * 1000;
  while (performance.now() < deadline) {
    const slices = await client.list("endpointslices", namespace, `kubernetes.io/service-name=${name}`);
    if (slices.some((slice) => (slice.endpoints ?? []).length > 0)) return;
    await sleep(500);
  }
  throw new Error(`service ${name} has no endpoints after ${TIMEOUT_SECONDS} s: its selector finds no ready pod`);
};

const AWAITED: Readonly<Record<string, Await>> = {
  "apps/v1 DaemonSet": rollout,
  "apps/v1 Deployment": rollout,
  "apps/v1 StatefulSet": rollout,
  "batch/v1 Job": completion,
  "v1 Service": endpoints,
};

/** The object once it has settled. Throws when it does not within two minutes. */
export async function untilSettled(
  client: Kubectl,
  { urn }: Resource,
  object: KubernetesObject,
): Promise<KubernetesObject> {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const isSkipped = (metadata.annotations as Record<string, string> | undefined)?.["pulumi.com/skipAwait"] === "true";
  if (!isSkipped) await AWAITED[`${apiVersion} ${kind}`]?.(client, object);
  const settled = await client.find(resourceName(object), name, namespace);
  if (settled === undefined) throw new Error(`${urn} was applied and has vanished since`);
  return settled;
}

/** Why pods of a workload do not run, in the scheduler's words. */
async function pendingPods(client: Kubectl, { metadata, spec }: KubernetesObject): Promise<string[]> {
  const labels = Object.entries(spec.selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const pods = await client.list("pods", metadata.namespace, labels.join(","));
  return pods.flatMap((pod) => {
    const reasons: { type: string; status: string; message?: string }[] = pod.status?.conditions ?? [];
    const blocked = reasons.find(({ type, status }) => type === "PodScheduled" && status === "False");
    return blocked ? [`pod ${pod.metadata.name}: ${blocked.message}`] : [];
  });
}
