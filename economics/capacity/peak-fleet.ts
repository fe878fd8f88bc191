import type { CapacityEstimate } from "./estimate.ts";

type Rate = CapacityEstimate["requestsPerSecond"];
/** A count at the middle and at both ends of the capacity interval; the pessimistic end needs most. */
type Counts = { readonly [Bound in keyof Rate]: number };

/** What serves a peak. */
export interface PeakFleet {
  readonly peakRequestsPerSecond: number;
  readonly gpusPerNode: number;
  readonly replicas: Counts;
  readonly nodes: Counts;
}

/**
 * Replicas that serve a peak rate, and the nodes that hold them. A replica never shares a node with part of another one
 * that spans nodes; a replica larger than a node takes whole nodes.
 */
export function fleetForPeak(
  peakRequestsPerSecond: number,
  perReplica: Rate,
  gpusPerReplica: number,
  gpusPerNode: number,
): PeakFleet {
  const replicasAt = (bound: keyof Rate): number => Math.max(1, Math.ceil(peakRequestsPerSecond / perReplica[bound]));
  const nodesFor = (replicas: number): number =>
    gpusPerReplica > gpusPerNode
      ? replicas * Math.ceil(gpusPerReplica / gpusPerNode)
      : Math.ceil(replicas / Math.floor(gpusPerNode / gpusPerReplica));
  const replicas: Counts = {
    pessimistic: replicasAt("pessimistic"),
    median: replicasAt("median"),
    optimistic: replicasAt("optimistic"),
  };
  const nodes: Counts = {
    pessimistic: nodesFor(replicas.pessimistic),
    median: nodesFor(replicas.median),
    optimistic: nodesFor(replicas.optimistic),
  };
  return { peakRequestsPerSecond, gpusPerNode, replicas, nodes };
}
