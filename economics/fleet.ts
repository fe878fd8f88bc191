import type { PoolBehavior } from "./assumptions.ts";
import type { ServedModel } from "./serving.ts";
import { HOURS_PER_MONTH, HOURS_PER_WEEK } from "./units.ts";

const MINUTES_PER_HOUR = 60;
const ROUNDING = 1e-9;
/** Beyond this many mean arrivals within the cool-down a replica never goes to sleep. */
const ALWAYS_AWAKE = 30;

/** One week of one model, filled in by `elasticWeek`. A load of 1 keeps one replica busy within its latency targets. */
export interface ModelWeek {
  readonly load: Float64Array;
  /** Arrivals per hour; read only for models that scale to zero. */
  readonly requestsPerHour: Float64Array;
  /** Replicas that run; a fraction is the share of the hour a model that scales to zero is awake. */
  readonly replicas: Float64Array;
  /** Share of the load that finds a replica. */
  readonly servedShare: Float64Array;
}

export const emptyWeek = (): ModelWeek => ({
  load: new Float64Array(HOURS_PER_WEEK),
  requestsPerHour: new Float64Array(HOURS_PER_WEEK),
  replicas: new Float64Array(HOURS_PER_WEEK),
  servedShare: new Float64Array(HOURS_PER_WEEK),
});

/** A model that nothing scales: all its replicas run, what is beyond them finds none. */
export function fixedWeek({ load, replicas, servedShare }: ModelWeek, running: number): void {
  replicas.fill(running);
  for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
    const now = load[hour] as number;
    servedShare[hour] = now <= running ? 1 : running / now;
  }
}

/**
 * Replicas that follow the load within the model's bounds. When more are needed than ran in the hour before, the new ones
 * answer only after their start. A model that may scale to zero sleeps once no request came for the length of the
 * cool-down; those that arrive while it starts find no replica. Arrivals are taken as Poisson within the hour.
 */
export function elasticWeek(
  { load, requestsPerHour, replicas, servedShare }: ModelWeek,
  { minReplicas, maxReplicas }: Pick<ServedModel, "minReplicas" | "maxReplicas">,
  { startMinutes, coolDownMinutes }: PoolBehavior,
): void {
  const start = startMinutes / MINUTES_PER_HOUR;
  const coolDown = coolDownMinutes / MINUTES_PER_HOUR;
  for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
    const needed = Math.ceil((load[hour] as number) - ROUNDING);
    replicas[hour] = needed > maxReplicas ? maxReplicas : needed < minReplicas ? minReplicas : needed;
  }
  if (minReplicas === 0) sleep(requestsPerHour, replicas, start, coolDown);
  const heldHours = Math.max(1, Math.ceil(coolDown));
  let last = replicas[HOURS_PER_WEEK - 1] as number;
  for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
    const now = load[hour] as number;
    const running = replicas[hour] as number;
    const before = heldHours === 1 ? last : mostBefore(replicas, hour, heldHours);
    last = running;
    if (running < 1) {
      servedShare[hour] = 1 - coldShare(requestsPerHour[hour] as number, start, coolDown);
      continue;
    }
    const late = running > before ? start : 0;
    const served = late * (now < before ? now : before) + (1 - late) * (now < running ? now : running);
    servedShare[hour] = served < now ? served / now : 1;
  }
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

/** A single replica that is rarely asked is awake for part of the hour. */
function sleep(requestsPerHour: Float64Array, replicas: Float64Array, start: number, coolDown: number): void {
  for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
    const arrivals = requestsPerHour[hour] as number;
    if ((replicas[hour] as number) > 1 || arrivals * coolDown > ALWAYS_AWAKE) continue;
    replicas[hour] = 1 - 1 / awakeGaps(arrivals, start, coolDown);
  }
}

/** Nodes that are paid when `needed` of them hold the replicas: they stay for the cool-down. Writes into `paid`. */
export function holdNodes(needed: Float64Array, paid: Float64Array, coolDownMinutes: number): void {
  const coolDown = coolDownMinutes / MINUTES_PER_HOUR;
  const whole = Math.floor(coolDown);
  const rest = coolDown - whole;
  for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
    const now = needed[hour] as number;
    const held = whole === 0 ? now : Math.max(now, mostBefore(needed, hour, whole));
    const earlier = needed[hour > whole ? hour - whole - 1 : hour - whole - 1 + HOURS_PER_WEEK] as number;
    paid[hour] = earlier > held ? held + rest * (earlier - held) : held;
  }
}

/** Share of the time a replica of an interruptible pool answers: an interruption costs a start. */
export const uninterruptedShare = ({ interruptionsPerMonth, startMinutes }: PoolBehavior): number =>
  Math.max(0, 1 - (interruptionsPerMonth * startMinutes) / MINUTES_PER_HOUR / HOURS_PER_MONTH);
