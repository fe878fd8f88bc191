import { sumUsd } from "./bill.ts";
import { breakEven } from "./break-even.ts";
import { type Decision, type DecisionInput, decide, planOf } from "./decide.ts";
import type { PlannedNodes } from "./planned.ts";
import { type PreparedTask, preparePlan } from "./prepare.ts";
import type { Pool } from "./serving.ts";
import type { Task } from "./task.ts";
import { type TokenPrices, tokenPrices } from "./token-prices.ts";
import { HOURS_PER_MONTH, MILLION } from "./units.ts";

/** A pool as the plan pays for it. */
export interface PoolFigures {
  readonly name: string;
  readonly usdPerNodeHour: number;
  /** Day the price's source states it for, YYYY-MM-DD. */
  readonly priceDate: string;
  readonly gpusPerNode: number;
  /** Nodes paid for whatever the demand. */
  readonly paidNodes: number;
  readonly isFixed: boolean;
}

/** Prices of a task's tokens, with the oldest day among them. */
export interface DatedTokenPrices extends TokenPrices {
  readonly priceDate: string;
}

/** What the plan takes one replica of one model to answer of one task. */
export interface ReplicaFigures {
  readonly model: string;
  readonly requestsPerSecond: number;
  readonly gpusPerReplica: number;
}

export interface TaskFigures {
  readonly name: string;
  readonly requestsPerDay: number;
  /** Fraction per month. */
  readonly monthlyGrowth: number;
  readonly cachedInputShare: number;
  /** One mean request without own hardware, US dollars. */
  readonly stayingUsdPerRequest: number;
  /** What the tokens would cost without own hardware. */
  readonly staying: DatedTokenPrices;
  /** What tokens sent to an API cost, by API model. */
  readonly api: Readonly<Record<string, DatedTokenPrices>>;
  /** Share of the answers the plan leaves to the API: its own part, downtime and escalation. */
  readonly apiShare: number;
  readonly replicas: readonly ReplicaFigures[];
}

/** The forecast a decision rests on, as the figures that live metrics are held against. */
export interface PlanFigures {
  /** Day the figures hold for, YYYY-MM-DD. */
  readonly day: string;
  readonly pools: readonly PoolFigures[];
  /** Everything owned but GPU nodes: platform and people. */
  readonly otherUsdPerHour: number;
  /** What the plan expects to pay the API. */
  readonly apiUsdPerHour: number;
  readonly tasks: readonly TaskFigures[];
  /** Where both bills meet; undefined when they never do, or when nothing is owned. */
  readonly breakEven?: { readonly volume: number; readonly utilization: number };
}

function poolFigures(pool: Pool, items: DecisionInput["items"], { catalog }: DecisionInput): PoolFigures {
  const item = items.find((one): one is PlannedNodes => one.kind === "nodes" && one.pool === pool.name);
  const hardware = item?.hardware;
  const offering =
    hardware?.kind === "instance"
      ? catalog.offering(hardware.region, hardware.instanceType, hardware.purchase)
      : undefined;
  const statedDate = hardware?.kind === "instance" ? undefined : hardware?.provenance.date;
  const date = offering === undefined ? statedDate : offering.ok ? offering.value.date : undefined;
  if (date === undefined) throw new Error(`pool ${pool.name} is priced and its price has no date`);
  const isFixed = pool.scaling === "fixed";
  return {
    name: pool.name,
    usdPerNodeHour: pool.usdPerNodeHour,
    priceDate: date,
    gpusPerNode: pool.gpusPerNode,
    paidNodes: isFixed ? pool.maxNodes : pool.minNodes,
    isFixed,
  };
}

const discounted = (prices: TokenPrices, discount: number): TokenPrices => ({
  inputUsdPerMillion: prices.inputUsdPerMillion * (1 - discount),
  cachedInputUsdPerMillion: prices.cachedInputUsdPerMillion * (1 - discount),
  outputUsdPerMillion: prices.outputUsdPerMillion * (1 - discount),
});

