import { found, type Lookup, missing } from "../provenance.ts";
import type { Slo } from "../serving.ts";
import type { PreparedEngine } from "./formula.ts";
import { queueState } from "./queueing.ts";

/** The latency target holds for 95 % of the requests: waits are taken as exponential, so -ln(1 - 0.95) times the mean. */
const WAIT_MARGIN = -Math.log(1 - 0.95);
const ROUNDS = 40;
const MOST_TURNED_AWAY = 0.001;

/** The highest rate one replica takes within its targets, and what it looks like there. */
export interface Operating {
  readonly requestsPerSecond: number;
  /** Mean sequences running at that rate. */
  readonly sequences: number;
  readonly ttftSeconds: number;
  readonly tpotSeconds: number;
}

/** Times of one request beside `running - 1` others. */
export type TimesOf = (running: number) => { readonly firstSeconds: number; readonly tpotSeconds: number };

/** The most sequences that keep the time per token; 0 when one alone misses it. The time grows with the sequences. */
export function sequencesWithin({ limit }: PreparedEngine, times: TimesOf, tpotSeconds: number): number {
  const keeps = (running: number): boolean => times(running).tpotSeconds <= tpotSeconds;
  let low = 0;
  let high = limit;
  if (keeps(high)) return high;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (keeps(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Searches the highest Poisson rate that keeps both targets, waiting included. */
export function operatingPoint(engine: PreparedEngine, times: TimesOf, slo: Slo): Lookup<Operating> {
  const { outputTokens } = engine.size;
  const alone = times(1);
  const token = (running: number): number => times(running).tpotSeconds;
  // Waiting for others is the queue's part; what is left is the prompt and a step beside those that run.
  const prompt = (running: number): number => alone.firstSeconds + token(running) - alone.tpotSeconds;
  const limit = sequencesWithin(engine, times, slo.tpotMs / 1000);
  if (limit < 1) {
    return missing(
      `one sequence alone takes ${(token(1) * 1000).toFixed(0)} ms per token, above the target of ${slo.tpotMs} ms; use more GPUs per replica or a smaller format`,
    );
  }
  if (prompt(1) * 1000 > slo.ttftMs) {
    return missing(
      `the first token takes ${(prompt(1) * 1000).toFixed(0)} ms, above the target of ${slo.ttftMs} ms; use more GPUs per replica or shorter prompts`,
    );
  }
  const rates = [0];
  for (let running = 1; running <= limit; running++) {
    const rate = running / (prompt(running) + (outputTokens - 1) * token(running));
    rates.push(Math.max(rate, rates.at(-1) as number));
  }
  const completions = (running: number): number => rates[running] as number;
  const keeps = (arrivals: number): boolean => {
    const { inService, waitSeconds, turnedAway } = queueState(arrivals, limit, completions);
    const first = waitSeconds * WAIT_MARGIN + prompt(Math.max(1, inService));
    return turnedAway <= MOST_TURNED_AWAY && first * 1000 <= slo.ttftMs;
  };
  let low = 0;
  let high = completions(limit);
  for (let round = 0; round < ROUNDS; round++) {
    const middle = (low + high) / 2;
    if (keeps(middle)) low = middle;
    else high = middle;
  }
  if (low === 0)
    return missing(
      `no request rate keeps a first token within ${slo.ttftMs} ms; use more GPUs per replica or shorter prompts`,
    );
  const { inService, waitSeconds } = queueState(low, limit, completions);
  const running = Math.max(1, inService);
  return found({
    requestsPerSecond: low,
    sequences: inService,
    ttftSeconds: waitSeconds + prompt(running),
    tpotSeconds: token(running),
  });
}
