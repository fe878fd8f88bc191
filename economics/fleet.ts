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
    const now = load[hour] as number;
    const needed = Math.min(maxReplicas, Math.max(minReplicas, Math.ceil(now - ROUNDING)));
    const arrivals = requestsPerHour[hour] as number;
    servedShare[hour] = 1;
    if (minReplicas > 0 || needed > 1 || arrivals * coolDown > ALWAYS_AWAKE) {
      replicas[hour] = needed;
      continue;
    }
    // Renewal cycle: asleep for 1/arrivals, start, awake until a gap longer than the cool-down.
    const awake = arrivals * start + Math.exp(arrivals * coolDown);
    replicas[hour] = (awake - 1) / awake;
    servedShare[hour] = 1 - (1 + arrivals * start) / awake;
  }
  const heldHours = Math.max(1, Math.ceil(coolDown));
  for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
    const now = load[hour] as number;
    const needed = replicas[hour] as number;
    if (needed < 1) continue;
    let before = 0;
    for (let back = 1; back <= heldHours; back++)
      before = Math.max(before, replicas[(hour - back + HOURS_PER_WEEK) % HOURS_PER_WEEK] as number);
    const late = needed > before ? start : 0;
    const served = late * Math.min(now, before) + (1 - late) * Math.min(now, needed);
    servedShare[hour] = now === 0 ? 1 : served / now;
  }
}

/** Nodes that are paid when `needed` of them hold the replicas: they stay for the cool-down. Writes into `paid`. */
export function holdNodes(needed: Float64Array, paid: Float64Array, coolDownMinutes: number): void {
  const coolDown = coolDownMinutes / MINUTES_PER_HOUR;
  const whole = Math.floor(coolDown);
  const rest = coolDown - whole;
  for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
    let held = 0;
    for (let back = 0; back <= whole; back++)
      held = Math.max(held, needed[(hour - back + HOURS_PER_WEEK) % HOURS_PER_WEEK] as number);
    const earlier = needed[(hour - whole - 1 + HOURS_PER_WEEK) % HOURS_PER_WEEK] as number;
    paid[hour] = held + rest * Math.max(0, earlier - held);
  }
}

/** Share of the time a replica of an interruptible pool answers: an interruption costs a start. */
export const uninterruptedShare = ({ interruptionsPerMonth, startMinutes }: PoolBehavior): number =>
  Math.max(0, 1 - (interruptionsPerMonth * startMinutes) / MINUTES_PER_HOUR / HOURS_PER_MONTH);
