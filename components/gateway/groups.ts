import type { TokenPrice } from "../../config/gateway-prices.ts";
import type { PlatformConfig } from "../../config/platform.ts";
import type { ApiModel } from "./providers.ts";
import {
  difficultyGroups,
  type GatewayModel,
  type GatewayModels,
  type GatewayTask,
  type GatewayTasks,
  ownShares,
  taskApis,
  taskGroups,
} from "./routes.ts";
import { apiTimeouts, ownTimeouts, type Timeouts } from "./timeouts.ts";

/** What the gateway is made for. */
export interface GatewayPlan {
  readonly tasks: GatewayTasks;
  readonly models: GatewayModels;
  /** Gateway pods; each keeps to its part of the slots of a model. */
  readonly replicas: number;
  /** Longest answer that is waited for. @default by task, from latency targets. Unit: seconds. */
  readonly timeoutSeconds?: number | undefined;
  /** Longest gap in a stream. @default by model, from latency targets. Unit: seconds. */
  readonly streamTimeoutSeconds?: number | undefined;
  /** By self-hosted model or catalogue name of an API model. @default tokens without a price are not counted as spend */
  readonly tokenPrices?: Readonly<Record<string, TokenPrice>> | undefined;
  /** Caps on spend by provider. */
  readonly apiBudgets?: Readonly<Record<string, { readonly usd: number; readonly period: string }>> | undefined;
  /** Where surplus goes past a cap: to wait for own replicas, or away. @default "reject" */
  readonly pastBudget?: "degrade" | "reject" | undefined;
  /** Providers whose keys are mounted. @default all are in the environment */
  readonly mountedKeys?: readonly string[] | undefined;
  /** Region of AWS that models of AWS are called in. */
  readonly awsRegion?: string | undefined;
  /** Where pods share counters. @default each counts for itself */
  readonly redis?: PlatformConfig["gateway"]["redis"];
}

/** One place that can answer, in no engine's words. */
export interface Target {
  /** Name in metrics; one of its own in all groups. */
  readonly id: string;
  readonly answers:
    | { readonly by: "own"; readonly model: string; readonly url: string }
    | { readonly by: "api"; readonly api: ApiModel };
  /** Part of its level's requests. @default equal parts */
  readonly weight?: number | undefined;
  readonly timeouts: Timeouts;
  /** Requests of one gateway pod at once; the next one goes to the next level. @default no limit */
  readonly parallelRequests?: number | undefined;
  /** Whether its health is asked for, and it is left alone for a while after a failure. Never the last resort. */
  readonly isWatched: boolean;
  readonly price?: TokenPrice | undefined;
}

/** A model name clients may use: levels of targets, each asked when all before it are out, full or failing. */
export interface Group {
  readonly name: string;
  readonly task: string;
  readonly dataClass: GatewayTask["dataClass"];
  readonly levels: readonly (readonly Target[])[];
  /** Group that takes requests too long for own models, and answers without content. */
  readonly rescue?: string | undefined;
  /** Instead of levels: a group that judges a request, and the group that answers each difficulty. */
  readonly byDifficulty?:
    | { readonly judge: string; readonly tiers: readonly (readonly [string, string])[] }
    | undefined;
}

export const isExternal = ({ answers }: Target): boolean => answers.by === "api";

/** Slots of a model one gateway pod fills: a quarter above what its replicas work on, so that their batches stay full. */
export const slots = (model: GatewayModel, gatewayReplicas: number): number =>
  Math.max(1, Math.ceil((1.25 * model.maxConcurrentSequences * model.replicas) / gatewayReplicas));

function modelOf(plan: GatewayPlan, name: string): GatewayModel {
  const model = plan.models[name];
  if (model === undefined)
    throw new Error(`no self-hosted model "${name}"; known: ${Object.keys(plan.models).join(", ") || "none"}`);
  return model;
}

type Placing = Pick<Target, "id" | "isWatched" | "weight" | "parallelRequests">;

function ownTarget(plan: GatewayPlan, task: GatewayTask, name: string, placing: Placing): Target {
  const { url, slo } = modelOf(plan, name);
  return {
    ...placing,
    answers: { by: "own", model: name, url },
    timeouts: ownTimeouts(plan, task, slo),
    price: plan.tokenPrices?.[name],
  };
}

