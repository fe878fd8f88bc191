import { createReadStream } from "node:fs";
import { basename } from "node:path";
import type { MeasuredFile } from "../../config/measured.ts";
import { csvRows } from "../csv.ts";

/**
 * Columns of a provider's usage export. OpenAI: "completions usage" of the usage dashboard, as exported in October 2025.
 * Anthropic: "usage" of the console, as exported in August 2026; it has no number of requests.
 */
interface Format {
  readonly name: string;
  readonly day: string;
  readonly model: string;
  /** Undefined where the export does not count requests. */
  readonly requests?: string;
  /** Input tokens that were not read from a cache; all of them add up. */
  readonly uncached: readonly string[];
  readonly cached: readonly string[];
  readonly output: string;
}

const FORMATS: readonly Format[] = [
  {
    name: "OpenAI completions usage, October 2025",
    day: "start_time_iso",
    model: "model",
    requests: "num_model_requests",
    uncached: ["input_uncached_tokens"],
    cached: ["input_cached_tokens"],
    output: "output_tokens",
  },
  {
    name: "Anthropic console usage, August 2026",
    day: "usage_date_utc",
    model: "model_version",
    uncached: ["usage_input_tokens_no_cache", "usage_input_tokens_cache_write_5m", "usage_input_tokens_cache_write_1h"],
    cached: ["usage_input_tokens_cache_read"],
    output: "usage_output_tokens",
  },
];

const columnsOf = ({ day, model, requests, uncached, cached, output }: Format): readonly string[] => [
  day,
  model,
  ...(requests === undefined ? [] : [requests]),
  ...uncached,
  ...cached,
  output,
];

/** Names models as exports do: with a date at the end. */
const isModel = (exported: string, apiModel: string): boolean => {
  const model = apiModel.slice(apiModel.indexOf("/") + 1);
  return exported === model || (exported.startsWith(`${model}-`) && /^-\d[-\d]*$/.test(exported.slice(model.length)));
};

interface Totals {
  requests: number;
  uncached: number;
  cached: number;
  output: number;
}

/** A task and the API model its traffic is on today. */
export interface InvoiceTask {
  readonly task: string;
  readonly apiModel: string | undefined;
  /** Mean tokens of a request by the config, for exports that count no requests. */
  readonly inputTokensPerRequest: number;
}

function formatOf(header: readonly string[], file: string): Format {
  const lacking = FORMATS.map((format) => ({
    format,
    columns: columnsOf(format).filter((column) => !header.includes(column)),
  }));
  const fitting = lacking.find(({ columns }) => columns.length === 0);
  if (fitting !== undefined) return fitting.format;
  throw new Error(
    [
      `${file} has columns of no known export: ${header.slice(0, 6).join(", ")}${header.length > 6 ? ", …" : ""}`,
      ...lacking.map(({ format, columns }) => `  ${format.name} lacks: ${columns.join(", ")}`),
    ].join("\n"),
  );
}

function amount(cells: readonly string[], column: number, where: string): number {
  const text = (cells[column] ?? "").trim();
  const value = text === "" ? 0 : Number(text);
  if (!Number.isFinite(value) || value < 0)
    throw new Error(`${where}: "${text}" is no count; expected a number from 0`);
  return value;
}

/** Traffic by the usage export of a provider. Throws for foreign columns and bad cells. */
export async function measureByInvoice(
  file: string,
  environment: string,
  tasks: readonly InvoiceTask[],
): Promise<MeasuredFile> {
  let format: Format | undefined;
  let at = new Map<string, number>();
  let row = 0;
  const days = new Set<string>();
  const byModel = new Map<string, Totals>();
  for await (const cells of csvRows(createReadStream(file, "utf8"))) {
    row++;
    if (format === undefined) {
      const header = cells.map((cell) => cell.trim());
      format = formatOf(header, file);
      at = new Map(header.map((column, index) => [column, index]));
      continue;
    }
    const cell = (column: string): string => (cells[at.get(column) as number] ?? "").trim();
    if (cells.length === 1 && cells[0] === "") continue;
    const day = cell(format.day).slice(0, 10);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day))
      throw new Error(`${file} row ${row}: ${format.day} "${cell(format.day)}" is no day`);
    days.add(day);
    const model = cell(format.model);
    // A day without traffic is a row without a model.
    if (model === "") continue;
    const add = (columns: readonly string[]): number =>
      columns.reduce(
        (sum, column) => sum + amount(cells, at.get(column) as number, `${file} row ${row}, ${column}`),
        0,
      );
    const totals = byModel.get(model) ?? { requests: 0, uncached: 0, cached: 0, output: 0 };
    totals.requests += format.requests === undefined ? 0 : add([format.requests]);
    totals.uncached += add(format.uncached);
    totals.cached += add(format.cached);
    totals.output += add([format.output]);
    byModel.set(model, totals);
  }
  if (format === undefined) throw new Error(`${file} is empty; expected a header row`);
  const sorted = [...days].sort();
  const [from = "", to = ""] = [sorted[0], sorted.at(-1)];
  if (from === "") throw new Error(`${file} has a header and no rows`);
  const span = Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
  const problems: string[] = [];
  if (format.requests === undefined)
    problems.push(
      `${format.name} counts no requests: they follow from its tokens and the config's inputTokensPerRequest`,
    );
  const measured: MeasuredFile["tasks"] = {};
  const used = new Set<string>();
  for (const { task, apiModel, inputTokensPerRequest } of tasks) {
    const sharing = tasks
      .filter((other) => other.apiModel === apiModel && other.task !== task)
      .map((other) => other.task);
    const models = [...byModel.keys()].filter((model) => apiModel !== undefined && isModel(model, apiModel));
    for (const model of models) used.add(model);
    if (models.length === 0)
      problems.push(`task ${task}: ${apiModel ?? "it names no API model, so its traffic"} is not in the export`);
    else if (sharing.length > 0)
      problems.push(
        `task ${task}: ${apiModel} is shared with ${sharing.join(", ")}; an export cannot tell them apart, use one project or workspace per task and export each`,
      );
    else {
      const totals = models.map((model) => byModel.get(model) as Totals);
      const total = (key: keyof Totals): number => totals.reduce((sum, one) => sum + one[key], 0);
      const input = total("uncached") + total("cached");
      const requests = format.requests === undefined ? input / inputTokensPerRequest : total("requests");
      if (requests === 0) {
        problems.push(`task ${task}: the export counts no requests of ${apiModel}`);
        continue;
      }
      measured[task] = {
        requestsPerDay: Number((requests / span).toPrecision(6)),
        inputTokensPerRequest: Number((input / requests).toPrecision(6)),
        outputTokensPerRequest: Number((total("output") / requests).toPrecision(6)),
        cachedInputShare: input === 0 ? 0 : Number((total("cached") / input).toPrecision(6)),
      };
    }
  }
  const unknown = [...byModel.keys()].filter((model) => !used.has(model));
  if (unknown.length > 0) problems.push(`no task of the config is on ${unknown.join(", ")}`);
  return {
    schema: "breakeven/measured/v1",
    environment,
    from,
    to,
    days: span,
    coverage: Number((days.size / span).toFixed(4)),
    complete: problems.length === 0,
    problems,
    source: { kind: "invoice", of: basename(file), detail: { format: format.name } },
    tasks: measured,
  };
}
