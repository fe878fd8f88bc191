import { elasticWeek, emptyWeek, fixedWeek, holdNodes, type ModelWeek, uninterruptedShare } from "./fleet.ts";
import { type Packer, packer } from "./packing.ts";
import type { PreparedPlan, PreparedTask } from "./prepare.ts";
import type { RequestPrices } from "./request-prices.ts";
import { AS_PLANNED, type Scenario } from "./scenario.ts";
import type { ServedModel } from "./serving.ts";
import type { Task } from "./task.ts";
import { HOURS_PER_MONTH, HOURS_PER_WEEK, SECONDS_PER_HOUR } from "./units.ts";

export const WEEKS_PER_MONTH = HOURS_PER_MONTH / HOURS_PER_WEEK;

/**
 * What happens in each month of a scenario, before prices that only scale it. Every array is indexed
 * `month * width + index`; requests, hours and dollars are per month. Valid until the simulator runs again.
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
  /** Those of them own replicas answer, by task. */
  readonly selfServed: Float64Array;
  /** The same by share: all shares of the first task, then those of the second, and so on. */
  readonly shareServed: Float64Array;
  /** Dollars of all requests at the price of staying, by task. */
  readonly stayingUsd: Float64Array;
  /** Dollars of all requests at the price of the fallback, by task; 0 without one. */
  readonly fallbackUsd: Float64Array;
  /** The part of it that belongs to requests own replicas answer, by task. */
  readonly fallbackServedUsd: Float64Array;
}

export interface Simulator {
  /** Share of the time replicas of each model answer: downtime and interruptions taken off. */
  readonly availability: readonly number[];
  /** What `run` filled in last; always the same object. */
  readonly last: Simulation;
  run(scenario: Scenario): Simulation;
  /** Hour by hour, one week of `month`: by model, and paid nodes by pool. Valid until the simulator runs again. */
  week(
    scenario: Scenario,
    month: number,
  ): { readonly models: readonly ModelWeek[]; readonly nodes: readonly Float64Array[] };
}

/** Requests a restricted task repeats on own hardware load it once more. */
const ownRetries = (task: Task, hasFallback: boolean): number =>
  hasFallback ? 1 : 1 + task.retryRate * (1 - task.successRate.selfHosted);

/** One task's part of one model's load. */
interface Demand {
  readonly task: number;
  readonly requests: readonly number[];
  readonly peakRequests: number;
  readonly weekRequests: number;
  /** Requests the model gets per request of the task. */
  readonly share: number;
  /** Replicas one request of the task per hour keeps busy, at the median capacity. */
  readonly load: number;
  readonly p90Error: number;
}

/**
 * Prepares the simulation of a plan, hour by hour of a week and month by month of the horizon. What it returns runs any
 * number of scenarios without allocating.
 */
