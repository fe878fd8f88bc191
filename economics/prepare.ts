import { requestPrice, requestSize } from "./api-bill.ts";
import { type ApiRoute, baselineRoutes } from "./baseline.ts";
import { type CapacityEstimate, capacityQuery, estimateCapacity } from "./capacity/estimate.ts";
import type { Catalog } from "./catalog.ts";
import type { Plan } from "./plan.ts";
import type { Task } from "./task.ts";
import { growthFactor, hourlyDemand } from "./traffic.ts";
import { HOURS_PER_WEEK, MONTHS_PER_YEAR } from "./units.ts";

/** The share of a task that one self-hosted model answers, and how much of a replica one request per second takes. */
export interface PreparedShare {
  readonly modelIndex: number;
  readonly share: number;
  readonly capacity: CapacityEstimate;
}

/** A task with everything that does not depend on volume worked out once. */
export interface PreparedTask {
  readonly name: string;
  readonly task: Task;
  /** Requests by hour of the week at today's volume. */
  readonly requests: Float64Array;
  readonly shares: readonly PreparedShare[];
  /** Traffic growth by month. */
  readonly growth: readonly number[];
  readonly stayingRoutes: readonly ApiRoute[];
  /** Price of one request on the baseline, by month and hour, US dollars. */
  readonly stayingUsd: readonly Float64Array[];
  /** The same on the fallback API; undefined where no external API may be used or none is named. */
  readonly fallbackUsd?: readonly Float64Array[];
  /** Failure rate of baseline answers. */
  readonly stayingFailureRate: number;
}

export interface PreparedPlan {
  readonly plan: Plan;
  readonly tasks: readonly PreparedTask[];
  /** Reasons why no decision can be made. */
  readonly missing: readonly { readonly resource: string; readonly reason: string }[];
}

/** `today` plus whole months, YYYY-MM-DD, clamped to the 28th so that every month has the day. */
export function addMonths(today: string, months: number): string {
  const [year, month, day] = today.split("-").map(Number) as [number, number, number];
  const index = year * MONTHS_PER_YEAR + (month - 1) + months;
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${Math.floor(index / MONTHS_PER_YEAR)}-${pad((index % MONTHS_PER_YEAR) + 1)}-${pad(Math.min(day, 28))}`;
}

/** Price of a mean request (interactive and deferred) by month and hour over these routes. */
function monthlyPrices(
  plan: Plan,
  task: Task,
  routes: readonly ApiRoute[],
): { usd: Float64Array[]; reasons: string[] } {
  const { horizonMonths, apiPriceDeclinePerYear, apiDiscount } = plan.terms;
  const demand = hourlyDemand(task);
  const reasons = new Set<string>();
  const usd = Array.from({ length: horizonMonths }, (_, month) => {
    const blended = new Float64Array(HOURS_PER_WEEK);
    const level = (1 - apiDiscount) * (1 - apiPriceDeclinePerYear) ** (month / MONTHS_PER_YEAR);
    for (const { api, share } of routes) {
      const price = requestPrice(api, requestSize(task), addMonths(plan.today, month));
      if (!price.ok) {
        reasons.add(price.reason);
        continue;
      }
      for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
        const interactive = demand.interactive[hour] as number;
        const batch = demand.batch[hour] as number;
        const mean = interactive * (price.value.interactiveUsd[hour] as number) + batch * price.value.batchUsd;
        blended[hour] = (blended[hour] as number) + (share * level * mean) / (interactive + batch || 1);
      }
    }
    return blended;
  });
  return { usd, reasons: [...reasons] };
}

/** Works out capacities and prices of every task, or says what is missing. Volume and capacity bound come later. */
export function preparePlan(plan: Plan, catalog: Catalog): PreparedPlan {
  const gaps: { resource: string; reason: string }[] = [...plan.priced.missing];
  const pools = new Map(plan.priced.pools.map((pool) => [pool.name, pool]));
  const { approvedProviders, baseline } = plan.terms;
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
    const routes = baselineRoutes({
      task,
      baseline,
      models: plan.models,
      catalog,
      approvedProviders,
      today: plan.today,
    });
    if (!routes.ok) gaps.push({ resource, reason: `no API price to compare with: ${routes.reason}` });
    const staying = monthlyPrices(plan, task, routes.ok ? routes.value : []);
    for (const reason of staying.reasons) gaps.push({ resource, reason });

    const demand = hourlyDemand(task);
    const api =
      task.dataClass === "restricted" || task.apiModel === undefined ? undefined : catalog.apiModel(task.apiModel);
    if (api !== undefined && !api.ok) gaps.push({ resource, reason: api.reason });
    const sameWeights =
      routes.ok &&
      routes.value.every((route) => route.api.openWeights !== undefined && route.api.name !== task.apiModel);
    return {
      name,
      task,
      requests: demand.interactive.map((value, hour) => value + (demand.batch[hour] as number)),
      shares,
      growth: Array.from({ length: plan.terms.horizonMonths }, (_, month) => growthFactor(task, month)),
      stayingRoutes: routes.ok ? routes.value : [],
      stayingUsd: staying.usd,
      ...(api?.ok === true ? { fallbackUsd: monthlyPrices(plan, task, [{ api: api.value, share: 1 }]).usd } : {}),
      stayingFailureRate: 1 - (sameWeights ? task.successRate.selfHosted : task.successRate.api),
    };
  });
  return { plan, tasks, missing: gaps };
}
