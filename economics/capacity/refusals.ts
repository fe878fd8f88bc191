import type { Gpu } from "../gpu.ts";
import type { CatalogModel } from "../model.ts";
import type { Lookup } from "../provenance.ts";
import { peakRate } from "./formats.ts";
import type { Measurement } from "./measurement.ts";

export interface Facts {
  model(name: string): Lookup<CatalogModel>;
  gpu(name: string): Lookup<Gpu>;
}

/**
 * Why a measurement is no evidence. `contradictory`: the source's own repeats at these settings disagree. `copied`: the same
 * figures, times and all, stand under two GPUs. `impossible`: somewhere in the series the arithmetic would need nearly the
 * GPU's whole peak, so cached prompts must have helped it and the table does not say so.
 */
export type Refusal = "contradictory" | "copied" | "impossible";

/** Same settings, same source, and figures further apart than this: the table does not say what made the difference. */
const CONTRADICTION = 1.5;
const IMPOSSIBLE_SHARE_OF_PEAK = 0.9;

const publisher = (source: string): string => source.split("/").slice(0, 3).join("/").split(" ")[0] as string;
/** Everything the source says of a run but its figures. */
const settingOf = (m: Measurement): string =>
  [
    m.engine,
    m.version,
    m.model,
    m.precision,
    m.gpu,
    m.gpus,
    m.tensorParallel,
    m.pipelineStages,
    m.expertParallel,
    m.inputTokens,
    m.outputTokens,
    JSON.stringify(m.load),
    m.variant,
    m.source,
  ].join("|");
/** Runs of one publisher on one engine, model and GPU: prompts that were cached in one of them were cached in all. */
const seriesOf = (m: Measurement): string => [m.engine, m.version, m.model, m.gpu, publisher(m.source)].join("|");
/** Three figures that no two GPUs share by chance; empty without all three. */
const figuresOf = (m: Measurement): string =>
  m.ttftMs === undefined || m.tpotMs === undefined
    ? ""
    : [m.engine, m.model, m.outputTokensPerSecond, m.ttftMs, m.tpotMs].join("|");

function shareOfPeak(m: Measurement, facts: Facts): number {
  const model = facts.model(m.model);
  const gpu = facts.gpu(m.gpu);
  if (!model.ok || !gpu.ok || m.inputTokens === 0) return 0;
  const tokensPerSecond = m.outputTokensPerSecond * (1 + m.inputTokens / m.outputTokens);
  const peak = peakRate(gpu.value, m.precision) ?? Number.POSITIVE_INFINITY;
  return (tokensPerSecond * 2 * model.value.activeParametersBillion * 1e9) / (m.gpus * peak);
}

function contradicts(runs: readonly Measurement[]): boolean {
  const figures = runs.map(({ outputTokensPerSecond }) => outputTokensPerSecond);
  return Math.max(...figures) / Math.min(...figures) > CONTRADICTION;
}

/** The measurements that are no evidence. */
export function refusals(measurements: readonly Measurement[], facts: Facts): ReadonlyMap<Measurement, Refusal> {
  const refused = new Map<Measurement, Refusal>();
  const refuse = (runs: readonly Measurement[], reason: Refusal): void => {
    for (const run of runs) refused.set(run, reason);
  };
  for (const runs of Map.groupBy(measurements, settingOf).values())
    if (contradicts(runs)) refuse(runs, "contradictory");
  for (const [figures, runs] of Map.groupBy(measurements, figuresOf))
    if (figures !== "" && new Set(runs.map(({ gpu }) => gpu)).size > 1) refuse(runs, "copied");
  for (const runs of Map.groupBy(measurements, seriesOf).values())
    if (runs.some((run) => shareOfPeak(run, facts) > IMPOSSIBLE_SHARE_OF_PEAK)) refuse(runs, "impossible");
  return refused;
}
