import type { PoolBehavior } from "../economics/assumptions.ts";
import type { Catalog } from "../economics/catalog.ts";
import type { DecisionInput } from "../economics/decide.ts";
import type { PlannedItem } from "../economics/planned.ts";
import type { ServedModel } from "../economics/serving.ts";
import { modelStart } from "./model-start.ts";
import type { PlatformConfig } from "./platform.ts";
import { isScaled } from "./scaling.ts";
import { coolDownSeconds, totalSeconds } from "./start-up.ts";

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

const MOST_START_MINUTES = 60;

/** How a pool behaves by the config: the longest start of its models, and how long its nodes stay. */
function behaviorOf(config: PlatformConfig, name: string | undefined, catalog: Catalog): Partial<PoolBehavior> {
  const pool = name === undefined ? undefined : config.pools[name];
  if (pool === undefined) return {};
  const interruptionsPerMonth = pool.hardware.kind === "owned" ? undefined : pool.hardware.interruptionsPerMonth;
  const starts = Object.values(config.models).flatMap((model) =>
    model.pool === name ? (modelStart(model, pool, catalog) ?? []) : [],
  );
  const longest = starts.toSorted((a, b) => totalSeconds(b) - totalSeconds(a))[0];
  return {
    ...(longest === undefined
      ? { coolDownMinutes: pool.coolDownMinutes }
      : {
          startMinutes: Math.min(MOST_START_MINUTES, totalSeconds(longest) / 60),
          coolDownMinutes: coolDownSeconds(pool, longest) / 60,
        }),
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
    const nodes = { ...item, behavior: behaviorOf(config, item.pool, catalog) };
    return item.scaling === "elastic" && !isScaled(config, item.pool)
      ? { ...nodes, scaling: "fixed", minNodes: item.maxNodes }
      : nodes;
  });
  return { items: billed, tasks, models, operations, terms: economics, catalog, options: economics.options, today };
}
