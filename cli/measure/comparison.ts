import type { MeasuredFile } from "../../config/measured.ts";
import type { Task } from "../../economics/task.ts";

const count = (value: number): string => value.toLocaleString("en-US", { maximumFractionDigits: value < 10 ? 2 : 0 });
const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
const WIDTHS = [24, 16, 14, 12];

const row = (cells: readonly string[]): string =>
  cells
    .map((cell, index) => (index === 0 ? cell.padEnd(WIDTHS[0] as number) : cell.padStart(WIDTHS[index] ?? 12)))
    .join("")
    .trimEnd();

/** Forecast beside measured traffic, task by task, as a table. */
export function comparisonText(tasks: Readonly<Record<string, Task>>, file: MeasuredFile): string {
  const { from, to, coverage, complete, source } = file;
  const title = `measured     ${from} to ${to}, ${percent(coverage)} of it, ${source.kind} ${source.of}${complete ? "" : " (INCOMPLETE)"}`;
  const lines = Object.entries(file.tasks).flatMap(([name, found]) => {
    const task = tasks[name];
    if (task === undefined) return [];
    const line = (label: string, forecast: number, real: number, text = count): string =>
      row([`  ${label}`, text(forecast), text(real), forecast === 0 ? "" : percent(real / forecast)]);
    return [
      row([name, "forecast", "measured", "of forecast"]),
      line("requests per day", task.requestsPerDay, found.requestsPerDay),
      line("input tokens", task.inputTokensPerRequest, found.inputTokensPerRequest),
      line("output tokens", task.outputTokensPerRequest, found.outputTokensPerRequest),
      line("cached input", task.cachedInputShare, found.cachedInputShare, percent),
      ...(found.escalationRate === undefined
        ? []
        : [line("escalated", task.escalationRate, found.escalationRate, percent)]),
      ...(found.answeredShare === undefined ? [] : [row(["  answered", "", percent(found.answeredShare)])]),
    ];
  });
  return [title, ...lines].join("\n");
}
