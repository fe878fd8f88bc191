import type { types } from "@pulumi/kubernetes";
import { type Replica, vllmPod } from "./pod.ts";

type Template = { metadata: { labels: Record<string, string> }; spec: types.input.core.v1.PodSpec };

/**
 * Spec of a LeaderWorkerSet: replicas that span nodes. The leader answers requests, workers hold the other pipeline
 * stages; a group lives and dies as one, and a roll-out replaces one group after the other without spare GPUs.
 */
export function leaderWorkerSet(
  replica: Replica,
  count: number | undefined,
  labels: Record<string, string>,
  selector: types.input.meta.v1.LabelSelector,
  serviceAccountName?: string,
) {
  const template = (role: "leader" | "worker"): Template => ({
    metadata: { labels: { ...labels, "breakeven.dev/role": role } },
    spec: vllmPod(replica, role, selector, serviceAccountName),
  });
  return {
    ...(count === undefined ? {} : { replicas: count }),
    startupPolicy: "LeaderCreated",
    rolloutStrategy: {
      type: "RollingUpdate",
      rollingUpdateConfiguration: { maxUnavailable: 1, maxSurge: 0 },
    },
    leaderWorkerTemplate: {
      size: replica.nodes,
      restartPolicy: "RecreateGroupOnPodRestart",
      leaderTemplate: template("leader"),
      workerTemplate: template("worker"),
    },
  };
}
