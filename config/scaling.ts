import type { PlatformConfig } from "./platform.ts";

interface Pools extends Pick<PlatformConfig, "pools"> {
  readonly cluster: Pick<PlatformConfig["cluster"], "kind">;
}

/**
 * Whether nodes and replicas of a pool follow demand: a new cluster gets what it takes, an existing one says that it has
 * it. What nothing scales is not assumed to scale.
 */
export function isScaled({ cluster, pools }: Pools, pool: string | undefined): boolean {
  const config = pool === undefined ? undefined : pools[pool];
  return config?.scaling === "elastic" && (cluster.kind === "eks" || config.autoscaler === "provided");
}

/**
 * Whether KEDA is there, with a Prometheus to ask: a new cluster gets it with its monitoring, an existing one has it where
 * it says that it scales a pool.
 */
export function hasKeda(config: Pools & Pick<PlatformConfig, "monitoring">): boolean {
  const { cluster, pools, monitoring } = config;
  if (!monitoring.enabled) return false;
  return cluster.kind === "eks"
    ? (monitoring.install ?? true) || monitoring.prometheusUrl !== undefined
    : Object.keys(pools).some((pool) => isScaled(config, pool));
}
