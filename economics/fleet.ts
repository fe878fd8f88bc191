import type { Pool, ServedModel } from "./serving.ts";
import { HOURS_PER_WEEK } from "./units.ts";

/** Scaling up lags one hour behind demand, so an elastic pool runs for the larger of this hour's and the previous hour's need. */
const LAG_HOURS = 1;
const ROUNDING = 1e-9;

/** One week of one model: load in replica units, replicas that run, share of the load they serve. */
export interface ModelWeek {
  readonly model: ServedModel;
  readonly load: Float64Array;
  readonly replicas: Float64Array;
  readonly servedShare: Float64Array;
}

/** Replicas by hour for a load in replica units (1 = one replica within its latency targets). */
export function modelWeek(model: ServedModel, load: Float64Array): ModelWeek {
  const replicas = new Float64Array(HOURS_PER_WEEK);
  const servedShare = new Float64Array(HOURS_PER_WEEK);
  for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
    const now = load[hour] as number;
    const running = Math.min(model.maxReplicas, Math.max(model.minReplicas, Math.ceil(now - ROUNDING)));
    replicas[hour] = running;
    servedShare[hour] = now <= running ? 1 : running / now;
  }
  return { model, load, replicas, servedShare };
}

/** Nodes that hold these replicas: first-fit decreasing by GPUs, replicas larger than a node take whole nodes. */
export function nodesFor(
  replicas: readonly { readonly gpus: number; readonly count: number }[],
  gpusPerNode: number,
): number {
  let whole = 0;
  const freeGpus: number[] = [];
  for (const { gpus, count } of replicas.toSorted((a, b) => b.gpus - a.gpus)) {
    if (gpus >= gpusPerNode) {
      whole += Math.ceil(gpus / gpusPerNode) * count;
      continue;
    }
    for (let replica = 0; replica < count; replica++) {
      const node = freeGpus.findIndex((free) => free >= gpus);
      if (node >= 0) freeGpus[node] = (freeGpus[node] as number) - gpus;
      else freeGpus.push(gpusPerNode - gpus);
    }
  }
  return whole + freeGpus.length;
}

export interface PoolWeek {
  readonly pool: Pool;
  readonly nodes: Float64Array;
  /** Mean share of the paid GPUs' capacity that answers requests. */
  readonly utilization: number;
}

/** Nodes by hour. Fixed pools run at their maximum, whatever the demand. */
export function poolWeek(pool: Pool, weeks: readonly ModelWeek[]): PoolWeek {
  const mine = weeks.filter(({ model }) => model.pool === pool.name);
  const nodes = new Float64Array(HOURS_PER_WEEK).fill(pool.maxNodes);
  if (pool.scaling === "elastic") {
    const needed = Float64Array.from({ length: HOURS_PER_WEEK }, (_, hour) =>
      nodesFor(
        mine.map(({ model, replicas }) => ({ gpus: model.gpusPerReplica, count: replicas[hour] as number })),
        pool.gpusPerNode,
      ),
    );
    for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
      const before = needed[(hour - LAG_HOURS + HOURS_PER_WEEK) % HOURS_PER_WEEK] as number;
      nodes[hour] = Math.min(pool.maxNodes, Math.max(pool.minNodes, needed[hour] as number, before));
    }
  }
  let paidGpus = 0;
  let busyGpus = 0;
  for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
    paidGpus += (nodes[hour] as number) * pool.gpusPerNode;
    for (const { model, load, replicas } of mine)
      busyGpus += Math.min(load[hour] as number, replicas[hour] as number) * model.gpusPerReplica;
  }
  return { pool, nodes, utilization: paidGpus === 0 ? 0 : busyGpus / paidGpus };
}
