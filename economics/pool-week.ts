import { arrays } from "./arrays.ts";
import { elasticWeek, emptyWeek, fixedWeek, holdNodes, type ModelWeek, neededNodes } from "./fleet.ts";
import { packer } from "./packing.ts";
import type { PreparedTask } from "./prepare.ts";
import type { Scenario } from "./scenario.ts";
import type { Pool, ServedModel } from "./serving.ts";
import type { Task } from "./task.ts";
import { HOURS_PER_WEEK, SECONDS_PER_HOUR } from "./units.ts";

/** One task's part of one model's load. */
interface Demand extends Pick<PreparedTask, "requests" | "peakRequests" | "weekRequests" | "growth"> {
  /** Requests the model gets per request of the task. */
  readonly share: number;
  /** Replicas one request of the task per hour keeps busy, at the median capacity. */
  readonly load: number;
  readonly p90Error: number;
}

/** A model, who asks it, and what the week was like that was simulated last. */
export interface LoadedModel {
  readonly model: ServedModel;
  readonly demands: readonly Demand[];
  /** Filled in only where not every request finds a replica, or where every hour was asked for. */
  readonly week: ModelWeek;
  /** Whether every request finds a replica in every hour. */
  isFullyServed: boolean;
  /** GPU-hours that answer requests. */
  gpuHours: number;
}

export interface PoolWeek {
  /** Nodes paid by hour; filled in as the weeks of the models are. */
  readonly paidNodes: Float64Array;
  /** Simulates a week of one month and gives its paid node-hours. `everyHour`: even where nothing overflows. */
  simulate(scenario: Scenario, month: number, everyHour: boolean): number;
}

/** Requests a restricted task repeats on own hardware load it once more. */
const ownRetries = (task: Task, hasFallback: boolean): number =>
  hasFallback ? 1 : 1 + task.retryRate * (1 - task.successRate.selfHosted);

export function loadedModel(model: ServedModel, index: number, tasks: readonly PreparedTask[]): LoadedModel {
  const demands = tasks.flatMap(({ task, requests, peakRequests, weekRequests, growth, shares, fallback }) =>
    shares
      .filter(({ modelIndex }) => modelIndex === index)
      .map(({ share: part, capacity }): Demand => {
        const share = part * ownRetries(task, fallback !== undefined);
        const load = share / SECONDS_PER_HOUR / capacity.requestsPerSecond.median;
        return { requests, peakRequests, weekRequests, growth, share, load, p90Error: capacity.p90Error };
      }),
  );
  return { model, demands, week: emptyWeek(), isFullyServed: true, gpuHours: 0 };
}

const growthOf = ({ growth }: Demand, month: number): number => growth[month] as number;

const loadPerRequest = (demand: Demand, { traffic, capacity }: Scenario, month: number): number =>
  (demand.load * traffic * growthOf(demand, month)) / (1 + demand.p90Error) ** capacity;

function fillLoad({ week, demands }: LoadedModel, scenario: Scenario, month: number): void {
  const { load } = week;
  load.fill(0);
  for (const demand of demands) {
    const perRequest = loadPerRequest(demand, scenario, month);
    for (let hour = 0; hour < HOURS_PER_WEEK; hour++)
      load[hour] = (load[hour] as number) + (demand.requests[hour] as number) * perRequest;
  }
}

/** Requests that reach a model in an hour of a month. */
const arrivals =
  ({ demands }: LoadedModel, { traffic }: Scenario, month: number) =>
  (hour: number): number =>
    demands.reduce(
      (sum, demand) => sum + (demand.requests[hour] as number) * demand.share * traffic * growthOf(demand, month),
      0,
    );

/** Prepares the simulation of a pool and the models on it. */
export function poolWeek(pool: Pool, models: readonly LoadedModel[]): PoolWeek {
  const { behavior, maxNodes } = pool;
  const pack = packer(
    models.map(({ model }) => model.gpusPerReplica),
    pool.gpusPerNode,
  );
  const replicas = models.map(({ week }) => week.replicas);
  const { needed, paid } = arrays({ needed: HOURS_PER_WEEK, paid: HOURS_PER_WEEK });

  function simulateModel(
    loaded: LoadedModel,
    scenario: Scenario,
    month: number,
    isElastic: boolean,
    everyHour: boolean,
  ) {
    const { model, week, demands } = loaded;
    let peak = 0;
    let load = 0;
    for (const demand of demands) {
      const perRequest = loadPerRequest(demand, scenario, month);
      peak += demand.peakRequests * perRequest;
      load += demand.weekRequests * perRequest;
    }
    loaded.isFullyServed = !isElastic && peak <= model.maxReplicas;
    if (!loaded.isFullyServed || everyHour) {
      fillLoad(loaded, scenario, month);
      load = isElastic
        ? elasticWeek(week, model, behavior, arrivals(loaded, scenario, month))
        : fixedWeek(week, model.maxReplicas);
    }
    loaded.gpuHours = load * model.gpusPerReplica;
  }

  return {
    paidNodes: paid,
    simulate(scenario, month, everyHour) {
      const isElastic = pool.scaling === "elastic" && !scenario.worstCase;
      for (const model of models) simulateModel(model, scenario, month, isElastic, everyHour);
      if (!isElastic) {
        if (everyHour) paid.fill(maxNodes);
        return maxNodes * HOURS_PER_WEEK;
      }
      neededNodes(replicas, pack, needed);
      return holdNodes(needed, paid, pool);
    },
  };
}