const apiTarget = (plan: GatewayPlan, task: GatewayTask, api: ApiModel, id: string, weight?: number): Target => ({
  id,
  weight,
  answers: { by: "api", api },
  timeouts: apiTimeouts(plan, task),
  isWatched: false,
  price: plan.tokenPrices?.[api.name],
});

/** Rounding noise of added shares is no traffic. */
const remainder = (task: GatewayTask): number =>
  Number((1 - task.selfHosted.reduce((sum, { share }) => sum + share, 0)).toFixed(6));

const apiLevelsOf = (plan: GatewayPlan, name: string, task: GatewayTask, suffix: string) =>
  taskApis(task).map((api, index) => [apiTarget(plan, task, api, `${name}-ext${index === 0 ? "" : "-2"}${suffix}`)]);

/** Who judges a request, and a group per own model that answers a tier, the API behind it. */
function groupsByDifficulty(
  plan: GatewayPlan,
  name: string,
  task: GatewayTask,
  rescue: string | undefined,
): readonly Group[] {
  const routed = difficultyGroups(name, task);
  if (routed === undefined) return [];
  const of = { task: name, dataClass: task.dataClass };
  const hasApi = rescue !== undefined;
  const judge = ownTarget(plan, task, routed.judge.model, { id: routed.judge.group, isWatched: false });
  return [
    { name, ...of, levels: [], byDifficulty: { judge: routed.judge.group, tiers: routed.tiers } },
    { name: routed.judge.group, ...of, levels: [[judge]] },
    ...routed.own.map(({ group, model }) => {
      const target = ownTarget(plan, task, model, {
        id: `${name}-on-${model}`,
        isWatched: hasApi,
        parallelRequests: hasApi ? slots(modelOf(plan, model), plan.replicas) : undefined,
      });
      return { name: group, ...of, levels: [[target], ...apiLevelsOf(plan, name, task, `-after-${model}`)], rescue };
    }),
  ];
}

/** Groups of one task: its own name, and where it has both sides one for each. */
export function taskGroupsOf(plan: GatewayPlan, name: string, task: GatewayTask): readonly Group[] {
  const apis = taskApis(task);
  const own = ownShares(task);
  const of = { task: name, dataClass: task.dataClass };
  const isSplit = own.length > 1;
  const shareOf = (share: number) => (isSplit ? share : undefined);
  const apiLevels = (suffix: string) => apiLevelsOf(plan, name, task, suffix);
  if (own.length === 0) return apis.length === 0 ? [] : [{ name, ...of, levels: apiLevels("") }];

  const alone = (suffix: string) =>
    own.map(({ model, share }) =>
      // Nothing to overflow to: requests wait in vLLM's own queue.
      ownTarget(plan, task, model, {
        id: `${name}-${suffix}-${model}`,
        isWatched: suffix === "on" && isSplit,
        weight: shareOf(share),
      }),
    );
  const [firstApi] = apis;
  const { local, external } = taskGroups(name, task);
  const apiShare = remainder(task);
  const first = own.map(({ model, share }) =>
    ownTarget(plan, task, model, {
      id: `${name}-on-${model}`,
      isWatched: true,
      weight: isSplit || apiShare > 0 ? share : undefined,
      parallelRequests: slots(modelOf(plan, model), plan.replicas),
    }),
  );
  const meant =
    apiShare > 0 && firstApi !== undefined ? [apiTarget(plan, task, firstApi, `${name}-ext-share`, apiShare)] : [];
  const waiting = plan.pastBudget === "degrade" ? [alone("waiting-on")] : [];
  const byDifficulty = task.difficulty && groupsByDifficulty(plan, name, task, external);
  if (firstApi === undefined) return byDifficulty ?? [{ name, ...of, levels: [alone("on")] }];
  return [
    ...(byDifficulty ?? [
      { name, ...of, levels: [[...first, ...meant], ...apiLevels(""), ...waiting], rescue: external },
    ]),
    { name: local as string, ...of, levels: [alone("local-on")] },
    { name: external as string, ...of, levels: apiLevels("-direct") },
  ];
}

/** All groups of all tasks. */
export const gatewayGroups = (plan: GatewayPlan): readonly Group[] =>
  Object.entries(plan.tasks).flatMap(([name, task]) => taskGroupsOf(plan, name, task));
