import type { Gpu } from "../gpu.ts";
import type { CatalogModel, ModelDimensions } from "../model.ts";
import { coefficientsOf } from "./coefficients.ts";
import { type Deployment, ENGINES, type Engine, type Load, type RequestSize } from "./deployment.ts";
import { engineOf, type Performance, performanceOf } from "./formula.ts";
import { benchmarkDeployment, benchmarkSize, type Measurement } from "./measurement.ts";
import { type Facts, refusals } from "./refusals.ts";

/** What makes two runs comparable, ready for distances. Sizes are base-2 logarithms. */
export interface Features {
  readonly gpu: string;
  readonly precision: string;
  readonly version: string;
  readonly family: LoadFamily;
  readonly expertParallel: boolean;
  readonly isInputStated: boolean;
  readonly isMixed: boolean;
  /** GPUs of a replica, and the pipeline stages they are arranged in. */
  readonly ranks: number;
  readonly stages: number;
  readonly replicas: number;
  readonly input: number;
  readonly output: number;
  /** Sequences that run at once in each replica. */
  readonly sequences: number;
}

/** A measurement beside what the formula says of it: logarithms of measured / formula. */
export interface Anchor extends Features {
  readonly measurement: Measurement;
  readonly throughput: number;
  /** Undefined where it was not measured or clients queue, so that waiting is inside it. */
  readonly ttft: number | undefined;
  /** Implied by the throughput where it was not measured. */
  readonly tpot: number;
}

export type LoadFamily = "served" | "saturated" | "burst" | "mlperf-offline" | "mlperf-server" | "mlperf-interactive";

/** Measurements of a model on an engine: those that count, by GPU, and those that are no evidence. Plain data. */
export interface Anchors {
  readonly byGpu: Readonly<Record<string, readonly Anchor[]>>;
  readonly refused: readonly Anchor[];
}

/** Measurements by engine and shape of the model, prepared on first use. */
export interface AnchorIndex {
  anchorsOf(engine: Engine, model: ModelDimensions): Anchors;
}

const shapes = new WeakMap<ModelDimensions, string>();

/**
 * What an engine computes is decided by the dimensions, not by the name: a fine-tune, or Llama 3.3 70B beside 3.1 70B,
 * is the same work. Anything else is another model and never an anchor.
 */
export function shapeOf(model: ModelDimensions): string {
  let shape = shapes.get(model);
  if (shape === undefined) {
    const { mixtureOfExperts: moe } = model;
    shape = [
      model.totalParametersBillion,
      model.activeParametersBillion,
      model.layers,
      model.hiddenSize,
      model.attentionHeads,
      model.kvHeads,
      model.headSize,
      moe === undefined ? "dense" : `${moe.expertsPerToken}/${moe.experts}`,
      model.mlaValuesPerTokenLayer ?? "",
      model.fullAttentionLayers ?? "",
    ].join(" ");
    shapes.set(model, shape);
  }
  return shape;
}

export function loadFamily(load: Load): LoadFamily {
  if (load.kind === "concurrency" || load.kind === "rate") return "served";
  return load.kind === "offline" ? "saturated" : load.kind;
}

export function featuresOf(
  deployment: Deployment,
  size: RequestSize,
  load: Load,
  performance: Performance,
  version: string,
  isInputStated: boolean,
): Features {
  return {
    gpu: deployment.gpu.name,
    precision: deployment.precision,
    version,
    family: loadFamily(load),
    expertParallel: deployment.expertParallel,
    isInputStated,
    // Closed loops and full queues go round and round: only the mean length counts.
    isMixed: size.isMixed && load.kind === "burst",
    ranks: Math.log2(deployment.gpusPerReplica),
    stages: Math.log2(deployment.pipelineStages),
    replicas: Math.log2(deployment.replicas),
    input: Math.log2(size.inputTokens),
    output: Math.log2(size.outputTokens),
    sequences: Math.log2(performance.sequences),
  };
}

/**
 * Logarithm of implied / formula time per token where only the throughput was measured: what is left of the cycle after the
 * formula's first token. Where that leaves nothing, both times are off by as much.
 */
function impliedTpot(formula: Performance, { outputTokens }: RequestSize, throughput: number): number {
  const decode = formula.tpotSeconds * (outputTokens - 1);
  const implied = (formula.ttftSeconds + decode) / Math.exp(throughput) - formula.ttftSeconds;
  return implied > 0 ? Math.log(implied / decode) : -throughput;
}

/** The formula's view of a measurement; undefined where it has none. */
export function anchorOf(measurement: Measurement, model: CatalogModel, gpu: Gpu): Anchor | undefined {
  const deployment = benchmarkDeployment(measurement, model, gpu);
  const size = benchmarkSize(measurement);
  const { load, ttftMs, tpotMs, version, inputTokens } = measurement;
  const engine = engineOf(deployment, size, coefficientsOf(model, measurement.engine));
  if (engine === undefined) return undefined;
  const formula = performanceOf(engine, load);
  const isServed = loadFamily(load) === "served";
  const isQueued = load.kind === "concurrency" && load.clients / deployment.replicas > engine.limit;
  const ratio = (measuredMs: number | undefined, seconds: number): number | undefined =>
    !isServed || measuredMs === undefined ? undefined : Math.log(measuredMs / 1000 / seconds);
  const throughput = Math.log(measurement.outputTokensPerSecond / formula.outputTokensPerSecond);
  return {
    ...featuresOf(deployment, size, load, formula, version, inputTokens > 0),
    measurement,
    throughput,
    ttft: isQueued ? undefined : ratio(ttftMs, formula.ttftSeconds),
    tpot: ratio(tpotMs, formula.tpotSeconds) ?? impliedTpot(formula, size, throughput),
  };
}

/** Builds the index; groups are worked out when they are first asked for. */
export function anchorIndex(measurements: readonly Measurement[], facts: Facts): AnchorIndex {
  let groups: Map<string, Measurement[]> | undefined;
  const ready = new Map<Engine, Map<string, Anchors>>(ENGINES.map((engine) => [engine, new Map()]));
  const groupOf = ({ engine, model }: Measurement): string => {
    const found = facts.model(model);
    return found.ok ? `${engine} ${shapeOf(found.value)}` : "";
  };
  const prepare = (engine: Engine, shape: string): Anchors => {
    groups ??= Map.groupBy(measurements, groupOf);
    const group = groups.get(`${engine} ${shape}`) ?? [];
    const noEvidence = refusals(group, facts);
    const [counted, refused]: [Anchor[], Anchor[]] = [[], []];
    for (const measurement of group) {
      const model = facts.model(measurement.model);
      const gpu = facts.gpu(measurement.gpu);
      const anchor = model.ok && gpu.ok ? anchorOf(measurement, model.value, gpu.value) : undefined;
      if (anchor !== undefined) (noEvidence.has(measurement) ? refused : counted).push(anchor);
    }
    return { byGpu: Object.fromEntries(Map.groupBy(counted, ({ gpu }) => gpu)), refused };
  };
  return {
    anchorsOf(engine, model) {
      const ofEngine = ready.get(engine) as Map<string, Anchors>;
      const shape = shapeOf(model);
      let anchors = ofEngine.get(shape);
      if (anchors === undefined) {
        anchors = prepare(engine, shape);
        ofEngine.set(shape, anchors);
      }
      return anchors;
    },
  };
}
