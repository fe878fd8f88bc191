import type { LoadedCatalog } from "../catalog/look-ups.ts";
import { type Anchor, shapeOf } from "../economics/capacity/anchors.ts";
import { DECODE, FIRST_TOKEN } from "../economics/capacity/coefficients.ts";
import { ENGINES, type Engine } from "../economics/capacity/deployment.ts";
import type { Tier } from "../economics/capacity/evidence.ts";
import { engineOf, performanceOf } from "../economics/capacity/formula.ts";
import type { Measurement } from "../economics/capacity/measurement.ts";
import { predict } from "../economics/capacity/predict.ts";
import { type DecodeFit, type FirstTokenFit, fitDecode, fitFirstToken, PRIOR } from "./fit.ts";
import { isFitted, type Point } from "./points.ts";

/** Logarithms of predicted / measured; undefined where a figure was not measured. */
export interface Miss {
  readonly point: Point;
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
    a.inputTokens === b.inputTokens &&
    Math.abs(a.outputTokens / b.outputTokens - 1) <= (a.inputTokens === 0 ? SAME_LENGTH : 0) &&
    JSON.stringify(a.load) === JSON.stringify(b.load)
  );
}

function missOf(point: Point, got: { outputTokensPerSecond: number; ttftSeconds: number; tpotSeconds: number }): Miss {
  const { outputTokensPerSecond, ttftMs, tpotMs, load } = point.measurement;
  const isTimed = load.kind === "concurrency" || load.kind === "rate";
  const of = (seconds: number, measuredMs: number | undefined) =>
    isTimed && measuredMs !== undefined ? Math.log((seconds * 1000) / measuredMs) : undefined;
  return {
    point,
    throughput: Math.log(got.outputTokensPerSecond / outputTokensPerSecond),
    ttft: of(got.ttftSeconds, ttftMs),
    tpot: of(got.tpotSeconds, tpotMs),
  };
}

/** Tier A: every run at the same settings is left out. Tier B: everything measured on that GPU is left out. */
export function anchoredMisses(
  points: readonly Point[],
  catalog: LoadedCatalog,
  tier: Exclude<Tier, "C">,
): readonly Miss[] {
  const misses: Miss[] = [];
  for (const point of points) {
    const { measurement: m, deployment, size } = point;
    const accepts = (anchor: Anchor): boolean =>
      tier === "A" ? anchor.gpu === m.gpu && !isSameSetting(anchor.measurement, m) : anchor.gpu !== m.gpu;
    const query = { deployment, version: m.version, size, isInputStated: m.inputTokens > 0, load: m.load };
    const got = predict(query, catalog.anchors, accepts);
    if (got.ok && got.value.evidence.tier === tier) misses.push(missOf(point, got.value));
  }
  return misses;
}

export interface Fits {
  readonly decode: Readonly<Record<"dense" | "mixture", DecodeFit>>;
  readonly firstToken: Readonly<Record<Engine, FirstTokenFit>>;
}

/** All coefficients from the points given. */
export function refit(points: readonly Point[], start: Fits["firstToken"] = FIRST_TOKEN): Fits {
  const fitted = points.filter(isFitted);
  const ofKind = (kind: Point["kind"]) =>
    fitDecode(
      fitted.filter((point) => point.kind === kind),
      (engine) => start[engine],
    );
  const decode = { dense: ofKind("dense"), mixture: ofKind("mixture") };
  const firstToken = Object.fromEntries(
    ENGINES.map((engine) => [
      engine,
      fitFirstToken(
        fitted.filter(({ measurement }) => measurement.engine === engine),
        ({ kind }) => decode[kind],
      ),
    ]),
  ) as Fits["firstToken"];
  return { decode, firstToken };
}

/** Tier C: the formula alone, its coefficients fitted without the model (all models of the same shape). */
export function formulaMisses(points: readonly Point[], fitAgain: boolean): readonly Miss[] {
  const stated = points.filter(({ measurement }) => measurement.inputTokens > 0);
  return [...Map.groupBy(stated, ({ model }) => shapeOf(model))].flatMap(([shape, group]) => {
    const kind = (group[0] as Point).kind;
    const others = points.filter((point) => isFitted(point) && point.kind === kind && shapeOf(point.model) !== shape);
    const decode = fitAgain ? fitDecode(others, (engine) => FIRST_TOKEN[engine]) : DECODE[kind];
    return group.flatMap((point) => {
      const { deployment, size, measurement } = point;
      const engine = engineOf(deployment, size, { ...PRIOR, ...decode, ...FIRST_TOKEN[measurement.engine] });
      return engine === undefined ? [] : [missOf(point, performanceOf(engine, measurement.load))];
    });
  });
}
