import { found, type Lookup, missing } from "../provenance.ts";
import type { Slo } from "../serving.ts";
import type { PreparedEngine } from "./formula.ts";
import type { Correction } from "./predict.ts";
import { queueState } from "./queueing.ts";
import { decodeSeconds } from "./step-time.ts";

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

/** Times of one replica as functions of the sequences that run, anchors applied. */
interface Times {
  readonly token: (running: number) => number;
  readonly prompt: (running: number) => number;
}

function timesOf({ step, coefficients }: PreparedEngine, { tpot, ttft }: Pick<Correction, "tpot" | "ttft">): Times {
  const token = (running: number): number => decodeSeconds(step, running) * tpot;
  return { token, prompt: (running) => (coefficients.requestSeconds + step.promptSeconds) * ttft + token(running) };
}

/** The most sequences that keep the time per token; 0 when one alone misses it. The time grows with the sequences. */
export function sequencesWithin(
  engine: PreparedEngine,
  correction: Pick<Correction, "tpot" | "ttft">,
  tpotSeconds: number,
): number {
  const { token } = timesOf(engine, correction);
  let low = 0;
  let high = engine.limit;
  if (token(high) <= tpotSeconds) return high;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (token(middle) <= tpotSeconds) low = middle;
    else high = middle;
  }
  return low;
}

/** Searches the highest Poisson rate that keeps both targets, waiting included. */
export function operatingPoint(
  engine: PreparedEngine,
  correction: Pick<Correction, "tpot" | "ttft">,
  slo: Slo,
): Lookup<Operating> {
  const { token, prompt } = timesOf(engine, correction);
  const { outputTokens } = engine.size;
  const limit = sequencesWithin(engine, correction, slo.tpotMs / 1000);
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
  const completions = (running: number): number => running / (prompt(running) + (outputTokens - 1) * token(running));
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
