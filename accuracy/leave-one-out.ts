import type { LoadedCatalog } from "../catalog/look-ups.ts";
import { type Anchor, shapeOf } from "../economics/capacity/anchors.ts";
import { BURST, DECODE, FIRST_TOKEN } from "../economics/capacity/coefficients.ts";
import { ENGINES, type Engine } from "../economics/capacity/deployment.ts";
import { type Evidence, formulaWidth, type Nearness, type Tier } from "../economics/capacity/evidence.ts";
import { engineOf, type Performance, performanceOf } from "../economics/capacity/formula.ts";
import type { Measurement } from "../economics/capacity/measurement.ts";
import { predict } from "../economics/capacity/predict.ts";
import { type BurstFit, type DecodeFit, type FirstTokenFit, fitBurst, fitDecode, fitFirstToken } from "./fit.ts";
import { isBurst, isFitted, type Point } from "./points.ts";

/** Logarithms of predicted / measured; undefined where a figure was not measured. */
export interface Miss {
  readonly point: Point;
  /** What the prediction says of itself. */
  readonly tier: Tier;
  readonly p90Error: number;
  readonly nearness: Nearness | undefined;
  readonly throughput: number;
  readonly ttft: number | undefined;
  readonly tpot: number | undefined;
}

/** Lengths of MLPerf answers differ by a few tokens from run to run of one setting. */
const SAME_LENGTH = 0.12;

/** Runs at the same settings, whatever the engine's version and whoever published them: all of them are left out together. */
export function isSameSetting(a: Measurement, b: Measurement): boolean {
  return (
    a.gpu === b.gpu &&
    a.gpus === b.gpus &&
    a.precision === b.precision &&
    a.tensorParallel === b.tensorParallel &&
    a.expertParallel === b.expertParallel &&
    a.pipelineStages === b.pipelineStages &&
    a.inputTokens === b.inputTokens &&
    Math.abs(a.outputTokens / b.outputTokens - 1) <= (a.inputTokens === 0 ? SAME_LENGTH : 0) &&
    JSON.stringify(a.load) === JSON.stringify(b.load)
  );
}

function missOf(point: Point, got: Performance, evidence: Pick<Evidence, "tier" | "p90Error" | "nearness">): Miss {
  const { outputTokensPerSecond, ttftMs, tpotMs, load } = point.measurement;
  const isTimed = load.kind === "concurrency" || load.kind === "rate";
  const of = (seconds: number, measuredMs: number | undefined) =>
    isTimed && measuredMs !== undefined ? Math.log((seconds * 1000) / measuredMs) : undefined;
  return {
    point,
    tier: evidence.tier,
    p90Error: evidence.p90Error,
    nearness: evidence.nearness,
    throughput: Math.log(got.outputTokensPerSecond / outputTokensPerSecond),
    ttft: of(got.ttftSeconds, ttftMs),
    tpot: of(got.tpotSeconds, tpotMs),
  };
}

/**
 * What is left out beside the point: `setting`, every run at its settings; `deployment`, everything on as many of its GPUs with
 * its parallelism and format; `gpu`, everything on its GPU.
 */
export type HeldOut = "setting" | "deployment" | "gpu";

const IS_LEFT_OUT: Readonly<Record<HeldOut, (a: Measurement, m: Measurement) => boolean>> = {
  setting: isSameSetting,
  deployment: (a, m) =>
    a.gpu === m.gpu && a.gpus === m.gpus && a.tensorParallel === m.tensorParallel && a.precision === m.precision,
  gpu: (a, m) => a.gpu === m.gpu,
};

/** Each point predicted by the measurements that are left, whatever tier that gives. Nothing where none is left of its model and engine. */
export function anchoredMisses(points: readonly Point[], catalog: LoadedCatalog, heldOut: HeldOut): readonly Miss[] {
  const isLeftOut = IS_LEFT_OUT[heldOut];
  return points.flatMap((point) => {
    const { measurement: m, deployment, size } = point;
    const query = { deployment, version: m.version, size, isInputStated: m.inputTokens > 0, load: m.load };
    const got = predict(query, catalog.anchors, (anchor: Anchor) => !isLeftOut(anchor.measurement, m));
    return got.ok && got.value.evidence.nearness !== undefined ? [missOf(point, got.value, got.value.evidence)] : [];
  });
}

/** Misses of each tier, over the same points. */
export interface TierMisses {
  readonly A: readonly Miss[];
  readonly B: readonly Miss[];
  readonly C: readonly Miss[];
}

/** Sorts misses by the tier their predictions claim; tier C is the formula alone, whatever else was predicted. */
export const tierMisses = (setting: readonly Miss[], gpu: readonly Miss[], formula: readonly Miss[]): TierMisses => ({
  A: setting.filter(({ tier }) => tier === "A"),
  B: [...setting, ...gpu].filter(({ tier }) => tier === "B"),
  C: formula,
});

export interface Fits {
  readonly decode: Readonly<Record<"dense" | "mixture", DecodeFit>>;
  readonly firstToken: Readonly<Record<Engine, FirstTokenFit>>;
  readonly burst: BurstFit;
}

const KINDS = ["dense", "mixture"] as const;

/** Coefficients of decoding from the points of one class. */
const decodeFit = (points: readonly Point[], kind: Point["kind"]): DecodeFit =>
  fitDecode(
    points.filter((point) => isFitted(point) && point.kind === kind),
    (engine) => FIRST_TOKEN[engine],
  );

/** All coefficients from the points given; those of decoding where they are not given. */
export function refit(points: readonly Point[], given: Partial<Fits["decode"]> = {}): Fits {
  const decode = Object.fromEntries(
    KINDS.map((kind) => [kind, given[kind] ?? decodeFit(points, kind)]),
  ) as unknown as Fits["decode"];
  const firstToken = Object.fromEntries(
    ENGINES.map((engine) => [
      engine,
      fitFirstToken(
        points.filter((point) => isFitted(point) && point.measurement.engine === engine),
        ({ kind }) => decode[kind],
      ),
    ]),
  ) as Fits["firstToken"];
  const burst = fitBurst(points.filter(isBurst), ({ kind }) => decode[kind]);
  return { decode, firstToken, burst };
}

/**
 * The formula alone, all its coefficients fitted without the model (all models of the same shape). Where `fitAgain` is false
 * the committed coefficients stand, which have seen the model.
 */
export function formulaMisses(points: readonly Point[], fitAgain: boolean): readonly Miss[] {
  const stated = points.filter(({ measurement }) => measurement.inputTokens > 0);
  const whole = fitAgain ? { dense: decodeFit(points, "dense"), mixture: decodeFit(points, "mixture") } : DECODE;
  return [...Map.groupBy(stated, ({ model }) => shapeOf(model))].flatMap(([shape, group]) => {
    const { decode, firstToken, burst } = fitAgain
      ? refit(
          points.filter(({ model }) => shapeOf(model) !== shape),
          { ...whole, [(group[0] as Point).kind]: undefined },
        )
      : { decode: DECODE, firstToken: FIRST_TOKEN, burst: BURST };
    return group.flatMap((point) => {
      const { deployment, size, measurement, kind } = point;
      const coefficients = { ...decode[kind], ...firstToken[measurement.engine], ...burst };
      const engine = engineOf(deployment, size, coefficients);
      if (engine === undefined) return [];
      const p90Error = Math.expm1(formulaWidth(measurement.load.kind === "burst"));
      return [missOf(point, performanceOf(engine, measurement.load), { tier: "C", p90Error, nearness: undefined })];
    });
  });
}
