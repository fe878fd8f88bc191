/** Requests that may wait, as a multiple of those served together; more than that are turned away. */
const QUEUE_FACTOR = 10;

/** A replica in the steady state. */
export interface QueueState {
  /** Requests that are let in, per second. */
  readonly throughput: number;
  /** Mean requests in service. */
  readonly inService: number;
  /** Mean seconds a request waits before it is started. */
  readonly waitSeconds: number;
  /** Share of the requests that find the queue full. */
  readonly turnedAway: number;
}

/**
 * Poisson arrivals at a server that works on up to `limit` requests together and completes `completions(n)` of them per
 * second when n run: a birth-death chain (M/M/1/K with state-dependent rates, as llm-d's variant autoscaler solves it).
 * `completions` must not fall with n.
 */
export function queueState(arrivals: number, limit: number, completions: (running: number) => number): QueueState {
  const most = limit * (1 + QUEUE_FACTOR);
  let weight = 1;
  let total = 1;
  let running = 0;
  let waiting = 0;
  let last = 1;
  const full = completions(limit);
  for (let n = 1; n <= most; n++) {
    weight *= arrivals / (n < limit ? completions(n) : full);
    total += weight;
    running += Math.min(n, limit) * weight;
    waiting += Math.max(0, n - limit) * weight;
    last = weight;
    // Only ratios matter, so the sums are rescaled before they overflow.
    if (total > 1e200) {
      weight /= 1e200;
      running /= 1e200;
      waiting /= 1e200;
      last /= 1e200;
      total /= 1e200;
    }
    if (n > limit && weight < total * 1e-12) {
      last = 0;
      break;
    }
  }
  const turnedAway = last / total;
  const throughput = arrivals * (1 - turnedAway);
  return {
    throughput,
    inService: running / total,
    waitSeconds: throughput === 0 ? 0 : waiting / total / throughput,
    turnedAway,
  };
}
