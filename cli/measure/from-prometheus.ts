import type { MeasuredFile } from "../../config/measured.ts";
import { type MeasuredTask, measuredTask, type TaskHour } from "../../economics/measured-traffic.ts";
import type { PrometheusClient, RangeSeries } from "../prometheus-client.ts";
import { roundedTask } from "./rounded.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;
/** Looks at the gateway five minutes apart. */
const LOOKS_PER_HOUR = 12;
/** Hours that may be missing: upgrades of Prometheus and of nodes. */
const MIN_COVERAGE = 0.98;

export interface Question {
  readonly environment: string;
  /** Namespace of the platform, the label `platform` of what it records. */
  readonly platform: string;
  /** Tasks of the config. */
  readonly tasks: readonly string[];
  readonly days: number;
  /** First moment that is not measured: midnight UTC, Unix seconds. */
  readonly end: number;
}

/** Queries by what they tell; values are those of the hour before each step. */
export const queries = (platform: string) => {
  const at = `{platform="${platform}"}`;
  const hourly = (record: string): string => `${HOUR} * sum by (task, route) (breakeven:${record}:rate1h${at})`;
  return {
    covered: `count_over_time((max(up{namespace="${platform}", container="litellm"}) == 1 and on () count(breakeven:route_info${at}))[1h:5m])`,
    requests: hourly("requests"),
    failed: `${HOUR} * sum by (task) (breakeven:failed_requests:rate1h${at})`,
    input: `${HOUR} * sum by (task) (breakeven:tokens:rate1h{platform="${platform}", direction="input"})`,
    cached: `${HOUR} * sum by (task) (breakeven:tokens:rate1h{platform="${platform}", direction="cached"})`,
    output: `${HOUR} * sum by (task) (breakeven:tokens:rate1h{platform="${platform}", direction="output"})`,
    unmapped: `${HOUR} * sum by (model_id) (breakeven:unmapped_requests:rate1h${at})`,
  } as const;
};

const isoDay = (unixSeconds: number): string => new Date(unixSeconds * 1000).toISOString().slice(0, 10);
const isoHour = (unixSeconds: number): string => `${new Date(unixSeconds * 1000).toISOString().slice(0, 13)}:00`;
const sum = (series: readonly RangeSeries[], time: number): number =>
  series.reduce((total, { values }) => total + (values.get(time) ?? 0), 0);

/** What a Prometheus knows of a platform's traffic. Throws PrometheusError when it cannot be asked. */
export async function measureByPrometheus(client: PrometheusClient, question: Question): Promise<MeasuredFile> {
  const { environment, platform, tasks, days, end } = question;
  const text = queries(platform);
  const start = end - days * DAY;
  const ask = (query: string) => client.range(query, start + HOUR, end, HOUR);
  const [covered, requests, failed, input, cached, output, unmapped] = (await Promise.all(
    [text.covered, text.requests, text.failed, text.input, text.cached, text.output, text.unmapped].map(ask),
  )) as [RangeSeries[], RangeSeries[], RangeSeries[], RangeSeries[], RangeSeries[], RangeSeries[], RangeSeries[]];

  const steps = Array.from({ length: days * 24 }, (_, index) => start + (index + 1) * HOUR);
  const whole = steps.filter((time) => sum(covered, time) >= LOOKS_PER_HOUR - 1);
  const coverage = whole.length / steps.length;
  const problems = [...coverageProblems(steps, new Set(whole), coverage, platform)];

  const of = (series: readonly RangeSeries[], task: string, routes?: readonly string[]) =>
    series.filter(
      ({ labels }) => labels["task"] === task && (routes === undefined || routes.includes(labels["route"] ?? "")),
    );
  const measured: Record<string, MeasuredTask> = {};
  for (const task of tasks) {
    const hours = new Map(
      whole.map((time): [number, TaskHour] => {
        const cachedInputTokens = sum(of(cached, task), time);
        return [
          time - HOUR,
          {
            own: sum(of(requests, task, ["own"]), time),
            api: sum(of(requests, task, ["api"]), time),
            again: sum(of(requests, task, ["api-again"]), time),
            failed: sum(of(failed, task), time),
            inputTokens: sum(of(input, task), time) + cachedInputTokens,
            cachedInputTokens,
            outputTokens: sum(of(output, task), time),
          },
        ];
      }),
    );
    const result = measuredTask(hours);
    if (result !== undefined) measured[task] = roundedTask(result);
    else if (whole.length > 0) problems.push(`task ${task} has no traffic, or some hour of the week has no data`);
  }
  problems.push(...unknownTraffic(requests, unmapped, tasks, whole));
  return {
    schema: "breakeven/measured/v1",
    environment,
    from: isoDay(start),
    to: isoDay(end - DAY),
    days,
    coverage: Number(coverage.toFixed(4)),
    complete: problems.length === 0,
    problems,
    source: { kind: "prometheus", of: client.address, detail: text },
    tasks: measured,
  };
}

function* coverageProblems(
  steps: readonly number[],
  whole: ReadonlySet<number>,
  coverage: number,
  platform: string,
): Generator<string> {
  if (whole.size === 0) {
    yield `there is no data of platform "${platform}"; is it the namespace of the stack, and does its Prometheus have the stack's rules?`;
    return;
  }
  const first = steps.find((time) => whole.has(time)) as number;
  const missingDays = Math.floor((first - (steps[0] as number)) / DAY);
  if (missingDays > 0)
    yield `data begins on ${isoDay(first - HOUR)}, ${missingDays} days late; ask for fewer --days, or raise monitoring.retentionDays`;
  if (coverage >= MIN_COVERAGE) return;
  const gaps = steps.filter((time) => time > first && !whole.has(time));
  const shown = gaps.slice(0, 3).map((time) => isoHour(time - HOUR));
  if (gaps.length > 0)
    yield `${gaps.length} of ${steps.length} hours have gaps (${shown.join(", ")}${gaps.length > shown.length ? ", …" : ""}); at most ${Math.round((1 - MIN_COVERAGE) * 100)} % may be missing`;
}

function* unknownTraffic(
  requests: readonly RangeSeries[],
  unmapped: readonly RangeSeries[],
  tasks: readonly string[],
  whole: readonly number[],
): Generator<string> {
  const total = (series: RangeSeries): number => whole.reduce((all, time) => all + (series.values.get(time) ?? 0), 0);
  const unknown = new Map<string, number>();
  for (const series of requests) {
    const task = series.labels["task"] ?? "";
    if (!tasks.includes(task)) unknown.set(task, (unknown.get(task) ?? 0) + total(series));
  }
  for (const [task, count] of unknown)
    if (count >= 1)
      yield `task "${task}" is not in the config and had ${Math.round(count)} requests; known: ${tasks.join(", ")}`;
  for (const series of unmapped)
    if (total(series) >= 1)
      yield `target "${series.labels["model_id"]}" belongs to no task of the deployed rules and had ${Math.round(total(series))} requests`;
}
