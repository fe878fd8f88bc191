import type { MeasuredFile } from "../config/measured.ts";
import type { Task } from "../economics/task.ts";

/** One figure the config forecasts, beside what was measured. */
export interface MeasuredRow {
  readonly task: string;
  readonly quantity: string;
  /** Shares are 0 to 1; everything else is a count. */
  readonly isShare: boolean;
  readonly forecast: number;
  readonly measured: number;
}

/** Forecast beside measured traffic. */
export interface MeasuredTraffic {
  /** YYYY-MM-DD, both included. */
  readonly from: string;
  readonly to: string;
  /** Share of that time with data. */
  readonly coverage: number;
  readonly complete: boolean;
  readonly source: string;
  readonly rows: readonly MeasuredRow[];
}

/** The traffic a config forecasts beside a measurement of it; tasks that were not measured have no rows. */
export function measuredTraffic(tasks: Readonly<Record<string, Task>>, file: MeasuredFile): MeasuredTraffic {
  const { from, to, coverage, complete, source } = file;
  const rows = Object.entries(file.tasks).flatMap(([name, found]): MeasuredRow[] => {
    const task = tasks[name];
    if (task === undefined) return [];
    const row = (quantity: string, forecast: number, measured: number | undefined, isShare = false): MeasuredRow[] =>
      measured === undefined ? [] : [{ task: name, quantity, isShare, forecast, measured }];
    return [
      ...row("requests per day", task.requestsPerDay, found.requestsPerDay),
      ...row("input tokens", task.inputTokensPerRequest, found.inputTokensPerRequest),
      ...row("output tokens", task.outputTokensPerRequest, found.outputTokensPerRequest),
      ...row("cached input", task.cachedInputShare, found.cachedInputShare, true),
      ...row("escalated", task.escalationRate, found.escalationRate, true),
      ...row("answered", 1, found.answeredShare, true),
    ];
  });
  return { from, to, coverage, complete, source: `${source.kind} ${source.of}`, rows };
}

const figure = (value: number, isShare: boolean): string =>
  isShare
    ? `${(value * 100).toFixed(1)} %`
    : value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 2 : 0 });

/** Forecast, measured, and how much of the forecast that is, as text. */
export const measuredCells = ({ isShare, forecast, measured }: MeasuredRow): readonly [string, string, string] => [
  figure(forecast, isShare),
  figure(measured, isShare),
  forecast === 0 ? "" : figure(measured / forecast, true),
];

/** `2026-08-01 to 2026-10-31, 99.8 % of it, prometheus http://...` */
export const measuredSpan = ({ from, to, coverage, complete, source }: MeasuredTraffic): string =>
  `${from} to ${to}, ${figure(coverage, true)} of it, ${source}${complete ? "" : " (INCOMPLETE)"}`;
