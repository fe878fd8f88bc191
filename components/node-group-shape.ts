import { IMAGE_LABEL, POOL_LABEL, PURCHASE_TAG } from "../config/marks.ts";
import type { PoolConfig } from "../config/pool.ts";
import type { PurchaseOption } from "../economics/offering.ts";

/** A pool of cloud instances, the only kind whose nodes are created. */
export type InstancePool = PoolConfig & {
  readonly hardware: Extract<PoolConfig["hardware"], { kind: "instance" }>;
};

export type CapacityType = "ON_DEMAND" | "SPOT" | "CAPACITY_BLOCK";

/** How EKS asks EC2 for nodes. A commitment is a discount on the bill, the nodes themselves are on-demand ones. */
export function capacityType(purchase: PurchaseOption): CapacityType {
  switch (purchase) {
    case "on-demand":
    case "commit-1y":
    case "commit-3y":
      return "ON_DEMAND";
    case "spot":
      return "SPOT";
    case "capacity-block":
      return "CAPACITY_BLOCK";
    default:
      return purchase satisfies never;
  }
}

/** Sizes of a node group. */
export interface Scaling {
  readonly minSize: number;
  readonly desiredSize: number;
  readonly maxSize: number;
}

/** Node groups are for fixed pools, which are always full. */
export const scaling = ({ maxNodes }: PoolConfig): Scaling => ({
  minSize: maxNodes,
  desiredSize: maxNodes,
  maxSize: maxNodes,
});

/** The device plugin and its feature discovery find GPU nodes by the first label. */
export const gpuLabels = (pool: string, { image }: PoolConfig): Record<string, string> => ({
  "nvidia.com/gpu.present": "true",
  [IMAGE_LABEL]: image,
  [POOL_LABEL]: pool,
});

/** Keeps pods without GPUs off these nodes. The value is the one that node feature discovery tolerates. */
export const GPU_TAINT = { key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" };

/** Tags of the node group and all it creates; the purchase option is not visible in any other property. */
export const poolTags = (pool: string, { hardware }: InstancePool): Record<string, string> => ({
  "breakeven:pool": pool,
  [PURCHASE_TAG]: hardware.purchase,
});

/** Throws when a capacity block is not described well enough to get nodes from it. */
export function checkCapacityBlock(pool: string, { hardware, zones }: InstancePool): void {
  if (hardware.purchase !== "capacity-block") return;
  if (hardware.capacityReservationId === undefined) {
    throw new Error(`pool "${pool}" is bought as a capacity block; give its capacityReservationId (cr-…)`);
  }
  if (zones.length !== 1) {
    throw new Error(`pool "${pool}" has ${zones.length} zones; a capacity block is in one zone, name that one`);
  }
}
