import type { PlatformConfig } from "../../config/platform.ts";
import { type ApiModel, apiModel } from "./providers.ts";

export type GatewayTask = PlatformConfig["tasks"][string];

/** A self-hosted model behind the gateway. */
export interface GatewayModel {
  /** OpenAI-compatible address, `/v1` included. */
  readonly url: string;
  /** Most replicas there are. */
  readonly replicas: number;
  /** Requests one replica works on at once. */
  readonly maxConcurrentSequences: number;
  /** Latency targets. Unit: milliseconds. */
  readonly slo: { readonly ttftMs: number; readonly tpotMs: number };
}

export type GatewayTasks = Readonly<Record<string, GatewayTask>>;
export type GatewayModels = Readonly<Record<string, GatewayModel>>;

export const isRestricted = (task: GatewayTask): boolean => task.dataClass === "restricted";

/** The commercial models a task may reach, in the order they are asked; none when its data may not leave. */
export const taskApis = (task: GatewayTask): readonly ApiModel[] =>
  isRestricted(task)
    ? []
    : [task.apiModel, task.secondApiModel].filter((name) => name !== undefined).map((name) => apiModel(name));

/** Commercial models of all tasks. */
export const externalModels = (tasks: GatewayTasks): readonly ApiModel[] => Object.values(tasks).flatMap(taskApis);

/** Providers whose keys the gateway needs, each once and sorted. */
export const keyedProviders = (tasks: GatewayTasks): readonly string[] =>
  [
    ...new Set(
      externalModels(tasks)
        .filter(({ credentials }) => credentials === "key")
        .map(({ provider }) => provider),
    ),
  ].sort();

/** Own models that answer a part of the task. */
export const ownShares = (task: GatewayTask): GatewayTask["selfHosted"] =>
  task.selfHosted.filter(({ share }) => share > 0);

/** Model groups a task is reached by: its name, and one per side where it has both. */
export interface TaskGroups {
  readonly task: string;
  readonly local?: string;
  readonly external?: string;
}

export function taskGroups(name: string, task: GatewayTask): TaskGroups {
  const isHybrid = ownShares(task).length > 0 && taskApis(task).length > 0;
  return isHybrid ? { task: name, local: `${name}-local`, external: `${name}-ext` } : { task: name };
}

export const TIERS = ["simple", "medium", "complex", "reasoning"] as const;

/** Groups of a task that is routed by difficulty: who judges, and who answers each tier. */
export function difficultyGroups(name: string, { difficulty }: GatewayTask) {
  if (difficulty === undefined) return undefined;
  const { tiers, classifier } = difficulty;
  const side = (model: string): string => `${name}-${model === "api" ? "ext" : `on-${model}`}`;
  const own = [...new Set(TIERS.map((tier) => tiers[tier]))].filter((model) => model !== "api");
  return {
    judge: { group: `${name}-judge`, model: classifier },
    own: own.map((model) => ({ group: side(model), model })),
    tiers: TIERS.map((tier) => [tier, side(tiers[tier])] as const),
  };
}

/** Names of all model groups. Throws when a task is called like a side of another. */
export function groupNames(tasks: GatewayTasks): readonly string[] {
  const groups = Object.entries(tasks).map(([name, task]) => taskGroups(name, task));
  const names = groups.flatMap(({ task, local, external }) => {
    const routed = tasks[task] && difficultyGroups(task, tasks[task]);
    const byDifficulty = routed === undefined ? [] : [routed.judge, ...routed.own].map(({ group }) => group);
    return [task, local, external, ...byDifficulty].filter((group) => group !== undefined);
  });
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new Error(`task "${twice}" takes the name of a model group the gateway makes itself; rename the task`);
  return names;
}

/** The tasks of one gateway. */
export const tasksWhere = (tasks: GatewayTasks, isWanted: (task: GatewayTask, name: string) => boolean): GatewayTasks =>
  Object.fromEntries(Object.entries(tasks).filter(([name, task]) => isWanted(task, name)));

/** The models that answer any of these tasks. */
export function modelsOf(tasks: GatewayTasks, models: GatewayModels): GatewayModels {
  const used = new Set(
    Object.values(tasks).flatMap((task) => [
      ...ownShares(task).map(({ model }) => model),
      ...(task.difficulty ? [task.difficulty.classifier] : []),
    ]),
  );
  return Object.fromEntries(Object.entries(models).filter(([model]) => used.has(model)));
}
