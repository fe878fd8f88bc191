import type { Gpu } from "../gpu.ts";
import type { CatalogModel, ModelDimensions } from "../model.ts";
import { coefficientsOf } from "./coefficients.ts";
import { type Deployment, ENGINES, type Engine, type Load, type RequestSize } from "./deployment.ts";
import { engineOf, type Performance, performanceOf } from "./formula.ts";
import { benchmarkDeployment, benchmarkSize, type Measurement } from "./measurement.ts";
import { type Facts, refusals } from "./refusals.ts";

/** What makes two runs comparable, ready for distances. Sizes, in the order of `SIZE_NAMES`, are base-2 logarithms. */
export const SIZE_NAMES = ["ranks", "input", "output", "sequences", "replicas"] as const;

export interface Features {
  readonly gpu: string;
  readonly precision: string;
  readonly version: string;
  readonly family: LoadFamily;
  readonly expertParallel: boolean;
  readonly isInputStated: boolean;
  readonly sizes: readonly number[];
}

/** A measurement beside what the formula says of it: logarithms of measured / formula. */
export interface Anchor extends Features {
  readonly measurement: Measurement;
  readonly throughput: number;
  readonly ttft: number | undefined;
  readonly tpot: number | undefined;
  /** A fixed number of prompts, tuning flags unstated: start-up and drain are inside the figure. */
  readonly isBurst: boolean;
}

export type LoadFamily = "served" | "saturated" | "mlperf-offline" | "mlperf-server" | "mlperf-interactive";

/** Measurements by engine and shape of the model, prepared on first use. */
export interface AnchorIndex {
  anchorsOf(engine: Engine, model: ModelDimensions): readonly Anchor[];
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
    sizes: [
      Math.log2(deployment.gpusPerReplica),
      Math.log2(size.inputTokens),
      Math.log2(size.outputTokens),
      Math.log2(performance.sequences),
      Math.log2(deployment.replicas),
    ],
  };
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
  const ratio = (measuredMs: number | undefined, seconds: number): number | undefined =>
    !isServed || measuredMs === undefined ? undefined : Math.log(measuredMs / 1000 / seconds);
  return {
    ...featuresOf(deployment, size, load, formula, version, inputTokens > 0),
    measurement,
    throughput: Math.log(measurement.outputTokensPerSecond / formula.outputTokensPerSecond),
    ttft: ratio(ttftMs, formula.ttftSeconds),
    tpot: ratio(tpotMs, formula.tpotSeconds),
    isBurst: load.kind === "offline" && load.requests !== undefined,
  };
}

/** Builds the index; groups are worked out when they are first asked for. */
export function anchorIndex(measurements: readonly Measurement[], facts: Facts): AnchorIndex {
  let groups: Map<string, Measurement[]> | undefined;
  const ready = new Map<Engine, Map<string, readonly Anchor[]>>(ENGINES.map((engine) => [engine, new Map()]));
  const groupOf = ({ engine, model }: Measurement): string => {
    const found = facts.model(model);
    return found.ok ? `${engine} ${shapeOf(found.value)}` : "";
  };
  const prepare = (engine: Engine, shape: string): readonly Anchor[] => {
    groups ??= Map.groupBy(measurements, groupOf);
    const group = groups.get(`${engine} ${shape}`) ?? [];
    const refused = refusals(group, facts);
    return group.flatMap((measurement) => {
      const model = facts.model(measurement.model);
      const gpu = facts.gpu(measurement.gpu);
      if (!model.ok || !gpu.ok || refused.has(measurement)) return [];
      const anchor = anchorOf(measurement, model.value, gpu.value);
      return anchor === undefined ? [] : [anchor];
    });
  };
  return {
    anchorsOf(engine, model) {
      const ofEngine = ready.get(engine) as Map<string, readonly Anchor[]>;
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
