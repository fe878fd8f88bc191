import type { EngineName, Start } from "./engines.ts";
import type { LoadName, Slice } from "./rounds.ts";
import { ANSWER_EVENTS } from "./upstreams.ts";

/** What one engine did under one load. */
export interface LoadFigures {
  readonly answers: number;
  /** Those of the API instead of the own model. */
  readonly byApi: number;
  /** Median of the rounds. */
  readonly answersPerSecond: number;
  /** Until the last byte, of streams until the first content. Unit: milliseconds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the engine's process, over all rounds. Unit: milliseconds. */
  readonly cpuMsPerAnswer: number | undefined;
}

/** The value `share` of the way up, no interpolation. `values` need not be sorted. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

export function loadFigures(slices: readonly Slice[], engine: EngineName, load: LoadName): LoadFigures {
  const own = slices.filter((slice) => slice.engine === engine && slice.load === load);
  const milliseconds = own.flatMap((slice) => slice.milliseconds);
  const cpu = own.flatMap(({ cpuSeconds }) => (cpuSeconds === undefined ? [] : [cpuSeconds]));
  const answers = sum(own.map((slice) => slice.answers));
  return {
    answers,
    byApi: sum(own.map((slice) => slice.byApi)),
    answersPerSecond: quantile(
      own.map((slice) => slice.answers / slice.seconds),
      0.5,
    ),
    p50Ms: quantile(milliseconds, 0.5),
    p99Ms: quantile(milliseconds, 0.99),
    cpuMsPerAnswer: cpu.length === 0 ? undefined : (1000 * sum(cpu)) / answers,
  };
}

/** What an engine costs in work: the figures that do not depend on how busy the machine is. Unit: core seconds. */
export interface Work {
  readonly perRequest: number;
  /** On top of that of the request, with events that arrive one by one. */
  readonly perEvent: number;
}

export function work(slices: readonly Slice[], engine: "Envoy" | "gateway"): Work {
  const seconds = (load: LoadName): number => (loadFigures(slices, engine, load).cpuMsPerAnswer ?? Number.NaN) / 1000;
  const perRequest = seconds("many");
  return { perRequest, perEvent: (seconds("paced") - perRequest) / ANSWER_EVENTS };
}

export interface StartFigures {
  /** Medians. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly residentMiB: number;
}

export function startFigures(starts: readonly Start[]): StartFigures {
  const median = (value: (start: Start) => number): number => quantile(starts.map(value), 0.5);
  return {
    seconds: median(({ seconds }) => seconds),
    cpuSeconds: median(({ cpuSeconds }) => cpuSeconds),
    residentMiB: median(({ residentMiB }) => residentMiB),
  };
}
