import type { Task } from "../../economics/task.ts";
import { type ApiModel, apiModel } from "./providers.ts";

/** What the gateway needs to know of a task. */
export type GatewayTask = Pick<Task, "dataClass" | "apiModel" | "selfHosted">;

/** A self-hosted model behind the gateway. */
export interface GatewayModel {
  /** OpenAI-compatible address, `/v1` included. */
  readonly url: string;
  /** Replicas that run. */
  readonly replicas: number;
  /** Requests one replica works on at once. */
  readonly maxConcurrentSequences: number;
}

export type GatewayTasks = Readonly<Record<string, GatewayTask>>;
export type GatewayModels = Readonly<Record<string, GatewayModel>>;

export const isRestricted = (task: GatewayTask): boolean => task.dataClass === "restricted";

/** The commercial model a task may reach; undefined when it has none or its data may not leave. */
export const externalModel = (task: GatewayTask): ApiModel | undefined =>
  isRestricted(task) || task.apiModel === undefined ? undefined : apiModel(task.apiModel);

/** Commercial models of all tasks. */
export const externalModels = (tasks: GatewayTasks): readonly ApiModel[] =>
  Object.values(tasks)
    .map(externalModel)
    .filter((model) => model !== undefined);

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
  const isHybrid = ownShares(task).length > 0 && externalModel(task) !== undefined;
  return isHybrid ? { task: name, local: `${name}-local`, external: `${name}-ext` } : { task: name };
}

/** Names of all model groups. Throws when a task is called like a side of another. */
export function groupNames(tasks: GatewayTasks): readonly string[] {
  const groups = Object.entries(tasks).map(([name, task]) => taskGroups(name, task));
  const names = groups.flatMap(({ task, local, external }) =>
    [task, local, external].filter((group) => group !== undefined),
  );
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new Error(`task "${twice}" takes the name of a model group the gateway makes itself; rename the task`);
  return names;
}

/** The tasks of one gateway. */
export const tasksWhere = (tasks: GatewayTasks, isWanted: (task: GatewayTask) => boolean): GatewayTasks =>
  Object.fromEntries(Object.entries(tasks).filter(([, task]) => isWanted(task)));

/** The models that answer any of these tasks. */
export function modelsOf(tasks: GatewayTasks, models: GatewayModels): GatewayModels {
  const used = new Set(Object.values(tasks).flatMap((task) => ownShares(task).map(({ model }) => model)));
  return Object.fromEntries(Object.entries(models).filter(([model]) => used.has(model)));
}
