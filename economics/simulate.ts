import { type ModelWeek, modelWeek, poolWeek } from "./fleet.ts";
import type { Confidence } from "./plan.ts";
import type { PreparedPlan, PreparedTask } from "./prepare.ts";
import type { ServedModel } from "./serving.ts";
import { BYTES_PER_GB, HOURS_PER_MONTH, HOURS_PER_WEEK, SECONDS_PER_HOUR } from "./units.ts";

const WEEKS_PER_MONTH = HOURS_PER_MONTH / HOURS_PER_WEEK;
/** A token is about 5 bytes of prompt text; streamed back it travels alone in a JSON event of about 250 bytes. */
const BYTES_PER_INPUT_TOKEN = 5;
const BYTES_PER_OUTPUT_TOKEN = 250;

/** Where to stand when simulating: month, volume against today, end of the capacity interval. */
export interface Scenario {
  readonly month: number;
  readonly volume: number;
  readonly bound: Confidence;
  /** Bill elastic pools at their maximum. */
  readonly worstCase?: boolean;
}

/** One month of owning and of staying. Requests and dollars are monthly. */
export interface Month {
  readonly stayingApiUsd: number;
  readonly stayingFailuresUsd: number;
  readonly poolUsd: readonly number[];
  readonly poolUtilization: readonly number[];
  readonly usageUsd: number;
  readonly apiUsd: number;
  readonly failuresUsd: number;
  readonly requests: number;
  readonly selfServedRequests: number;
  /** Requests nobody may or can answer. */
  readonly unservedRequests: number;
}

function modelLoads(prepared: PreparedPlan, { month, volume, bound }: Scenario): Float64Array[] {
  const loads = prepared.plan.models.map(() => new Float64Array(HOURS_PER_WEEK));
  for (const { requests, shares, growth } of prepared.tasks) {
    for (const { modelIndex, share, capacity } of shares) {
      const load = loads[modelIndex] as Float64Array;
      const perRequest =
        (share * volume * (growth[month] as number)) / SECONDS_PER_HOUR / capacity.requestsPerSecond[bound];
      for (let hour = 0; hour < HOURS_PER_WEEK; hour++)
        load[hour] = (load[hour] as number) + (requests[hour] as number) * perRequest;
    }
  }
  return loads;
}

interface TaskMonth {
  stayingUsd: number;
  requests: number;
  selfServed: number;
  api: number;
  apiUsd: number;
  unserved: number;
}

function simulateTask(
  prepared: PreparedPlan,
  item: PreparedTask,
  weeks: readonly ModelWeek[],
  { month, volume }: Scenario,
): TaskMonth {
  const { task, requests, shares, growth, stayingUsd, fallbackUsd } = item;
  const scale = WEEKS_PER_MONTH * volume * (growth[month] as number);
  const stay = stayingUsd[month] as Float64Array;
  const fallback = fallbackUsd?.[month];
  const total: TaskMonth = { stayingUsd: 0, requests: 0, selfServed: 0, api: 0, apiUsd: 0, unserved: 0 };
  for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
    const demand = (requests[hour] as number) * scale;
    let served = 0;
    for (const { modelIndex, share } of shares)
      served += share * ((weeks[modelIndex] as ModelWeek).servedShare[hour] as number);
    const selfServed = demand * served * prepared.plan.operations.availability;
    const elsewhere = demand - selfServed;
    total.requests += demand;
    total.selfServed += selfServed;
    total.stayingUsd += demand * (stay[hour] as number);
    if (fallback === undefined) {
      total.unserved += elsewhere;
      continue;
    }
    const api = elsewhere + selfServed * task.escalationRate;
    total.api += api;
    total.apiUsd += api * (fallback[hour] as number);
  }
  return total;
}

/** Simulates one month hour by hour of its week: demand, replicas, nodes, overflow to the API, both bills. */
export function simulateMonth(prepared: PreparedPlan, scenario: Scenario): Month {
  const { plan } = prepared;
  const loads = modelLoads(prepared, scenario);
  const weeks = plan.models.map((model, index) => modelWeek(model, loads[index] as Float64Array));
  const pools = plan.priced.pools.map((pool) =>
    poolWeek(scenario.worstCase ? { ...pool, scaling: "fixed" } : pool, weeks),
  );
  const month = {
    stayingApiUsd: 0,
    stayingFailuresUsd: 0,
    usageUsd: 0,
    apiUsd: 0,
    failuresUsd: 0,
    requests: 0,
    selfServedRequests: 0,
    unservedRequests: 0,
  };
  const gigabytes = { client: 0, external: 0 };
  for (const item of prepared.tasks) {
    const { task } = item;
    const result = simulateTask(prepared, item, weeks, scenario);
    const bytesPerRequest =
      task.inputTokensPerRequest * BYTES_PER_INPUT_TOKEN + task.outputTokensPerRequest * BYTES_PER_OUTPUT_TOKEN;
    const kept = result.selfServed * (1 - (item.fallbackUsd === undefined ? 0 : task.escalationRate));
    gigabytes.client += (result.requests * bytesPerRequest) / BYTES_PER_GB;
    gigabytes.external += (result.api * bytesPerRequest) / BYTES_PER_GB;
    month.stayingApiUsd += result.stayingUsd;
    month.stayingFailuresUsd += result.requests * item.stayingFailureRate * task.failureUsd;
    month.apiUsd += result.apiUsd;
    month.failuresUsd +=
      (kept * (1 - task.successRate.selfHosted) + result.api * (1 - task.successRate.api) + result.unserved) *
      task.failureUsd;
    month.requests += result.requests;
    month.selfServedRequests += result.selfServed;
    month.unservedRequests += result.unserved;
  }
  for (const { driver, usdPerGB } of plan.priced.usage) month.usageUsd += gigabytes[driver] * usdPerGB;
  return {
    ...month,
    poolUsd: pools.map(
      ({ pool, nodes }) => nodes.reduce((sum, count) => sum + count, 0) * WEEKS_PER_MONTH * pool.usdPerNodeHour,
    ),
    poolUtilization: pools.map(({ utilization }) => utilization),
  };
}

/** The most replicas each model needs in any hour of the horizon, at the median capacity. */
export function peakLoads(
  prepared: PreparedPlan,
): readonly { readonly model: ServedModel; readonly peakLoad: number }[] {
  const months = Array.from({ length: prepared.plan.terms.horizonMonths }, (_, month) =>
    modelLoads(prepared, { month, volume: 1, bound: "median" }),
  );
  return prepared.plan.models.map((model, index) => ({
    model,
    peakLoad: Math.max(
      ...months.map((loads) => (loads[index] as Float64Array).reduce((most, load) => Math.max(most, load), 0)),
    ),
  }));
}
