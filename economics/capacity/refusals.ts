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
 * Why a measurement is no evidence. `contradictory`: the publisher's own repeats disagree. `impossible`: the arithmetic
 * would need nearly the GPU's whole peak, so cached prompts must have helped and the table does not say so.
 */
export type Refusal = "contradictory" | "impossible";

/** Same settings, same publisher, and figures further apart than this: the table does not say what made the difference. */
const CONTRADICTION = 1.5;
const IMPOSSIBLE_SHARE_OF_PEAK = 0.9;

const publisher = (source: string): string => source.split("/").slice(0, 3).join("/").split(" ")[0] as string;
/** A fault discredits what its publisher says of that engine, model and GPU. */
const groupOf = (m: Measurement): string => [m.engine, m.model, m.gpu, publisher(m.source)].join("|");
const settingOf = (m: Measurement): string =>
  [
    groupOf(m),
    m.version,
    m.precision,
    m.gpus,
    m.tensorParallel,
    m.inputTokens,
    m.outputTokens,
    JSON.stringify(m.load),
  ].join("|");

function shareOfPeak(m: Measurement, facts: Facts): number {
  const model = facts.model(m.model);
  const gpu = facts.gpu(m.gpu);
  if (!model.ok || !gpu.ok || m.inputTokens === 0) return 0;
  const tokensPerSecond = m.outputTokensPerSecond * (1 + m.inputTokens / m.outputTokens);
  const peak = peakRate(gpu.value, m.precision) ?? Number.POSITIVE_INFINITY;
  return (tokensPerSecond * 2 * model.value.activeParametersBillion * 1e9) / (m.gpus * peak);
}

/** The measurements that are no evidence. */
export function refusals(measurements: readonly Measurement[], facts: Facts): ReadonlyMap<Measurement, Refusal> {
  const reasons = new Map<string, Refusal>();
  for (const runs of Map.groupBy(measurements, settingOf).values()) {
    const figures = runs.map(({ outputTokensPerSecond }) => outputTokensPerSecond);
    if (Math.max(...figures) / Math.min(...figures) > CONTRADICTION)
      reasons.set(groupOf(runs[0] as Measurement), "contradictory");
  }
  for (const m of measurements)
    if (shareOfPeak(m, facts) > IMPOSSIBLE_SHARE_OF_PEAK) reasons.set(groupOf(m), "impossible");
  return new Map(
    measurements.flatMap((m) => (reasons.has(groupOf(m)) ? [[m, reasons.get(groupOf(m)) as Refusal]] : [])),
  );
}
