import { flows } from "./flows.ts";
import type { Projector } from "./projection.ts";
import { AS_PLANNED } from "./scenario.ts";
import type { DataClass } from "./task.ts";
import { HOURS_PER_MONTH, MILLION } from "./units.ts";

export interface AnsweredBy {
  readonly selfHosted: number;
  readonly api: number;
  /** Nobody may or can answer. */
  readonly unserved: number;
}

/** Costs of one side for one task. */
export interface TaskCost {
  readonly usdPerMonth: number;
  /** Input and output tokens together. */
  readonly usdPerMillionTokens: number;
  /** Per answer that does its job; null when none does. */
  readonly usdPerSuccess: number | null;
  /** Share of requests with an answer that does its job, after retries. */
  readonly successShare: number;
}

export interface TaskResult {
  readonly name: string;
  readonly dataClass: DataClass;
  /** Mean over the horizon. */
  readonly requestsPerMonth: number;
  readonly tokensPerMonth: number;
  /** GPU hours by the load the task puts on them; platform and people by its tokens. */
  readonly owning: TaskCost;
  readonly staying: TaskCost;
  readonly answeredBy: AnsweredBy;
  /** API models that answer it when staying. */
  readonly stayingModels: readonly string[];
  /** API model behind the self-hosted ones; null where none may be used. */
  readonly fallbackModel: string | null;
}

export interface ModelResult {
  readonly name: string;
  readonly kind: "self-hosted" | "api";
  /** Null for API models. */
  readonly pool: string | null;
  /** Requests this model answers when owning. */
  readonly requestsPerMonth: number;
  readonly tokensPerMonth: number;
  /** Self-hosted: its pool's GPU bill by the GPU hours it reserves, and platform and people by tokens. API: what it bills. */
  readonly usdPerMonth: number;
  /** Null when it answers nothing. */
  readonly usdPerMillionTokens: number | null;
}

export interface PoolResult {
  readonly name: string;
  readonly label: string;
  readonly gpu: string;
  readonly gpusPerNode: number;
  readonly usdPerNodeHour: number;
  readonly meanNodes: number;
  readonly maxNodes: number;
  readonly usdPerMonth: number;
  /** Part of it that is paid for GPUs without work. */
  readonly idleUsdPerMonth: number;
  readonly utilization: number;
}

/** Costs by task, by model and by pool. Their owning bills add up to the whole, as far as tasks and pools bear it. */
export interface UnitCosts {
  readonly tasks: readonly TaskResult[];
  readonly models: readonly ModelResult[];
  readonly pools: readonly PoolResult[];
  readonly answeredBy: AnsweredBy;
}

const perMillion = (usd: number, tokens: number): number | null => (tokens > 0 ? (usd / tokens) * MILLION : null);

const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

/** Part of a whole; equal parts when the whole is zero. */
const partOf = (part: number, whole: number, parts: number): number => (whole > 0 ? part / whole : 1 / parts);

/**
 * Spreads the bill of the plan over those who cause it: a pool's bill over its models by the GPU-hours they work, a
 * model's over its tasks in the same way, everything shared (platform, people, GPUs without a pool) over tokens.
 */
