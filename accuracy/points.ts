import type { LoadedCatalog } from "../catalog/look-ups.ts";
import { classOf } from "../economics/capacity/coefficients.ts";
import type { Deployment, RequestSize } from "../economics/capacity/deployment.ts";
import { benchmarkDeployment, benchmarkSize, type Measurement } from "../economics/capacity/measurement.ts";
import { type Refusal, refusals } from "../economics/capacity/refusals.ts";
import type { CatalogModel } from "../economics/model.ts";

/**
 * Why a measurement is not held against the model, or undefined when it is. The columns of a benchmark table have to
 * determine its result: they do not where a publisher's own repeats disagree, where the GPU could not have done it, where a fixed number of prompts is thrown
 * at once and flags are tuned from row to row, where clients queue in front of an engine of unstated limits, and where a
 * rate below saturation is offered, whose throughput is the rate itself.
 */
export type Reservation = Refusal | "burst" | "unstated limits" | "offered rate";

export interface Point {
  readonly measurement: Measurement;
  readonly model: CatalogModel;
  readonly deployment: Deployment;
  readonly size: RequestSize;
  readonly kind: "dense" | "mixture";
  readonly reservation: Reservation | undefined;
}

/** Total tokens per second of 405B on engines of 2024, without latencies: where the engine stopped admitting is not stated. */
const UNSTATED_LIMITS = "dstackai/benchmarks";

function reservationOf(m: Measurement, refused: ReadonlyMap<Measurement, Refusal>): Reservation | undefined {
  const refusal = refused.get(m);
  if (refusal !== undefined) return refusal;
  if (m.load.kind === "burst") return "burst";
  if (m.source.includes(UNSTATED_LIMITS)) return "unstated limits";
  return m.load.kind === "rate" ? "offered rate" : undefined;
}

/** All measurements with their facts. */
export function pointsOf(catalog: LoadedCatalog): readonly Point[] {
  const refused = refusals(catalog.measurements, catalog);
  return catalog.measurements.map((measurement) => {
    const model = catalog.model(measurement.model);
    const gpu = catalog.gpu(measurement.gpu);
    if (!model.ok || !gpu.ok) throw new Error(`${measurement.model} on ${measurement.gpu} is not in the catalogue`);
    return {
      measurement,
      model: model.value,
      deployment: benchmarkDeployment(measurement, model.value, gpu.value),
      size: benchmarkSize(measurement),
      kind: classOf(model.value),
      reservation: reservationOf(measurement, refused),
    };
  });
}

/** Whether coefficients may be fitted to a point: comparable, with lengths stated, under a load of ours. */
export const isFitted = ({ measurement: m, reservation }: Point): boolean =>
  reservation === undefined && m.inputTokens > 0 && !m.load.kind.startsWith("mlperf");

/** Whether the terms of bursts may be fitted to a point. */
export const isBurst = ({ measurement: m, reservation }: Point): boolean =>
  reservation === "burst" && m.inputTokens > 0;
