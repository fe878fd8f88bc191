import { arrays } from "./arrays.ts";
import type { PoolBehavior } from "./assumptions.ts";
import type { Packer } from "./packing.ts";
import type { Plan } from "./plan.ts";
import type { Pool, ServedModel } from "./serving.ts";
import { HOURS_PER_MONTH, HOURS_PER_WEEK } from "./units.ts";

const MINUTES_PER_HOUR = 60;
const ROUNDING = 1e-9;
/** Beyond this many mean arrivals within the cool-down a replica never goes to sleep. */
const ALWAYS_AWAKE = 30;

/** One week of one model, filled in by `elasticWeek`. A load of 1 keeps one replica busy within its latency targets. */
export interface ModelWeek {
  readonly load: Float64Array;
  /** Replicas that run; a fraction is the share of the hour a model that scales to zero is awake. */
  readonly replicas: Float64Array;
  /** Share of the load that finds a replica. */
  readonly servedShare: Float64Array;
}

export const emptyWeek = (): ModelWeek =>
  arrays({ load: HOURS_PER_WEEK, replicas: HOURS_PER_WEEK, servedShare: HOURS_PER_WEEK });

/** A model that nothing scales: all its replicas run, what is beyond them finds none. Gives the load they serve. */
export function fixedWeek({ load, replicas, servedShare }: ModelWeek, running: number): number {
  let served = 0;
  replicas.fill(running);
  for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
    const now = load[hour] as number;
    const here = now < running ? now : running;
    servedShare[hour] = here < now ? here / now : 1;
    served += here;
  }
  return served;
}

/**
 * Replicas that follow the load within the model's bounds. When more are needed than ran in the hour before, the new ones
 * answer only after their start. A model that may scale to zero sleeps once no request came for the length of the
 * cool-down; those that arrive while it starts, and those beyond its one replica, find none. Arrivals are taken as Poisson within the hour. Gives the
 * load that is served.
 */
export function elasticWeek(
  { load, replicas, servedShare }: ModelWeek,
  { minReplicas, maxReplicas }: Pick<ServedModel, "minReplicas" | "maxReplicas">,
  { startMinutes, coolDownMinutes }: PoolBehavior,
  arrivals: (hour: number) => number,
): number {
  const start = startMinutes / MINUTES_PER_HOUR;
  const coolDown = coolDownMinutes / MINUTES_PER_HOUR;
  for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
    const needed = Math.ceil((load[hour] as number) - ROUNDING);
    const running = needed > maxReplicas ? maxReplicas : needed < minReplicas ? minReplicas : needed;
    replicas[hour] = minReplicas === 0 && running <= 1 ? awakeShare(arrivals(hour), start, coolDown) : running;
  }
  const heldHours = Math.max(1, Math.ceil(coolDown));
  let last = replicas[HOURS_PER_WEEK - 1] as number;
  let all = 0;
  for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
    const now = load[hour] as number;
    const running = replicas[hour] as number;
    const before = heldHours === 1 ? last : mostBefore(replicas, hour, heldHours);
    last = running;
    const late = running > before ? start : 0;
    const served =
      running < 1
        ? (now < 1 ? now : 1) * (1 - coldShare(arrivals(hour), start, coolDown))
        : late * (now < before ? now : before) + (1 - late) * (now < running ? now : running);
    servedShare[hour] = served < now ? served / now : 1;
    all += served < now ? served : now;
  }
  return all;
}

/** The highest of the hours before, around the week. */
function mostBefore(values: Float64Array, hour: number, hours: number): number {
  let most = 0;
  for (let back = 1; back <= hours; back++)
    most = Math.max(most, values[(hour - back + HOURS_PER_WEEK) % HOURS_PER_WEEK] as number);
  return most;
}

/** Renewal cycle of a model that sleeps: asleep for a mean gap, start, awake until a gap longer than the cool-down. In mean gaps. */
const awakeGaps = (arrivals: number, start: number, coolDown: number): number =>
  arrivals * start + Math.exp(arrivals * coolDown);

/** Share of the arrivals that find the model asleep or starting. */
const coldShare = (arrivals: number, start: number, coolDown: number): number =>
  (1 + arrivals * start) / awakeGaps(arrivals, start, coolDown);

/** Share of an hour in which the single replica of a model that sleeps is awake. */
const awakeShare = (arrivals: number, start: number, coolDown: number): number =>
  arrivals * coolDown > ALWAYS_AWAKE ? 1 : 1 - 1 / awakeGaps(arrivals, start, coolDown);

/**
 * Nodes that hold the replicas of each hour, by model. A fraction of a replica is a model that is awake for this share of
 * the hour; while all of those sleep, fewer nodes may do. Writes into `needed`.
 */
export function neededNodes(replicas: readonly Float64Array[], pack: Packer, needed: Float64Array): void {
  const counts = new Float64Array(replicas.length);
  for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
    let allAsleep = 1;
    for (let model = 0; model < replicas.length; model++) {
      const running = (replicas[model] as Float64Array)[hour] as number;
      const whole = Math.ceil(running);
      counts[model] = whole;
      if (whole !== running) allAsleep *= whole - running;
    }
    needed[hour] = pack(counts);
    if (allAsleep === 1) continue;
    for (let model = 0; model < replicas.length; model++)
      counts[model] = Math.floor((replicas[model] as Float64Array)[hour] as number);
    const asleep = pack(counts);
    needed[hour] = (needed[hour] as number) * (1 - allAsleep) + allAsleep * asleep;
  }
}

/**
 * Nodes that are paid when `needed` of them hold the replicas: they stay for the cool-down, within the pool's bounds.
 * Writes into `paid` and gives their hours.
 */
export function holdNodes(
  needed: Float64Array,
  paid: Float64Array,
  { minNodes, maxNodes, behavior }: Pick<Pool, "minNodes" | "maxNodes" | "behavior">,
): number {
  const coolDown = behavior.coolDownMinutes / MINUTES_PER_HOUR;
  const whole = Math.floor(coolDown);
  const rest = coolDown - whole;
  let nodeHours = 0;
  for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
    const now = needed[hour] as number;
    const held = whole === 0 ? now : Math.max(now, mostBefore(needed, hour, whole));
    const earlier = needed[hour > whole ? hour - whole - 1 : hour - whole - 1 + HOURS_PER_WEEK] as number;
    const nodes = earlier > held ? held + rest * (earlier - held) : held;
    const bounded = nodes > maxNodes ? maxNodes : nodes < minNodes ? minNodes : nodes;
    paid[hour] = bounded;
    nodeHours += bounded;
  }
  return nodeHours;
}

/** Share of the time a replica of an interruptible pool answers: an interruption costs a start. */
export const uninterruptedShare = ({ interruptionsPerMonth, startMinutes }: PoolBehavior): number =>
  Math.max(0, 1 - (interruptionsPerMonth * startMinutes) / MINUTES_PER_HOUR / HOURS_PER_MONTH);

/** Share of the time replicas of each model answer: downtime and interruptions taken off. */
export const availability = ({ models, priced, operations }: Plan): readonly number[] =>
  models.map((model) => {
    const pool = priced.pools.find(({ name }) => name === model.pool);
    return operations.availability * (pool === undefined ? 1 : uninterruptedShare(pool.behavior));
  });