function stayingPrices({ task, stayingRoutes }: PreparedTask, { terms, today }: DecisionInput): DatedTokenPrices {
  const sum = { inputUsdPerMillion: 0, cachedInputUsdPerMillion: 0, outputUsdPerMillion: 0 };
  for (const { api, share } of stayingRoutes) {
    const prices = tokenPrices(api, task, task.batchableShare, today);
    if (!prices.ok) throw new Error(prices.reason);
    const paid = discounted(prices.value, terms.apiDiscount);
    sum.inputUsdPerMillion += share * paid.inputUsdPerMillion;
    sum.cachedInputUsdPerMillion += share * paid.cachedInputUsdPerMillion;
    sum.outputUsdPerMillion += share * paid.outputUsdPerMillion;
  }
  const [priceDate = today] = stayingRoutes.map(({ api }) => api.date).toSorted();
  return { ...sum, priceDate };
}

const requestUsd = (task: Task, prices: TokenPrices): number =>
  (task.inputTokensPerRequest *
    ((1 - task.cachedInputShare) * prices.inputUsdPerMillion +
      task.cachedInputShare * prices.cachedInputUsdPerMillion) +
    task.outputTokensPerRequest * prices.outputUsdPerMillion) /
  MILLION;

function taskFigures(prepared: PreparedTask, input: DecisionInput): TaskFigures {
  const { name, task, shares } = prepared;
  const { catalog, terms, today, operations, models } = input;
  const api: Record<string, DatedTokenPrices> = {};
  const fallback = task.dataClass === "restricted" ? undefined : task.apiModel;
  const row = fallback === undefined ? undefined : catalog.apiModel(fallback);
  if (row?.ok) {
    const prices = tokenPrices(row.value, task, 0, today);
    if (prices.ok) api[row.value.name] = { ...discounted(prices.value, terms.apiDiscount), priceDate: row.value.date };
  }
  const staying = stayingPrices(prepared, input);
  const own = shares.reduce((sum, { share }) => sum + share, 0) * operations.availability;
  return {
    name,
    requestsPerDay: task.requestsPerDay,
    monthlyGrowth: task.monthlyGrowth,
    cachedInputShare: task.cachedInputShare,
    stayingUsdPerRequest: requestUsd(task, staying),
    staying,
    api,
    apiShare: fallback === undefined ? 0 : 1 - own + own * task.escalationRate,
    replicas: shares.map(({ modelIndex, capacity }) => {
      const model = models[modelIndex];
      if (model === undefined) throw new Error(`task ${name} has no model ${modelIndex}`);
      const { name: served, gpusPerReplica } = model;
      return { model: served, requestsPerSecond: capacity.requestsPerSecond.median, gpusPerReplica };
    }),
  };
}

function ownedFigures(decision: Decision): Pick<PlanFigures, "otherUsdPerHour" | "apiUsdPerHour" | "breakEven"> {
  if (!("projection" in decision))
    return {
      otherUsdPerHour: 0,
      apiUsdPerHour: decision.kind === "rent" ? decision.stayingUsdPerMonth / HOURS_PER_MONTH : 0,
    };
  const { projection, prepared, projector } = decision;
  const usdPerHour = (...categories: string[]): number =>
    sumUsd(projection.owning.filter(({ category }) => categories.includes(category))) / HOURS_PER_MONTH;
  const meeting = breakEven(projector);
  const poolLabels = new Set(prepared.plan.priced.pools.map(({ label }) => label));
  const strayGpus = projection.owning.filter(({ category, label }) => category === "gpu" && !poolLabels.has(label));
  return {
    otherUsdPerHour: usdPerHour("platform", "people") + sumUsd(strayGpus) / HOURS_PER_MONTH,
    apiUsdPerHour: usdPerHour("api"),
    ...(meeting.reached ? { breakEven: { volume: meeting.volume, utilization: meeting.utilization } } : {}),
  };
}

/** The figures of a plan; undefined when something of it has no price or no capacity, which policies block. */
export function planFigures(input: DecisionInput): PlanFigures | undefined {
  const decision = decide(input);
  if (decision.kind === "unpriced") return undefined;
  const prepared = "prepared" in decision ? decision.prepared : preparePlan(planOf(input), input.catalog);
  return {
    day: input.today,
    pools: prepared.plan.priced.pools.map((pool) => poolFigures(pool, input.items, input)),
    ...ownedFigures(decision),
    tasks: prepared.tasks.map((task) => taskFigures(task, input)),
  };
}
