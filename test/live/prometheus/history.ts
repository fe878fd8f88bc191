/** Months of what the stack records, as OpenMetrics text for promtool. */

const HOUR = 3600;

export interface HistoryOptions {
  readonly platform: string;
  readonly tasks: readonly string[];
  /** First and last moment, Unix seconds on the hour. */
  readonly start: number;
  readonly end: number;
  /** Seconds between samples of what is recorded; a divisor of an hour. @default 3600 */
  readonly stepSeconds?: number;
  /** Moments of which there is nothing, Unix seconds. */
  readonly gap?: (time: number) => boolean;
  /** Own answers per second of a task at a moment. */
  readonly rate: (task: string, time: number) => number;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
  /** API answers, escalations and failures per own answer. */
  readonly api: number;
  readonly again: number;
  readonly failed: number;
}

export function history(options: HistoryOptions): string {
  const { platform, tasks, start, end, stepSeconds = HOUR, gap = () => false, rate } = options;
  const lines: string[] = [];
  const family = (name: string): void => void lines.push(`# TYPE ${name} gauge`);
  const samples = (series: string, step: number, value: (time: number) => number): void => {
    for (let time = start; time <= end; time += step) if (!gap(time)) lines.push(`${series} ${value(time)} ${time}`);
  };
  family("up");
  samples(`up{namespace="${platform}",container="litellm",pod="gateway-0"}`, 300, () => 1);
  family("breakeven:route_info");
  samples(`breakeven:route_info{platform="${platform}",model_id="x"}`, 300, () => 1);
  const routes = { own: 1, api: options.api, "api-again": options.again };
  family("breakeven:requests:rate1h");
  for (const task of tasks)
    for (const [route, share] of Object.entries(routes))
      samples(
        `breakeven:requests:rate1h{platform="${platform}",task="${task}",route="${route}",model="m"}`,
        stepSeconds,
        (time) => share * rate(task, time),
      );
  family("breakeven:failed_requests:rate1h");
  for (const task of tasks)
    samples(
      `breakeven:failed_requests:rate1h{platform="${platform}",task="${task}"}`,
      stepSeconds,
      (time) => options.failed * rate(task, time),
    );
  family("breakeven:tokens:rate1h");
  const answers = 1 + options.api + options.again;
  const directions = {
    input: options.inputTokens - options.cachedTokens,
    cached: options.cachedTokens,
    output: options.outputTokens,
  };
  for (const task of tasks)
    for (const [direction, tokens] of Object.entries(directions))
      samples(
        `breakeven:tokens:rate1h{platform="${platform}",task="${task}",route="own",model="m",direction="${direction}"}`,
        stepSeconds,
        (time) => answers * tokens * rate(task, time),
      );
  return `${lines.join("\n")}\n# EOF\n`;
}
