import type { PlatformConfig } from "../config/platform.ts";
import type { Catalog } from "../economics/catalog.ts";
import { PURCHASE_OPTIONS, type PurchaseOption } from "../economics/offering.ts";
import type { Precision, Slo } from "../economics/serving.ts";

/** What a plan may be made of. */
export interface PlanSpace {
  /** Catalogue names of models that are good enough for the tasks: quality is for their owner to judge. */
  readonly models: readonly string[];
  readonly precisions: readonly Precision[];
  /** Regions of a new cluster; one empty name for a cluster that exists. */
  readonly regions: readonly string[];
  readonly purchases: readonly PurchaseOption[];
  readonly scalings: readonly ("fixed" | "elastic")[];
  /** GPUs of one replica. */
  readonly gpusPerReplica: readonly number[];
  /** Shares of a task's requests that own replicas take; the rest stays on the API. */
  readonly shares: readonly number[];
  /** Largest pool. */
  readonly maxNodes: number;
  readonly slo: Slo;
}

/** Formats that vLLM makes of 16-bit weights by itself; others need a repository of their own, so they are asked for. */
const DEFAULT_PRECISIONS: readonly Precision[] = ["bf16", "fp8"];
const DEFAULT_SLO: Slo = { ttftMs: 2000, tpotMs: 50 };

/** Commitments that outlast the horizon can't be compared over it, and blocks need a reservation that a plan can't make. */
function defaultPurchases({ economics }: PlatformConfig): readonly PurchaseOption[] {
  const years = economics.horizonMonths / 12;
  return PURCHASE_OPTIONS.filter(
    (purchase) =>
      purchase !== "capacity-block" &&
      (purchase !== "commit-1y" || years >= 1) &&
      (purchase !== "commit-3y" || years >= 3),
  );
}

/** The tightest targets of the models that are there already. */
function sloOf({ models }: PlatformConfig): Slo {
  const slos = Object.values(models).map(({ slo }) => slo);
  if (slos.length === 0) return DEFAULT_SLO;
  return {
    ttftMs: Math.min(...slos.map(({ ttftMs }) => ttftMs)),
    tpotMs: Math.min(...slos.map(({ tpotMs }) => tpotMs)),
  };
}

/** Everything the config leaves open: its models (every one of the catalogue when it names none), its region, all ways to buy. */
export function defaultSpace(config: PlatformConfig, catalog: Catalog): PlanSpace {
  const named = Object.values(config.models).flatMap(({ catalogModel }) => catalogModel ?? []);
  return {
    models: named.length > 0 ? [...new Set(named)] : catalog.models.map(({ name }) => name),
    precisions: DEFAULT_PRECISIONS,
    regions: [config.cluster.kind === "eks" ? config.cluster.region : ""],
    purchases: defaultPurchases(config),
    scalings: ["fixed", "elastic"],
    gpusPerReplica: [1, 2, 4, 8],
    shares: [0.5, 0.8, 1],
    maxNodes: 64,
    slo: sloOf(config),
  };
}
