import { modelSchema } from "../config/model.ts";
import type { PlatformConfig } from "../config/platform.ts";
import { poolSchema } from "../config/pool.ts";
import type { Slo } from "../economics/serving.ts";
import type { Option } from "./option.ts";

/** Tasks served by replicas of one option in a pool of their own. */
export interface Group {
  readonly option: Option;
  readonly scaling: "fixed" | "elastic";
  readonly nodes: number;
  readonly tasks: readonly string[];
  /** Share of these tasks' requests that the replicas take. */
  readonly share: number;
}

/** Room for prompts far above the mean. */
const CONTEXT_OVER_MEAN = 4;
const LEAST_CONTEXT_TOKENS = 8192;

const MAX_NAME = 30;
const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, MAX_NAME)
    .replace(/-+$/, "");

/** Replicas that fill a pool's nodes. */
export const replicasOn = ({ gpusPerNode, gpusPerReplica }: Option, nodes: number): number =>
  nodes * Math.floor(gpusPerNode / gpusPerReplica);

function contextTokens({ model }: Option, tasks: readonly PlatformConfig["tasks"][string][]): number {
  const longest = Math.max(...tasks.map((task) => task.inputTokensPerRequest + task.outputTokensPerRequest));
  const roomy = Math.max(LEAST_CONTEXT_TOKENS, 2 ** Math.ceil(Math.log2(longest * CONTEXT_OVER_MEAN)));
  return Math.min(model.maxContextTokens, roomy);
}

/** The pool of a group as a user would write it. */
function poolInput({ option, scaling, nodes }: Group): object {
  const bounds = scaling === "fixed" ? { maxNodes: nodes } : { minNodes: 0, maxNodes: nodes };
  if (option.pool === undefined) return { hardware: option.hardware, scaling, ...bounds };
  const { hardware, zones, nodeSelector, diskGiB } = option.pool;
  return { hardware, scaling, ...bounds, zones, nodeSelector, diskGiB };
}

function modelInput(group: Group, pool: string, base: PlatformConfig, slo: Slo): object {
  const { option, scaling, nodes, tasks } = group;
  const { model, precision, gpusPerReplica } = option;
  const max = replicasOn(option, nodes);
  const known = Object.values(base.models).find(({ catalogModel }) => catalogModel === model.name);
  return {
    catalogModel: model.name,
    ...(known === undefined ? {} : { fineTuned: known.fineTuned, weights: known.weights }),
    precision,
    pool,
    gpusPerReplica,
    replicas: { min: scaling === "fixed" ? max : 0, max },
    maxContextTokens: contextTokens(
      option,
      tasks.map((name) => base.tasks[name] as PlatformConfig["tasks"][string]),
    ),
    slo,
  };
}

/** Pools and models of a plan as a user would write them, with the tasks' shares. */
export interface PlanParts {
  readonly region: string;
  readonly pools: Readonly<Record<string, object>>;
  readonly models: Readonly<Record<string, object>>;
  /** Tasks that no group serves are not in here: they stay on the API. */
  readonly selfHosted: Readonly<Record<string, readonly { readonly model: string; readonly share: number }[]>>;
}

export function planParts(groups: readonly Group[], base: PlatformConfig, slo: Slo): PlanParts {
  const pools: Record<string, object> = {};
  const models: Record<string, object> = {};
  const selfHosted: Record<string, readonly { model: string; share: number }[]> = {};
  const free = (wanted: string, taken: object): string => {
    let name = wanted;
    for (let next = 2; name in taken; next++) name = `${wanted.slice(0, MAX_NAME - 3)}-${next}`;
    return name;
  };
  for (const group of groups) {
    const pool = free(slug(group.option.gpu.name), pools);
    const model = free(slug(group.option.model.name), models);
    pools[pool] = poolInput(group);
    models[model] = modelInput(group, pool, base, slo);
    for (const task of group.tasks) selfHosted[task] = [{ model, share: group.share }];
  }
  return { region: groups[0]?.option.region ?? "", pools, models, selfHosted };
}

/** The config of a plan; only the named tasks are in it. */
export function configOf(
  groups: readonly Group[],
  tasks: readonly string[],
  base: PlatformConfig,
  slo: Slo,
): PlatformConfig {
  const { region, pools, models, selfHosted } = planParts(groups, base, slo);
  return {
    ...base,
    cluster: base.cluster.kind === "eks" && region !== "" ? { ...base.cluster, region } : base.cluster,
    pools: Object.fromEntries(Object.entries(pools).map(([name, pool]) => [name, poolSchema.parse(pool)])),
    models: Object.fromEntries(Object.entries(models).map(([name, model]) => [name, modelSchema.parse(model)])),
    tasks: Object.fromEntries(
      tasks.map((name) => {
        const task = base.tasks[name] as PlatformConfig["tasks"][string];
        return [name, { ...task, selfHosted: [...(selfHosted[name] ?? [])] }];
      }),
    ),
  };
}
