import type { Deployment, Load, RequestSize } from "./deployment.ts";
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

const IN_FLIGHT_SHARE_OF_OUTPUT = 0.5;
/** What the latency limits of the MLPerf scenarios leave of the offline figure: medians over systems measured in both. */
const SCENARIO_SHARE = { "mlperf-offline": 1, "mlperf-server": 0.88, "mlperf-interactive": 0.57 };

export function engineOf(deployment: Deployment, size: RequestSize, c: Coefficients): PreparedEngine | undefined {
  const step = stepTime(deployment, size, c);
  if (step === undefined) return undefined;
  const { gpusPerReplica, expertParallel } = deployment;
  const tokens = size.inputTokens + size.outputTokens * IN_FLIGHT_SHARE_OF_OUTPUT;
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

/** A fixed number of clients per replica; those beyond the limit wait for a place. */
function closedLoop({ step, size, limit, coefficients, deployment }: PreparedEngine, clients: number): Performance {
  const each = Math.max(1, clients / deployment.replicas);
  const running = Math.min(each, limit);
  const tpotSeconds = decodeSeconds(step, running);
  const first = firstTokenSeconds(step, running, coefficients);
  const decode = tpotSeconds * (size.outputTokens - 1);
  const cycle = first + decode;
  const ttftSeconds = (each / running) * cycle - decode;
  const outputTokensPerSecond = (Math.min(clients, running * deployment.replicas) * size.outputTokens) / cycle;
  return { outputTokensPerSecond, ttftSeconds, tpotSeconds, sequences: running };
}

/** Everything queued: the batch stays as full as memory, engine and requests allow. */
function saturated(engine: PreparedEngine, requests: number | undefined): Performance {
  const { step, limit, deployment, coefficients } = engine;
  const running = Math.min(limit, (requests ?? Number.POSITIVE_INFINITY) / deployment.replicas);
  const tpotSeconds = decodeSeconds(step, running);
  return {
    outputTokensPerSecond: (running * deployment.replicas * coefficients.offlineShare) / tpotSeconds,
    ttftSeconds: firstTokenSeconds(step, 1, coefficients),
    tpotSeconds,
    sequences: running,
  };
}

/** The clients that a rate of requests keeps busy, by Little's law and bisection; the limit where it cannot be kept. */
function atRate(engine: PreparedEngine, requestsPerSecond: number): Performance {
  const wanted = requestsPerSecond * engine.size.outputTokens;
  const most = saturated(engine, undefined);
  if (most.outputTokensPerSecond <= wanted) return most;
  let low = 1;
  let high = engine.limit * engine.deployment.replicas;
  for (let round = 0; round < 24; round++) {
    const middle = (low + high) / 2;
    if (closedLoop(engine, middle).outputTokensPerSecond < wanted) low = middle;
    else high = middle;
  }
  return { ...closedLoop(engine, high), outputTokensPerSecond: wanted };
}

export function performanceOf(engine: PreparedEngine, load: Load): Performance {
  switch (load.kind) {
    case "concurrency":
      return closedLoop(engine, load.clients);
    case "offline":
      return saturated(engine, load.requests);
    case "rate":
      return atRate(engine, load.requestsPerSecond);
    case "mlperf-offline":
    case "mlperf-server":
    case "mlperf-interactive":
      return scaled(saturated(engine, undefined), SCENARIO_SHARE[load.kind]);
    default:
      return load satisfies never;
  }
}

const scaled = (performance: Performance, share: number): Performance => ({
  ...performance,
  outputTokensPerSecond: performance.outputTokensPerSecond * share,
});