export function unitCosts(projector: Projector): UnitCosts {
  const { prepared, ledger, simulation, mean } = projector;
  const { plan, tasks } = prepared;
  const { models } = plan;
  const { pools } = plan.priced;
  const months = plan.terms.horizonMonths;
  const projection = projector.project(AS_PLANNED);
  const plainMean = (values: Float64Array, column: number, columns: number): number => {
    let total = 0;
    for (let month = 0; month < months; month++) total += values[month * columns + column] as number;
    return total / months;
  };

  const poolUsd = pools.map((pool) =>
    sum(projection.owning.filter(({ label }) => label === pool.label).map(({ usdPerMonth }) => usdPerMonth)),
  );
  const gpuHours = models.map((_, index) => mean(simulation.modelGpuHours, index, models.length));
  const modelUsd = models.map((model, index) => {
    const pool = pools.findIndex(({ name }) => name === model.pool);
    const mates = models.map((mate, at) => ({ mate, at })).filter(({ mate }) => mate.pool === model.pool);
    const whole = sum(mates.map(({ at }) => gpuHours[at] as number));
    return (poolUsd[pool] ?? 0) * partOf(gpuHours[index] as number, whole, mates.length);
  });

  const tokens = tasks.map(({ task }) => task.inputTokensPerRequest + task.outputTokensPerRequest);
  const demand = tasks.map((_, index) => mean(simulation.demand, index, tasks.length));
  const served = tasks.map((_, index) => mean(ledger.selfServed, index, tasks.length));
  const tokenVolume = sum(demand.map((requests, index) => requests * (tokens[index] as number)));

  let firstShare = 0;
  const shares = tasks.flatMap(({ shares: mine, task }, index) =>
    mine.map(({ modelIndex, capacity }) => {
      const column = firstShare++;
      return { task: index, modelIndex, column, rate: capacity.requestsPerSecond.median, name: task };
    }),
  );
  const shareRequests = (column: number, average: typeof mean) => average(ledger.shareServed, column, shares.length);
  const workOf = ({ column, rate }: (typeof shares)[number]) => shareRequests(column, mean) / rate;
  const gpuUsdOfTask = tasks.map((_, index) =>
    sum(
      shares
        .filter(({ task }) => task === index)
        .map((share) => {
          const all = shares.filter(({ modelIndex }) => modelIndex === share.modelIndex);
          return (modelUsd[share.modelIndex] as number) * partOf(workOf(share), sum(all.map(workOf)), all.length);
        }),
    ),
  );
  const direct = (index: number) =>
    mean(ledger.usageUsd, index, tasks.length) +
    mean(ledger.captureUsd, index, tasks.length) +
    mean(ledger.apiUsd, index, tasks.length) +
    mean(ledger.failuresUsd, index, tasks.length);
  const shared = projection.owningUsdPerMonth - sum(gpuUsdOfTask) - sum(tasks.map((_, index) => direct(index)));

  const taskResults = tasks.map((prepared, index): TaskResult => {
    const { name, task, fallback, stayingRoutes } = prepared;
    const flow = flows(prepared);
    const [requests, own] = [demand[index] as number, served[index] as number];
    const volume = requests * (tokens[index] as number);
    const cost = (usd: number, failed: number): TaskCost => ({
      usdPerMonth: usd,
      usdPerMillionTokens: perMillion(usd, volume) ?? 0,
      usdPerSuccess: requests - failed > 0 ? usd / (requests - failed) : null,
      successShare: requests > 0 ? 1 - failed / requests : 0,
    });
    const ownShare = requests > 0 ? own / requests : 0;
    const plainRequests = plainMean(simulation.demand, index, tasks.length);
    return {
      name,
      dataClass: task.dataClass,
      requestsPerMonth: plainRequests,
      tokensPerMonth: plainRequests * (tokens[index] as number),
      owning: cost(
        (gpuUsdOfTask[index] as number) + direct(index) + shared * partOf(volume, tokenVolume, tasks.length),
        requests * flow.owning.failuresPerRequest + own * flow.owning.failuresPerServed,
      ),
      staying: cost(
        mean(ledger.stayingApiUsd, index, tasks.length) + mean(ledger.stayingFailuresUsd, index, tasks.length),
        requests * flow.staying.failuresPerRequest,
      ),
      answeredBy: {
        selfHosted: ownShare,
        api: fallback === undefined ? 0 : 1 - ownShare,
        unserved: fallback === undefined ? 1 - ownShare : 0,
      },
      stayingModels: [...new Set(stayingRoutes.map(({ api }) => api.name))],
      fallbackModel: fallback === undefined ? null : (task.apiModel ?? null),
    };
  });

  const selfHosted = models.map((model, index): ModelResult => {
    const mine = shares.filter(({ modelIndex }) => modelIndex === index);
    const requests = sum(mine.map(({ column }) => shareRequests(column, plainMean)));
    const volume = sum(mine.map(({ column, task }) => shareRequests(column, plainMean) * (tokens[task] as number)));
    const discounted = sum(mine.map(({ column, task }) => shareRequests(column, mean) * (tokens[task] as number)));
    const usd = (modelUsd[index] as number) + shared * (tokenVolume > 0 ? discounted / tokenVolume : 0);
    return {
      name: model.name,
      kind: "self-hosted",
      pool: model.pool,
      requestsPerMonth: requests,
      tokensPerMonth: volume,
      usdPerMonth: usd,
      usdPerMillionTokens: perMillion(usd, discounted),
    };
  });
  const fallbackNames = [...new Set(taskResults.flatMap(({ fallbackModel }) => fallbackModel ?? []))];
  const api = fallbackNames.map((name): ModelResult => {
    const mine = tasks.map((task, index) => ({ task, index })).filter(({ task }) => task.task.apiModel === name);
    const requestsOf = (average: typeof mean, weigh: (index: number) => number) =>
      sum(
        mine
          .filter(({ task }) => task.fallback !== undefined)
          .map(({ task, index }) => {
            const { apiPerRequest, apiPerServed } = flows(task).owning;
            const all = average(simulation.demand, index, tasks.length) * apiPerRequest;
            return (all + average(ledger.selfServed, index, tasks.length) * apiPerServed) * weigh(index);
          }),
      );
    const usd = sum(mine.map(({ index }) => mean(ledger.apiUsd, index, tasks.length)));
    return {
      name,
      kind: "api",
      pool: null,
      requestsPerMonth: requestsOf(plainMean, () => 1),
      tokensPerMonth: requestsOf(plainMean, (index) => tokens[index] as number),
      usdPerMonth: usd,
      usdPerMillionTokens: perMillion(
        usd,
        requestsOf(mean, (index) => tokens[index] as number),
      ),
    };
  });

  const requests = sum(demand);
  const part = (value: number) => (requests > 0 ? value / requests : 0);
  return {
    tasks: taskResults,
    models: [...selfHosted, ...api],
    pools: pools.map((pool, index): PoolResult => {
      const nodeHours = plainMean(simulation.nodeHours, index, pools.length);
      const busy = plainMean(simulation.busyGpuHours, index, pools.length);
      const idle = projection.owning.filter(({ label, drain }) => label === pool.label && drain === "idle capacity");
      return {
        name: pool.name,
        label: pool.label,
        gpu: pool.gpu.name,
        gpusPerNode: pool.gpusPerNode,
        usdPerNodeHour: pool.usdPerNodeHour,
        meanNodes: nodeHours / HOURS_PER_MONTH,
        maxNodes: pool.maxNodes,
        usdPerMonth: poolUsd[index] as number,
        idleUsdPerMonth: sum(idle.map(({ usdPerMonth }) => usdPerMonth)),
        utilization: nodeHours > 0 ? busy / (nodeHours * pool.gpusPerNode) : 0,
      };
    }),
    answeredBy: {
      selfHosted: part(sum(served)),
      api: part(sum(taskResults.map(({ answeredBy }, index) => answeredBy.api * (demand[index] as number)))),
      unserved: part(sum(taskResults.map(({ answeredBy }, index) => answeredBy.unserved * (demand[index] as number)))),
    },
  };
}
