import type { Gpu } from "../gpu.ts";
import type { ModelDimensions } from "../model.ts";
import { found, type Lookup, missing, type Provenance } from "../provenance.ts";
import type { Precision, ServedModel, Slo } from "../serving.ts";
import type { AnchorIndex } from "./anchors.ts";
import type { Deployment, RequestSize } from "./deployment.ts";
import { type Evidence, TIER_ERRORS } from "./evidence.ts";
import { formatNote } from "./formats.ts";
import { formulaTimes, type PreparedEngine, performanceOf } from "./formula.ts";
import { maxConcurrentSequences, memoryFit } from "./memory.ts";
import { correctionFor, type PredictionQuery, readyEngine } from "./predict.ts";
import { operatingPoint, sequencesWithin } from "./slo-search.ts";

/**
 * Published figures come from tuned runs; a stock vLLM reaches less: published bursts, most on default flags, 0.79 of the
 * formula at the median, a quarter of them below 0.6 (accuracy/stock-engine.ts, docs/accuracy.md), here rounded down. A
 * measurement of one's own replaces this factor.
 */
export const STOCK_ENGINE_FACTOR = 0.75;

/** What the user measured on this model, GPU and engine: output tokens per second of one replica within its targets. */
export interface OwnMeasurement extends Provenance {
  readonly outputTokensPerSecond: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface CapacityQuery {
  readonly model: ModelDimensions;
  readonly precision: Precision;
  readonly gpu: Gpu;
  readonly gpusPerReplica: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly prefixCacheShare?: number;
  readonly maxConcurrentSequences: number;
  readonly gpuMemoryUtilization: number;
  readonly maxContextTokens: number;
  readonly slo: Slo;
  readonly measured?: OwnMeasurement | undefined;
}

/** What one replica can serve within its latency targets, with the interval that 90 % of measurements fall into. */
export interface CapacityEstimate {
  readonly requestsPerSecond: { readonly pessimistic: number; readonly median: number; readonly optimistic: number };
  /** Mean sequences running at that rate. */
  readonly concurrentSequences: number;
  readonly ttftMs: number;
  readonly tpotMs: number;
  readonly tier: string;
  readonly p90Error: number;
  readonly evidence: Evidence;
  /** What was taken off the model's figure for a stock engine; 1 with a measurement of one's own. */
  readonly planFactor: number;
  /** What a reader must know, e.g. that a format is only stored. */
  readonly notes: readonly string[];
}

/** Tensor parallel beyond two GPUs over PCIe gains next to nothing: eight L40S serve a 70B model 1.1 times as fast as four. */
const PCIE_RANKS = 2;

const deploymentOf = (query: CapacityQuery): Deployment => ({
  engine: "vllm",
  isEarlyRelease: false,
  model: query.model,
  precision: query.precision,
  gpu: query.gpu,
  gpusPerReplica: query.gpusPerReplica,
  replicas: 1,
  expertParallel: false,
  pipelineStages: 1,
  cacheBytesPerValue: 2,
  maxSequences: query.maxConcurrentSequences,
  gpuMemoryUtilization: query.gpuMemoryUtilization,
});

/** Beyond this multiple of what the formula reaches at full load a figure is a slip of the pen, not a good day. */
const MOST_OVER_FORMULA = 4;

const sizeOf = ({ inputTokens, outputTokens, prefixCacheShare = 0 }: CapacityQuery): RequestSize => ({
  inputTokens,
  outputTokens,
  prefixCacheShare,
  isMixed: false,
});

function notesOf({ gpu, precision, gpusPerReplica }: CapacityQuery): readonly string[] {
  const format = formatNote(gpu, precision);
  const isPcie = /pcie/i.test(gpu.interconnect) || (/pair/i.test(gpu.interconnect) && gpusPerReplica > PCIE_RANKS);
  const link =
    isPcie && gpusPerReplica > PCIE_RANKS
      ? [
          `${gpusPerReplica} GPUs over PCIe: tensor parallel beyond ${PCIE_RANKS} gains little, more replicas serve more`,
        ]
      : [];
  return format === undefined ? link : [format, ...link];
}

/** Anchors are chosen where the replica will run: at the sequences its time per token allows. */
function correctionAtTarget(engine: PreparedEngine, query: PredictionQuery, slo: Slo, index: AnchorIndex) {
  const at = (clients: number) => {
    const load = { kind: "concurrency", clients } as const;
    return correctionFor({ ...query, load }, engine, performanceOf(engine, load), index);
  };
  const first = at(Math.max(1, sequencesWithin(engine, formulaTimes(engine), slo.tpotMs / 1000)));
  return at(Math.max(1, sequencesWithin(engine, first.times, slo.tpotMs / 1000)));
}

/** Estimates one replica. The reason of a failure says what would help. */
export function estimateCapacity(query: CapacityQuery, index: AnchorIndex): Lookup<CapacityEstimate> {
  const fit = memoryFit(query);
  if (!fit.ok) return fit;
  const deployment = deploymentOf(query);
  const size = sizeOf(query);
  const tokens = size.inputTokens + size.outputTokens;
  if (maxConcurrentSequences(deployment, tokens) < 1) {
    return missing(
      `no request of ${size.inputTokens} + ${size.outputTokens} tokens fits beside the weights; at most ${Math.floor(fit.value.kvCapacityTokens)} tokens do, or use more GPUs per replica`,
    );
  }
  const asked: PredictionQuery = { deployment, size, load: { kind: "concurrency", clients: 1 } };
  const engine = readyEngine(asked);
  if (!engine.ok) return engine;
  const correction = correctionAtTarget(engine.value, asked, query.slo, index);
  const operating = operatingPoint(engine.value, correction.times, query.slo);
  if (!operating.ok) return operating;
  const { requestsPerSecond, sequences, ttftSeconds, tpotSeconds } = operating.value;
  const own = query.measured;
  const planFactor = own === undefined ? STOCK_ENGINE_FACTOR : 1;
  const rate =
    own === undefined ? found(requestsPerSecond * planFactor) : ownRate(query, own, asked, requestsPerSecond, index);
  if (!rate.ok) return rate;
  const median = rate.value;
  const evidence = own === undefined ? correction.evidence : ownEvidence(own);
  const { p90Error } = evidence;
  return found({
    requestsPerSecond: { pessimistic: median / (1 + p90Error), median, optimistic: median * (1 + p90Error) },
    concurrentSequences: sequences,
    ttftMs: ttftSeconds * 1000,
    tpotMs: tpotSeconds * 1000,
    tier: evidence.tier,
    p90Error,
    evidence,
    planFactor,
    notes: notesOf(query),
  });
}

/**
 * A measurement of one's own is the anchor: its rate, carried to these lengths by the ratio of the model's figures. Where
 * the model sees no rate at the measured lengths there is no ratio, and the measurement doesn't carry over.
 */
function ownRate(
  query: CapacityQuery,
  own: OwnMeasurement,
  asked: PredictionQuery,
  here: number,
  index: AnchorIndex,
): Lookup<number> {
  const size = { ...sizeOf(query), inputTokens: own.inputTokens, outputTokens: own.outputTokens };
  const there = readyEngine({ ...asked, size });
  if (!there.ok) return there;
  const { outputTokensPerSecond: most } = performanceOf(there.value, { kind: "offline" });
  if (own.outputTokensPerSecond > most * MOST_OVER_FORMULA)
    return missing(
      `measured.outputTokensPerSecond of ${own.outputTokensPerSecond} can't be one replica's: at ${own.inputTokens} + ${own.outputTokens} tokens about ${Math.round(most)} are possible; state output tokens of one replica`,
    );
  const measuredRate = own.outputTokensPerSecond / own.outputTokens;
  if (own.inputTokens === query.inputTokens && own.outputTokens === query.outputTokens) return found(measuredRate);
  const { times } = correctionAtTarget(there.value, { ...asked, size }, query.slo, index);
  const operating = operatingPoint(there.value, times, query.slo);
  if (operating.ok) return found(measuredRate * (here / operating.value.requestsPerSecond));
  return missing(
    `the measurement at ${own.inputTokens} + ${own.outputTokens} tokens can't be carried to ${query.inputTokens} + ${query.outputTokens}: there ${operating.reason}; measure at this task's lengths, or correct the latency targets`,
  );
}

const ownEvidence = ({ source, date }: OwnMeasurement): Evidence => ({
  tier: "A",
  medianError: TIER_ERRORS.A.median,
  p90Error: TIER_ERRORS.A.p90,
  anchors: [],
  nearness: undefined,
  isRefusedNearer: false,
  own: { source, date },
});

/** The capacity query of a served model for requests of the given lengths. */
export function capacityQuery(
  model: ServedModel,
  gpu: Gpu,
  { inputTokens, outputTokens, prefixCacheShare }: Omit<RequestSize, "isMixed">,
): CapacityQuery {
  return {
    model: model.dimensions,
    precision: model.precision,
    gpu,
    gpusPerReplica: model.gpusPerReplica,
    inputTokens,
    outputTokens,
    prefixCacheShare,
    maxConcurrentSequences: model.maxConcurrentSequences,
    gpuMemoryUtilization: model.gpuMemoryUtilization,
    maxContextTokens: model.maxContextTokens,
    slo: model.slo,
    measured: model.measured,
  };
}
