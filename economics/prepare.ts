import type { ApiModel } from "./api-price.ts";
import type { Baseline } from "./baseline.ts";
import { type CapacityEstimate, capacityQuery, estimateCapacity } from "./capacity/estimate.ts";
import type { Catalog } from "./catalog.ts";
import type { Plan } from "./plan.ts";
import { found, type Lookup } from "./provenance.ts";
import { NO_PRICES, type RequestPrices, requestPrices } from "./request-prices.ts";
import { type Staying, stayingOn } from "./staying.ts";
import type { Task } from "./task.ts";
import { growthFactor, hourlyDemand } from "./traffic.ts";

/** The share of a task that one self-hosted model answers, and what one replica of it can do for this task. */
export interface PreparedShare {
  readonly modelIndex: number;
  readonly share: number;
  readonly capacity: CapacityEstimate;
}

/** A task with everything worked out once that does not depend on the scenario. Plain numbers: it survives JSON. */
export interface PreparedTask extends Staying {
  readonly name: string;
  readonly task: Task;
  /** Requests by hour of the week at today's volume. */
  readonly requests: readonly number[];
  readonly weekRequests: number;
  readonly peakRequests: number;
  readonly shares: readonly PreparedShare[];
  /** Traffic growth by month. */
  readonly growth: readonly number[];
  /** Undefined where no external API may be used or none is named. */
  readonly fallback?: RequestPrices;
  readonly fallbackApi?: ApiModel;
}

export interface PreparedPlan {
  readonly plan: Plan;
  readonly tasks: readonly PreparedTask[];
  /** Reasons why no decision can be made. */
  readonly missing: readonly { readonly resource: string; readonly reason: string }[];
}

const NOWHERE: Staying = {
  stayingRoutes: [],
  staying: NO_PRICES,
  stayingSuccessRate: 0,
};

type Fallback = Required<Pick<PreparedTask, "fallback" | "fallbackApi">>;

/** The API behind the self-hosted models: none for restricted data and where no API model is named. */
function fallbackOf(task: Task, plan: Plan, catalog: Catalog): Lookup<Fallback | undefined> {
  if (task.dataClass === "restricted" || task.apiModel === undefined) return found(undefined);
  const fallbackApi = catalog.apiModel(task.apiModel);
  if (!fallbackApi.ok) return fallbackApi;
  const route = { api: fallbackApi.value, share: 1, isSameWeights: false };
  const fallback = requestPrices(task, [route], plan.terms, plan.today);
  return fallback.ok ? found({ fallback: fallback.value, fallbackApi: fallbackApi.value }) : fallback;
}

/** Works out capacities and prices of every task, or says what is missing. Volume and capacity bound come later. */
export function preparePlan(plan: Plan, catalog: Catalog): PreparedPlan {
  const gaps: { resource: string; reason: string }[] = [...plan.priced.missing];
  const pools = new Map(plan.priced.pools.map((pool) => [pool.name, pool]));
  for (const { name, measured } of plan.models) {
    if (measured !== undefined && measured.date > plan.today)
      gaps.push({
        resource: `model ${name}`,
        reason: `measured.date is ${measured.date}, which lies after ${plan.today}`,
      });
  }

  const tasks = Object.entries(plan.tasks).map(([name, task]): PreparedTask => {
    const resource = `task ${name}`;
    const shares: PreparedShare[] = [];
    for (const { model: modelName, share } of task.selfHosted) {
      const modelIndex = plan.models.findIndex((model) => model.name === modelName);
      const model = plan.models[modelIndex];
      const pool = model === undefined ? undefined : pools.get(model.pool);
      if (model === undefined || pool === undefined) {
        gaps.push({ resource, reason: `model ${modelName} has no priced pool` });
        continue;
      }
      const capacity = estimateCapacity(
        capacityQuery(model, pool.gpu, {
          inputTokens: task.inputTokensPerRequest,
          outputTokens: task.outputTokensPerRequest,
          prefixCacheShare: task.prefixCacheShare,
        }),
        catalog.anchors,
      );
      if (capacity.ok) shares.push({ modelIndex, share, capacity: capacity.value });
      else gaps.push({ resource, reason: `model ${modelName} on ${pool.gpu.name}: ${capacity.reason}` });
    }
    const staying = stayingOn({ task, baseline: plan.terms.baseline, plan, catalog });
    if (!staying.ok) gaps.push({ resource, reason: `no API price to compare with: ${staying.reason}` });
    const fallback = fallbackOf(task, plan, catalog);
    if (!fallback.ok) gaps.push({ resource, reason: fallback.reason });

    const demand = hourlyDemand(task);
    const requests = Array.from(demand.interactive, (value, hour) => value + (demand.batch[hour] as number));
    return {
      name,
      task,
      requests,
      weekRequests: requests.reduce((sum, value) => sum + value, 0),
      peakRequests: Math.max(...requests),
      shares,
      growth: Array.from({ length: plan.terms.horizonMonths }, (_, month) => growthFactor(task, month)),
      ...(staying.ok ? staying.value : NOWHERE),
      ...(fallback.ok ? fallback.value : {}),
    };
  });
  return { plan, tasks, missing: gaps };
}

/** The same plan against another meaning of staying. */
export function withBaseline(prepared: PreparedPlan, baseline: Baseline, catalog: Catalog): PreparedPlan {
  const { plan } = prepared;
  const gaps: { resource: string; reason: string }[] = [];
  const tasks = prepared.tasks.map((item) => {
    const staying = stayingOn({ task: item.task, baseline, plan, catalog });
    if (!staying.ok) gaps.push({ resource: `task ${item.name}`, reason: staying.reason });
    return { ...item, ...(staying.ok ? staying.value : NOWHERE) };
  });
  return { plan: { ...plan, terms: { ...plan.terms, baseline } }, tasks, missing: gaps };
}
