import type { PlatformConfig } from "./platform.ts";

/**
 * Whether nodes and replicas of a pool follow demand: a new cluster gets what it takes, an existing one says that it has
 * it. What nothing scales is not assumed to scale.
 */
export function isScaled(
  { cluster, pools }: Pick<PlatformConfig, "cluster" | "pools">,
  pool: string | undefined,
): boolean {
  const config = pool === undefined ? undefined : pools[pool];
  return config?.scaling === "elastic" && (cluster.kind === "eks" || config.autoscaler === "provided");
}
