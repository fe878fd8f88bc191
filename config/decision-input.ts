import type { PoolBehavior } from "../economics/assumptions.ts";
import { weightBytes } from "../economics/capacity/memory.ts";
import type { Catalog } from "../economics/catalog.ts";
import type { DecisionInput } from "../economics/decide.ts";
import type { PlannedItem } from "../economics/planned.ts";
import type { ServedModel } from "../economics/serving.ts";
import { BYTES_PER_GIB } from "../economics/units.ts";
import type { PlatformConfig } from "./platform.ts";
import type { PoolConfig } from "./pool.ts";

/** The models of a checked config with their dimensions. */
export function servedModels(config: PlatformConfig, catalog: Catalog): readonly ServedModel[] {
  return Object.entries(config.models).flatMap(([name, model]) => {
    const known = model.catalogModel === undefined ? undefined : catalog.model(model.catalogModel);
    const dimensions = known?.ok ? known.value : model.custom;
    if (dimensions === undefined) return [];
    return [
      {
        ...model,
        name,
        catalogModel: known?.ok ? known.value.name : undefined,
        dimensions,
        minReplicas: model.replicas.min,
        maxReplicas: model.replicas.max,
      },
    ];
  });
}

/** Whether the replicas and nodes of a pool follow demand. What nothing scales is not assumed to scale. */
const isScaled = ({ pools }: PlatformConfig, pool: string | undefined): boolean =>
  pool !== undefined && pools[pool]?.scaling === "elastic" && pools[pool].autoscaler === "provided";

/** What the config says of how a pool behaves; the rest are stated assumptions. */
function behaviorOf(pool: PoolConfig | undefined): Partial<PoolBehavior> {
  if (pool === undefined) return {};
  const interruptionsPerMonth = pool.hardware.kind === "owned" ? undefined : pool.hardware.interruptionsPerMonth;
  return {
    coolDownMinutes: pool.coolDownMinutes,
    ...(interruptionsPerMonth === undefined ? {} : { interruptionsPerMonth }),
  };
}

/** The decision's input: tasks, models and terms of the config on the given priced things. */
export function decisionInput(
  config: PlatformConfig,
  items: readonly PlannedItem[],
  catalog: Catalog,
  today: string,
): DecisionInput {
  const { tasks, operations, economics, pools } = config;
  const models = servedModels(config, catalog).map((model) =>
    pools[model.pool]?.scaling === "elastic" && !isScaled(config, model.pool)
      ? { ...model, maxReplicas: model.minReplicas }
      : model,
  );
  const billed = items.map((item): PlannedItem => {
    if (item.kind !== "nodes") return item;
    const nodes = { ...item, behavior: behaviorOf(item.pool === undefined ? undefined : pools[item.pool]) };
    return item.scaling === "elastic" && !isScaled(config, item.pool)
      ? { ...nodes, scaling: "fixed", minNodes: item.maxNodes }
      : nodes;
  });
  return { items: billed, tasks, models, operations, terms: economics, catalog, today };
}

/** Size of every model's weights: what a node downloads and a GPU holds. Unit: GiB. */
export function weightsGiB(config: PlatformConfig, catalog: Catalog): Readonly<Record<string, number>> {
  return Object.fromEntries(
    servedModels(config, catalog).map(({ name, dimensions, precision }) => [
      name,
      weightBytes(dimensions, precision) / BYTES_PER_GIB,
    ]),
  );
}
