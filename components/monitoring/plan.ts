import { POOL_LABEL } from "../../config/marks.ts";
import type { PlatformConfig } from "../../config/platform.ts";
import type { PlanFigures } from "../../economics/plan-figures.ts";
import type { Target } from "../gateway/targets.ts";

/** Everything that rules, alerts and dashboards of one platform are made from. */
export interface MonitoringPlan {
  /** Namespace of the gateways and models; it is the label `platform` of every recorded series. */
  readonly namespace: string;
  readonly config: Pick<PlatformConfig, "models" | "pools" | "tasks" | "monitoring" | "economics"> & {
    readonly cluster: Pick<PlatformConfig["cluster"], "kind" | "registryMirror">;
  };
  readonly targets: readonly Target[];
  /** The forecast; without it (something has no price) nothing about money is watched. */
  readonly figures?: PlanFigures | undefined;
}

/** Labels that tell a pool's nodes from others; none when nothing does. */
export function nodeLabels(
  { config: { cluster, pools } }: MonitoringPlan,
  pool: string,
): Readonly<Record<string, string>> {
  return cluster.kind === "eks" ? { [POOL_LABEL]: pool } : (pools[pool]?.nodeSelector ?? {});
}
