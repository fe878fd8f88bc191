/** Nodes for KWOK to play: a machine's labels, taints and size are all that Kubernetes knows of it. */

import type { PlatformConfig } from "../../config/platform.ts";
import type { KubernetesObject } from "./kubectl.ts";

/** On every node that is not a machine. */
export const SANDBOX_LABEL = "breakeven.dev/simulated";

export interface NodeShape {
  readonly name: string;
  readonly cpu: number;
  readonly memoryGiB: number;
  /** @default none */
  readonly gpus?: number | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly taints?: readonly { key: string; value?: string; effect: string }[] | undefined;
}

/** The Node object, its size included: no kubelet will report it. */
export function nodeObject({ name, cpu, memoryGiB, gpus = 0, labels, taints }: NodeShape): KubernetesObject {
  const size = {
    cpu: String(cpu),
    memory: `${memoryGiB}Gi`,
    "ephemeral-storage": "4000Gi",
    pods: "110",
    ...(gpus > 0 ? { "nvidia.com/gpu": String(gpus) } : {}),
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        [SANDBOX_LABEL]: "true",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        ...labels,
      },
    },
    spec: { taints: taints ?? [] },
    status: { allocatable: size, capacity: size },
  };
}

/** Machines without GPUs for everything but models. */
const systemNodes = (count: number): NodeShape[] =>
  Array.from({ length: count }, (_, index) => ({
    name: `system-${index}`,
    cpu: 8,
    memoryGiB: 32,
    labels: { "topology.kubernetes.io/zone": `room-${index}` },
  }));

/** What a cluster of kind `existing` must hold for this config: every pool at its full size, and system nodes. */
export function existingNodes({ cluster, pools }: PlatformConfig): NodeShape[] {
  if (cluster.kind !== "existing") return [];
  return [...systemNodes(3), ...Object.entries(pools).flatMap(([pool, config]) => poolNodes(pool, config))];
}

function poolNodes(pool: string, { hardware, maxNodes, nodeSelector }: PlatformConfig["pools"][string]): NodeShape[] {
  if (hardware.kind === "instance") throw new Error(`pool "${pool}" of an existing cluster has no stated GPU count`);
  const gpus = hardware.gpusPerNode;
  return Array.from({ length: maxNodes }, (_, index) => ({
    name: `${pool}-${index}`,
    // Of the size that 8-GPU servers are sold with.
    cpu: 24 * gpus,
    memoryGiB: 256 * gpus,
    gpus,
    labels: { "nvidia.com/gpu.present": "true", ...nodeSelector },
    taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }],
  }));
}
