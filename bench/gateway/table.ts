import type { EngineName } from "./engines.ts";
import type { LoadFigures, StartFigures, Work } from "./figures.ts";
import { type LoadName, MANY_STREAMS, MANY_WHOLE, PACE_MS } from "./rounds.ts";
import { ANSWER_EVENTS } from "./upstreams.ts";

/** Everything that is measured, as `--json` prints it. */
export interface Report {
  readonly at: string;
  readonly machine: {
    readonly processor: string;
    readonly cores: number;
    /** Over the last minute, before and after. More than the cores: others used the machine too. */
    readonly loadAverage: readonly [before: number, after: number];
  };
  readonly rounds: number;
  readonly loads: Readonly<Record<EngineName, Readonly<Record<LoadName, LoadFigures>>>>;
  readonly work: Readonly<Record<"Envoy" | "gateway", Work>>;
  readonly starts: Readonly<Record<"Envoy" | "gateway", StartFigures>>;
  readonly peakMiB: Readonly<Record<"Envoy" | "gateway", number>>;
}

const ENGINES = ["direct", "Envoy", "gateway"] as const;
/** With fewer answers the slowest one is all there is to say. */
const LEAST_FOR_P99 = 100;
const LABEL_WIDTH = 30;
const COLUMN_WIDTH = 18;

type Cell = (engine: EngineName) => string;

const row = (label: string, cell: Cell): string =>
  `${label.padEnd(LABEL_WIDTH)}${ENGINES.map((engine) => cell(engine).padStart(COLUMN_WIDTH)).join("")}`;

/** Three significant digits; whole numbers with separators from 1,000. */
export const figure = (value: number): string =>
  Math.abs(value) >= 1000 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(3)));

/** `1,200 (0.0512)`: a rate and its ratio to that without an engine. */
export function reportText(report: Report): string {
  const { loads, work, starts, peakMiB, machine, rounds } = report;
  const rate = (load: LoadName, each: number): Cell => {
    const of = (engine: EngineName): number => each * loads[engine][load].answersPerSecond;
    return (engine) => `${figure(of(engine))} (${figure(of(engine) / of("direct"))})`;
  };
  const count =
    (load: LoadName): Cell =>
    (engine) =>
      figure(loads[engine][load].answers);
  const added = (load: LoadName, value: (figures: LoadFigures) => number): Cell => {
    const of = (engine: EngineName): number => value(loads[engine][load]);
    return (engine) =>
      engine === "direct"
        ? `${figure(of(engine))} ms`
        : `${of(engine) < of("direct") ? "" : "+"}${figure(of(engine) - of("direct"))} ms`;
  };
  const cpu = (load: LoadName, parts: number): Cell => {
    return (engine) => {
      const each = loads[engine][load].cpuMsPerAnswer;
      return each === undefined ? "-" : `${figure((1000 * each) / parts)} µs`;
    };
  };
  const only =
    (value: (engine: "Envoy" | "gateway") => string): Cell =>
    (engine) =>
      engine === "direct" ? "-" : value(engine);
  const p99 = added("one", ({ p99Ms }) => p99Ms);
  const perCore = (seconds: number): string => figure(1 / seconds);
  return [
    row("", (engine) => engine),
    "answers in one piece, one at a time",
    row("  answers", count("one")),
    row(
      "  added latency p50",
      added("one", ({ p50Ms }) => p50Ms),
    ),
    row("  added latency p99", (engine) =>
      Math.min(loads.direct.one.answers, loads[engine].one.answers) < LEAST_FOR_P99 ? "too few" : p99(engine),
    ),
    row("  CPU time of an answer", cpu("one", 1)),
    `answers in one piece, ${MANY_WHOLE} at once`,
    row("  answers", count("many")),
    row("  requests/s (to direct)", rate("many", 1)),
    row("  CPU time of an answer", cpu("many", 1)),
    `streams of ${ANSWER_EVENTS} events, ${MANY_STREAMS} at once, sent at once`,
    row("  answers", count("burst")),
    row("  events/s (to direct)", rate("burst", ANSWER_EVENTS)),
    row("  CPU time by event", cpu("burst", ANSWER_EVENTS)),
    `the same, an event every ${PACE_MS} ms`,
    row("  answers", count("paced")),
    row(
      "  added until first event p50",
      added("paced", ({ p50Ms }) => p50Ms),
    ),
    row("  events/s (to direct)", rate("paced", ANSWER_EVENTS)),
    row("  CPU time by event", cpu("paced", ANSWER_EVENTS)),
    row("answers by the API, all loads", (engine) =>
      figure(Object.values(loads[engine]).reduce((sum, { byApi }) => sum + byApi, 0)),
    ),
    "one core, all of it",
    row(
      "  requests/s",
      only((engine) => perCore(work[engine].perRequest)),
    ),
    row(
      "  events/s, requests apart",
      only((engine) => perCore(work[engine].perEvent)),
    ),
    "start",
    row(
      "  until ready",
      only((engine) => `${figure(starts[engine].seconds)} s`),
    ),
    row(
      "  CPU time until ready",
      only((engine) => `${figure(starts[engine].cpuSeconds)} s`),
    ),
    "memory, resident",
    row(
      "  when ready",
      only((engine) => `${figure(starts[engine].residentMiB)} MiB`),
    ),
    row(
      "  most",
      only((engine) => `${figure(peakMiB[engine])} MiB`),
    ),
    "",
    `${report.at.slice(0, 10)}, ${machine.processor}, ${machine.cores} cores, load average ${machine.loadAverage.map((load) => load.toFixed(1)).join(" before and ")} after, ${rounds} rounds in turn`,
    "",
  ].join("\n");
}
