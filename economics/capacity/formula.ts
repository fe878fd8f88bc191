import type { Deployment, Engine, Load, RequestSize } from "./deployment.ts";
import { maxConcurrentSequences } from "./memory.ts";
import { type Coefficients, decodeSeconds, firstTokenSeconds, type StepTime, stepTime } from "./step-time.ts";

/** What a deployment does under a load. Whole deployment, not per GPU. */
export interface Performance {
  readonly outputTokensPerSecond: number;
  readonly ttftSeconds: number;
  readonly tpotSeconds: number;
  /** Sequences that run at once in each replica. */
  readonly sequences: number;
}

/** A deployment made ready to be asked for many loads. */
export interface PreparedEngine {
  readonly deployment: Deployment;
  readonly size: RequestSize;
  readonly step: StepTime;
  readonly coefficients: Coefficients;
  /** Most sequences a replica runs at once: what memory holds and the engine allows. */
  readonly limit: number;
}

/** What of its answer a running sequence holds in the cache on average; TensorRT-LLM reserves all of it. */
const HELD_SHARE_OF_OUTPUT: Readonly<Record<Engine, number>> = { vllm: 0.5, sglang: 0.5, "tensorrt-llm": 1 };
/** What the latency limits of the MLPerf scenarios leave of the offline figure: medians over systems measured in both. */
const SCENARIO_SHARE = { "mlperf-offline": 1, "mlperf-server": 0.88, "mlperf-interactive": 0.57 };

export function engineOf(deployment: Deployment, size: RequestSize, c: Coefficients): PreparedEngine | undefined {
  const step = stepTime(deployment, size, c);
  if (step === undefined) return undefined;
  const { gpusPerReplica, expertParallel } = deployment;
  const tokens = size.inputTokens + size.outputTokens * HELD_SHARE_OF_OUTPUT[deployment.engine];
  const perGroup = maxConcurrentSequences(
    expertParallel ? { ...deployment, model: withCopiedCache(deployment) } : deployment,
    tokens,
  );
  const held = expertParallel ? perGroup * gpusPerReplica : perGroup;
  return { deployment, size, step, coefficients: c, limit: Math.max(1, Math.min(held, deployment.maxSequences)) };
}

/** With attention copied to every GPU each holds whole heads of its own sequences. */
const withCopiedCache = ({ model, gpusPerReplica }: Deployment): Deployment["model"] => ({
  ...model,
  kvHeads: model.kvHeads * gpusPerReplica,
});

/** A fixed number of clients; those beyond the limit wait for a place. Times are those of one that runs. */
export function closedLoop(
  { size, limit, deployment }: PreparedEngine,
  clients: number,
  times: (running: number) => { firstSeconds: number; tpotSeconds: number },
): Performance {
  const each = Math.max(1, clients / deployment.replicas);
  const running = Math.min(each, limit);
  const { firstSeconds, tpotSeconds } = times(running);
  const decode = tpotSeconds * (size.outputTokens - 1);
  const ttftSeconds = (each / running) * (firstSeconds + decode) - decode;
  const outputTokensPerSecond = (clients * size.outputTokens) / (ttftSeconds + decode);
  return { outputTokensPerSecond, ttftSeconds, tpotSeconds, sequences: running };
}

/** Times by formula alone. */
export const formulaTimes =
  ({ step, size, coefficients }: PreparedEngine) =>
  (running: number) => ({
    firstSeconds: firstTokenSeconds(step, size.inputTokens, running, coefficients),
    tpotSeconds: decodeSeconds(step, running),
  });

/** Everything queued: the batch stays as full as memory and engine allow. */
function saturated({ step, size, limit, deployment, coefficients }: PreparedEngine): Performance {
  const tpotSeconds = decodeSeconds(step, limit);
  return {
    outputTokensPerSecond: (limit * deployment.replicas * coefficients.offlineShare) / tpotSeconds,
    ttftSeconds: firstTokenSeconds(step, size.inputTokens, 1, coefficients),
    tpotSeconds,
    sequences: limit,
  };
}

const EULER = 0.5772;

/** Answer lengths until the last of n exponential answers has ended; also how long some expert is still picked, for n picks. */
const drainSteps = (sequences: number): number => (sequences < 1 ? sequences : Math.log(sequences) + EULER);

/**
 * So many requests at once: the batch is full while any wait, then it drains. Answers of equal length end together; mixed
 * ones are taken as exponential, so that the longest of n is ln n + gamma times the mean and the last steps run nearly empty.
 */
function burst({ step, size, limit, deployment, coefficients }: PreparedEngine, requests: number): Performance {
  const each = Math.max(1, requests / deployment.replicas);
  const full = Math.min(each, limit);
  const fullRounds = each / full - 1;
  const drain = size.isMixed ? drainSteps(full) : 1;
  // Picks of experts per step, were no expert picked twice.
  const picks = step.pickedShare >= 1 ? Number.POSITIVE_INFINITY : -full * Math.log(1 - step.pickedShare);
  const touched = 1 - Math.exp(-picks);
  const drainTouched = size.isMixed && Number.isFinite(picks) ? Math.min(drain, drainSteps(picks)) : drain * touched;
  const fixed = step.fixedSeconds + step.sharedWeightSeconds + step.handOverSeconds;
  const perAnswerToken =
    (fullRounds + drain) * fixed +
    (fullRounds * touched + drainTouched) * step.routedWeightSeconds +
    each * (step.perSequenceSeconds + step.handOverSecondsPerSequence);
  const seconds = coefficients.startSeconds + (size.outputTokens * perAnswerToken) / coefficients.burstShare;
  return {
    outputTokensPerSecond: (requests * size.outputTokens) / seconds,
    ttftSeconds: firstTokenSeconds(step, size.inputTokens, full, coefficients),
    tpotSeconds: (full * seconds) / (each * size.outputTokens),
    sequences: full,
  };
}

/** The clients that a rate of requests keeps busy, by Little's law and bisection; the full engine where it cannot be kept. */
export function atRate(
  engine: PreparedEngine,
  requestsPerSecond: number,
  full: Performance,
  loop: (clients: number) => Performance,
): Performance {
  const wanted = requestsPerSecond * engine.size.outputTokens;
  if (full.outputTokensPerSecond <= wanted) return full;
  let low = 1;
  let high = engine.limit * engine.deployment.replicas;
  for (let round = 0; round < 24; round++) {
    const middle = (low + high) / 2;
    if (loop(middle).outputTokensPerSecond < wanted) low = middle;
    else high = middle;
  }
  return { ...loop(high), outputTokensPerSecond: wanted };
}

export function performanceOf(engine: PreparedEngine, load: Load): Performance {
  switch (load.kind) {
    case "concurrency":
      return closedLoop(engine, load.clients, formulaTimes(engine));
    case "offline":
      return saturated(engine);
    case "burst":
      return burst(engine, load.requests);
    case "rate":
      return atRate(engine, load.requestsPerSecond, saturated(engine), (clients) =>
        closedLoop(engine, clients, formulaTimes(engine)),
      );
    case "mlperf-offline":
    case "mlperf-server":
    case "mlperf-interactive":
      return scaled(saturated(engine), SCENARIO_SHARE[load.kind]);
    default:
      return load satisfies never;
  }
}

const scaled = (performance: Performance, share: number): Performance => ({
  ...performance,
  outputTokensPerSecond: performance.outputTokensPerSecond * share,
});