export function simulator({ plan, tasks }: PreparedPlan): Simulator {
  const { models, operations, terms } = plan;
  const { pools } = plan.priced;
  const months = terms.horizonMonths;
  const shareCount = tasks.reduce((sum, { shares }) => sum + shares.length, 0);
  const buffer = (width: number) => new Float64Array(months * width);
  const out = {
    nodeHours: buffer(pools.length),
    busyGpuHours: buffer(pools.length),
    modelGpuHours: buffer(models.length),
    demand: buffer(tasks.length),
    selfServed: buffer(tasks.length),
    shareServed: buffer(shareCount),
    stayingUsd: buffer(tasks.length),
    fallbackUsd: buffer(tasks.length),
    fallbackServedUsd: buffer(tasks.length),
  };

  const demandsOf = (model: number): readonly Demand[] =>
    tasks.flatMap(({ task, requests, peakRequests, weekRequests, shares, fallback }, index) =>
      shares
        .filter(({ modelIndex }) => modelIndex === model)
        .map(({ share: part, capacity }) => {
          const share = part * ownRetries(task, fallback !== undefined);
          return {
            task: index,
            requests,
            peakRequests,
            weekRequests,
            share,
            load: share / SECONDS_PER_HOUR / capacity.requestsPerSecond.median,
            p90Error: capacity.p90Error,
          };
        }),
    );
  const fleet = models.map((model, index) => {
    const behavior = pools.find(({ name }) => name === model.pool)?.behavior;
    return {
      model,
      index,
      demands: demandsOf(index),
      availability: operations.availability * (behavior === undefined ? 1 : uninterruptedShare(behavior)),
      week: emptyWeek(),
    };
  });
  const yards = pools.map((pool) => {
    const mine = fleet.filter(({ model }) => model.pool === pool.name);
    return {
      pool,
      mine,
      pack: packer(
        mine.map(({ model }) => model.gpusPerReplica),
        pool.gpusPerNode,
      ),
      replicas: mine.map(({ week }) => week.replicas),
      counts: new Float64Array(mine.length),
      needed: new Float64Array(HOURS_PER_WEEK),
      paid: new Float64Array(HOURS_PER_WEEK),
    };
  });
  const firstShare = tasks.map((_, index) => tasks.slice(0, index).reduce((sum, { shares }) => sum + shares.length, 0));
  /** Whether every request that is meant for the model finds a replica in every hour of the current month. */
  const isFullyServed = models.map(() => true);
  const growthOf = (task: number, month: number): number => tasks[task]?.growth[month] as number;
  /** Months with the traffic of the month before have its fleet. */
  const isSameTraffic = Array.from(
    { length: months },
    (_, month) => month > 0 && tasks.every(({ growth }) => growth[month] === growth[month - 1]),
  );
  const repeatMonth = (values: Float64Array, month: number): void => {
    const width = values.length / months;
    values.copyWithin(month * width, (month - 1) * width, month * width);
  };

  const loadPerRequest = ({ load, p90Error, task }: Demand, { traffic, capacity }: Scenario, month: number): number =>
    (load * traffic * growthOf(task, month)) / (1 + p90Error) ** capacity;

  function fillLoad({ week, demands, model }: (typeof fleet)[number], scenario: Scenario, month: number): void {
    week.load.fill(0);
    const countsArrivals = model.minReplicas === 0;
    if (countsArrivals) week.requestsPerHour.fill(0);
    for (const demand of demands) {
      const perRequest = loadPerRequest(demand, scenario, month);
      const { requests } = demand;
      for (let hour = 0; hour < HOURS_PER_WEEK; hour++)
        week.load[hour] = (week.load[hour] as number) + (requests[hour] as number) * perRequest;
      if (!countsArrivals) continue;
      const arrivals = demand.share * scenario.traffic * growthOf(demand.task, month);
      for (let hour = 0; hour < HOURS_PER_WEEK; hour++)
        week.requestsPerHour[hour] = (week.requestsPerHour[hour] as number) + (requests[hour] as number) * arrivals;
    }
  }

  /** Fills in one pool's month. `detailed` works out every hour even where nothing overflows. */
  function simulatePool(index: number, scenario: Scenario, month: number, detailed: boolean): void {
    const { pool, mine, pack, replicas, counts, needed, paid } = yards[index] as (typeof yards)[number];
    const isElastic = pool.scaling === "elastic" && !scenario.worstCase;
    let busy = 0;
    for (const entry of mine) {
      const { model, index: at, week, demands } = entry;
      let peak = 0;
      let load = 0;
      for (const demand of demands) {
        const perRequest = loadPerRequest(demand, scenario, month);
        peak += demand.peakRequests * perRequest;
        load += demand.weekRequests * perRequest;
      }
      const fits = !isElastic && peak <= model.maxReplicas;
      isFullyServed[at] = fits;
      if (!fits || detailed) {
        fillLoad(entry, scenario, month);
        if (isElastic) elasticWeek(week, model, pool.behavior);
        else fixedWeek(week, model.maxReplicas);
        load = 0;
        for (let hour = 0; hour < HOURS_PER_WEEK; hour++)
          load += (week.load[hour] as number) * (week.servedShare[hour] as number);
      }
      const gpuHours = load * WEEKS_PER_MONTH * model.gpusPerReplica;
      out.modelGpuHours[month * models.length + at] = gpuHours;
      busy += gpuHours;
    }
    let nodes = pool.maxNodes * HOURS_PER_WEEK;
    if (isElastic) {
      for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
        // A fraction of a replica is a model that is awake for this share of the hour.
        let allAsleep = 1;
        for (let entry = 0; entry < replicas.length; entry++) {
          const running = (replicas[entry] as Float64Array)[hour] as number;
          const whole = Math.ceil(running);
          counts[entry] = whole;
          if (whole !== running) allAsleep *= whole - running;
        }
        const awake = pack(counts);
        needed[hour] =
          allAsleep === 1 ? awake : awake - allAsleep * (awake - nodesAsleep(replicas, counts, hour, pack));
      }
      holdNodes(needed, paid, pool.behavior.coolDownMinutes);
      nodes = 0;
      for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
        paid[hour] = Math.min(pool.maxNodes, Math.max(pool.minNodes, paid[hour] as number));
        nodes += paid[hour] as number;
      }
    } else if (detailed) paid.fill(pool.maxNodes);
    out.nodeHours[month * pools.length + index] = nodes * WEEKS_PER_MONTH;
    out.busyGpuHours[month * pools.length + index] = busy;
  }

  const weekUsd = ({ weekTotals, weekOf, level }: RequestPrices, month: number): number =>
    (weekTotals[weekOf[month] as number] as number) * (level[month] as number);

  function simulateTask(index: number, scenario: Scenario, month: number): void {
    const { requests, weekRequests, shares, staying, fallback } = tasks[index] as PreparedTask;
    const scale = WEEKS_PER_MONTH * scenario.traffic * growthOf(index, month);
    const prices = fallback?.weeks[fallback.weekOf[month] as number];
    const allUsd = fallback === undefined ? 0 : weekUsd(fallback, month);
    let served = 0;
    let servedUsd = 0;
    for (let at = 0; at < shares.length; at++) {
      const { modelIndex, share } = shares[at] as (typeof shares)[number];
      const { week, availability } = fleet[modelIndex] as (typeof fleet)[number];
      let found = weekRequests;
      let foundUsd = allUsd;
      if (!isFullyServed[modelIndex]) {
        found = 0;
        foundUsd = 0;
        for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
          const here = (requests[hour] as number) * (week.servedShare[hour] as number);
          found += here;
          if (prices !== undefined) foundUsd += here * (prices[hour] as number);
        }
        foundUsd *= fallback?.level[month] ?? 0;
      }
      out.shareServed[month * shareCount + (firstShare[index] as number) + at] = found * share * availability * scale;
      served += found * share * availability;
      servedUsd += foundUsd * share * availability;
    }
    const cell = month * tasks.length + index;
    out.demand[cell] = weekRequests * scale;
    out.selfServed[cell] = served * scale;
    out.stayingUsd[cell] = weekUsd(staying, month) * scale * scenario.apiPrice;
    out.fallbackUsd[cell] = allUsd * scale * scenario.apiPrice;
    out.fallbackServedUsd[cell] = servedUsd * scale * scenario.apiPrice;
  }

  return {
    availability: fleet.map(({ availability }) => availability),
    last: out,
    run(scenario) {
      for (let month = 0; month < months; month++) {
        if (isSameTraffic[month]) {
          repeatMonth(out.nodeHours, month);
          repeatMonth(out.busyGpuHours, month);
          repeatMonth(out.modelGpuHours, month);
        } else for (let index = 0; index < pools.length; index++) simulatePool(index, scenario, month, false);
        for (let index = 0; index < tasks.length; index++) simulateTask(index, scenario, month);
      }
      return out;
    },
    week(scenario, month) {
      for (let index = 0; index < pools.length; index++) simulatePool(index, scenario, month, true);
      return { models: fleet.map(({ week }) => week), nodes: yards.map(({ paid }) => paid) };
    },
  };
}

/** Nodes while every model that is awake for part of the hour sleeps. */
function nodesAsleep(replicas: readonly Float64Array[], counts: Float64Array, hour: number, pack: Packer): number {
  for (let entry = 0; entry < replicas.length; entry++)
    counts[entry] = Math.floor((replicas[entry] as Float64Array)[hour] as number);
  return pack(counts);
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
