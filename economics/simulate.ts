import { arrays } from "./arrays.ts";
import type { ModelWeek } from "./fleet.ts";
import { type LoadedModel, loadedModel, poolWeek } from "./pool-week.ts";
import type { PreparedPlan, PreparedTask } from "./prepare.ts";
import type { RequestPrices } from "./request-prices.ts";
import { AS_PLANNED, type Scenario } from "./scenario.ts";
import type { ServedModel } from "./serving.ts";
import { HOURS_PER_MONTH, HOURS_PER_WEEK } from "./units.ts";

const WEEKS_PER_MONTH = HOURS_PER_MONTH / HOURS_PER_WEEK;

/**
 * What happens in each month of a scenario while no replica is down, before prices that only scale it. Every array is
 * indexed `month * width + index`; requests, hours and dollars are per month. Valid until the simulator runs again.
 */
export interface Simulation {
  /** Paid node-hours, by pool. */
  readonly nodeHours: Float64Array;
  /** GPU-hours that answer requests, by pool. */
  readonly busyGpuHours: Float64Array;
  /** GPU-hours that answer requests, by model. */
  readonly modelGpuHours: Float64Array;
  /** All requests, by task. */
  readonly demand: Float64Array;
  /** Requests that find a replica, by share: all shares of the first task, then those of the second, and so on. */
  readonly shareFound: Float64Array;
  /** Dollars of all requests at the price of staying, by task. */
  readonly stayingUsd: Float64Array;
  /** Dollars of all requests at the price of the fallback, by task; 0 without one. */
  readonly fallbackUsd: Float64Array;
  /** The part of it that belongs to requests that find a replica, by share. */
  readonly shareFoundUsd: Float64Array;
}

export interface Simulator {
  /** What `run` filled in last; always the same object. */
  readonly last: Simulation;
  run(scenario: Scenario): Simulation;
  /** Hour by hour, one week of `month`: by model, and paid nodes by pool. Valid until the simulator runs again. */
  week(
    scenario: Scenario,
    month: number,
  ): { readonly models: readonly ModelWeek[]; readonly nodes: readonly Float64Array[] };
}

/**
 * Prepares the simulation of a plan, hour by hour of a week and month by month of the horizon. What it returns runs any
 * number of scenarios without allocating.
 */
export function simulator({ plan, tasks }: PreparedPlan): Simulator {
  const { pools } = plan.priced;
  const months = plan.terms.horizonMonths;
  const shareCount = tasks.reduce((sum, { shares }) => sum + shares.length, 0);
  const out = arrays({
    nodeHours: months * pools.length,
    busyGpuHours: months * pools.length,
    modelGpuHours: months * plan.models.length,
    demand: months * tasks.length,
    shareFound: months * shareCount,
    stayingUsd: months * tasks.length,
    fallbackUsd: months * tasks.length,
    shareFoundUsd: months * shareCount,
  });
  const models = plan.models.map((model, index) => loadedModel(model, index, tasks));
  const yards = pools.map((pool) => {
    const mine = models.filter(({ model }) => model.pool === pool.name);
    return { mine, week: poolWeek(pool, mine) };
  });
  /** Months with the traffic of the month before have its fleet. */
  const isSameTraffic = Array.from(
    { length: months },
    (_, month) => month > 0 && tasks.every(({ growth }) => growth[month] === growth[month - 1]),
  );
  const repeatMonth = (values: Float64Array, month: number): void => {
    const width = values.length / months;
    values.copyWithin(month * width, (month - 1) * width, month * width);
  };

  function simulatePools(scenario: Scenario, month: number): void {
    for (let index = 0; index < yards.length; index++) {
      const { mine, week } = yards[index] as (typeof yards)[number];
      const nodeHours = week.simulate(scenario, month, false);
      let gpuHours = 0;
      for (const model of mine) gpuHours += model.gpuHours;
      out.nodeHours[month * pools.length + index] = nodeHours * WEEKS_PER_MONTH;
      out.busyGpuHours[month * pools.length + index] = gpuHours * WEEKS_PER_MONTH;
    }
    for (let index = 0; index < models.length; index++)
      out.modelGpuHours[month * models.length + index] = (models[index] as LoadedModel).gpuHours * WEEKS_PER_MONTH;
  }

  const weekUsd = ({ weekTotals, weekOf, level }: RequestPrices, month: number): number =>
    (weekTotals[weekOf[month] as number] as number) * (level[month] as number);

  /** Fills in one task's month and gives the column of the next task's first share. */
  function simulateTask(index: number, firstShare: number, scenario: Scenario, month: number): number {
    const { requests, weekRequests, growth, shares, staying, fallback } = tasks[index] as PreparedTask;
    const scale = WEEKS_PER_MONTH * scenario.traffic * (growth[month] as number);
    const usdScale = scale * scenario.apiPrice;
    const prices = fallback?.weeks[fallback.weekOf[month] as number];
    const level = fallback?.level[month] ?? 0;
    const allUsd = fallback === undefined ? 0 : weekUsd(fallback, month);
    for (let at = 0; at < shares.length; at++) {
      const { modelIndex, share } = shares[at] as (typeof shares)[number];
      const { week, isFullyServed } = models[modelIndex] as LoadedModel;
      let found = weekRequests;
      let foundUsd = allUsd;
      if (!isFullyServed) {
        found = 0;
        foundUsd = 0;
        for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
          const here = (requests[hour] as number) * (week.servedShare[hour] as number);
          found += here;
          if (prices !== undefined) foundUsd += here * (prices[hour] as number);
        }
        foundUsd *= level;
      }
      const cell = month * shareCount + firstShare + at;
      out.shareFound[cell] = found * share * scale;
      out.shareFoundUsd[cell] = foundUsd * share * usdScale;
    }
    const cell = month * tasks.length + index;
    out.demand[cell] = weekRequests * scale;
    out.stayingUsd[cell] = weekUsd(staying, month) * usdScale;
    out.fallbackUsd[cell] = allUsd * usdScale;
    return firstShare + shares.length;
  }

  return {
    last: out,
    run(scenario) {
      for (let month = 0; month < months; month++) {
        if (isSameTraffic[month]) {
          repeatMonth(out.nodeHours, month);
          repeatMonth(out.busyGpuHours, month);
          repeatMonth(out.modelGpuHours, month);
        } else simulatePools(scenario, month);
        let column = 0;
        for (let index = 0; index < tasks.length; index++) column = simulateTask(index, column, scenario, month);
      }
      return out;
    },
    week(scenario, month) {
      for (const { week } of yards) week.simulate(scenario, month, true);
      return { models: models.map(({ week }) => week), nodes: yards.map(({ week }) => week.paidNodes) };
    },
  };
}

/** The most replicas each model needs in any hour of the horizon, at the median capacity. */
export function peakLoads(
  prepared: PreparedPlan,
): readonly { readonly model: ServedModel; readonly peakLoad: number }[] {
  const { models, terms } = prepared.plan;
  const { week } = simulator(prepared);
  const peaks = models.map(() => 0);
  for (let month = 0; month < terms.horizonMonths; month++) {
    week(AS_PLANNED, month).models.forEach(({ load }, index) => {
      peaks[index] = load.reduce((most, value) => Math.max(most, value), peaks[index] as number);
    });
  }
  return models.map((model, index) => ({ model, peakLoad: peaks[index] as number }));
}
