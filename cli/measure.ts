import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { MeasuredFile } from "../config/measured.ts";
import type { PlatformConfig } from "../config/platform.ts";
import { measuredTraffic } from "../report/measured.ts";
import { type Command, parsedArgs, UsageError } from "./command.ts";
import { dayOf } from "./day.ts";
import { measureByInvoice } from "./measure/from-invoice.ts";
import { measureByPrometheus } from "./measure/from-prometheus.ts";
import { measuredText } from "./measured-text.ts";
import { PrometheusClient } from "./prometheus-client.ts";
import { readStackFile } from "./stack-file.ts";
import { writeFile } from "./write-file.ts";

const HELP = `Measures a stack's real traffic, to put in place of the forecast.

Usage: breakeven measure [stack] --prometheus URL [options]
       breakeven measure [stack] --invoice FILE [options]

  [stack]            prod for Pulumi.prod.yaml in this folder, or a path (default: prod)

Options:
  --prometheus URL   Prometheus with the stack's metrics; a login may stand in the URL, a bearer token in PROMETHEUS_TOKEN
  --invoice FILE     usage export of OpenAI or Anthropic as CSV, for traffic that is not behind the gateway yet
  --days N           whole days up to yesterday, UTC (default: 90; Prometheus only)
  --platform NAME    namespace of the platform (default: breakeven-<environment>)
  --today DATE       first day that is not measured, YYYY-MM-DD (default: the clock's)
  --out FILE         where to write (default: measured/<environment>.json)
  --partial          also write what is incomplete, marked as such; it proves nothing to the policies
  --json             print the file's content
  --help

Exit status: 0 complete and written, 3 incomplete (written only with --partial), 1 nothing could be measured, 2 wrong usage.
`;

function options(args: readonly string[]) {
  const { values, positionals } = parsedArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      prometheus: { type: "string" },
      invoice: { type: "string" },
      days: { type: "string", default: "90" },
      platform: { type: "string" },
      today: { type: "string" },
      out: { type: "string" },
      partial: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  if (positionals.length > 1) throw new UsageError(`name one stack, not ${positionals.length}`);
  if ((values.prometheus === undefined) === (values.invoice === undefined))
    throw new UsageError("give either --prometheus URL or --invoice FILE; see breakeven measure --help");
  const days = Number(values.days);
  if (!Number.isInteger(days) || days < 7 || days > 400)
    throw new UsageError(
      `--days ${values.days} is not allowed; expected a whole number from 7 (every hour of a week) to 400`,
    );
  return { ...values, days, stack: positionals[0] ?? "prod" };
}

type Options = NonNullable<ReturnType<typeof options>>;

function measured(
  config: PlatformConfig,
  { prometheus, invoice, platform, days, today }: Options,
): Promise<MeasuredFile> {
  const { environment, tasks } = config;
  if (prometheus === undefined) {
    const byTask = Object.entries(tasks).map(([task, { apiModel, inputTokensPerRequest }]) => ({
      task,
      apiModel,
      inputTokensPerRequest,
    }));
    return measureByInvoice(invoice as string, environment, byTask);
  }
  return measureByPrometheus(new PrometheusClient(prometheus, process.env.PROMETHEUS_TOKEN), {
    environment,
    platform: platform ?? `breakeven-${environment}`,
    tasks: Object.keys(tasks),
    days,
    end: Date.parse(`${dayOf(today)}T00:00:00Z`) / 1000,
  });
}

/** `breakeven measure prod --prometheus http://localhost:9090` */
export const measure: Command = {
  summary: "a stack's real traffic from Prometheus or a usage export, for the config to point at",
  async run(args) {
    const given = options(args);
    if (given === undefined) {
      process.stdout.write(HELP);
      return 0;
    }
    const { config } = readStackFile(given.stack, dayOf(given.today));
    if (given.prometheus !== undefined)
      process.stderr.write(`asking for ${given.days} days of ${Object.keys(config.tasks).length} tasks …\n`);
    const file = await measured(config, given);
    const content = `${JSON.stringify(file, null, 2)}\n`;
    process.stdout.write(given.json ? content : `${measuredText(measuredTraffic(config.tasks, file))}\n`);
    for (const problem of file.problems) process.stderr.write(`incomplete: ${problem}\n`);
    if (Object.keys(file.tasks).length === 0) {
      process.stderr.write("nothing was written: no task could be measured\n");
      return 1;
    }
    if (!file.complete && !given.partial) {
      process.stderr.write(
        "nothing was written: the measurement is incomplete; --partial writes it all the same, marked as incomplete\n",
      );
      return 3;
    }
    const out = given.out ?? `measured/${file.environment}.json`;
    if (given.out === undefined) mkdirSync(dirname(out), { recursive: true });
    writeFile(out, content);
    process.stderr.write(`wrote ${out}; point the config at it: measured: ${out}\n`);
    return file.complete ? 0 : 3;
  },
};
