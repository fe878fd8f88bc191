import { ENGINES, type Engine } from "../economics/capacity/deployment.ts";
import { parseLoad, stagesIn, variantIn } from "../economics/capacity/load-text.ts";
import type { Measurement } from "../economics/capacity/measurement.ts";
import { PRECISIONS, type Precision } from "../economics/serving.ts";
import { contentOf, type DataFiles, shown } from "./data-files.ts";

/** Fields of a row, in order. Rows are lists and sources a table of their own: two thousand objects would be five times the file. */
export const THROUGHPUT_COLUMNS = [
  "engine",
  "version",
  "model",
  "precision",
  "gpu",
  "gpus",
  "tensorParallel",
  "expertParallel",
  "inputTokens",
  "outputTokens",
  "load",
  "outputTokensPerSecond",
  "ttftMs",
  "tpotMs",
  "source",
  "date",
] as const;
type Column = (typeof THROUGHPUT_COLUMNS)[number];

const DATE = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;
const isWhole = (value: unknown): value is number => Number.isInteger(value);
const isAboveZero = (value: unknown): boolean => typeof value === "number" && value > 0 && Number.isFinite(value);
const isText = (value: unknown): boolean => typeof value === "string" && value.trim() !== "";

/** Names that may appear: what other files of the catalogue hold. */
export interface KnownNames {
  readonly isModel: (name: string) => boolean;
  readonly isGpu: (name: string) => boolean;
}

type Rule = readonly [Column, (value: unknown) => boolean, string];

// Two thousand rows are read at every preview: a quick look first, the rules with their words only for rows it doubts.
const rulesFor = ({ isModel, isGpu }: KnownNames, sources: readonly string[]): readonly Rule[] => [
  ["engine", (value) => (ENGINES as readonly unknown[]).includes(value), ENGINES.join(", ")],
  ["version", (value) => typeof value === "string", "a text, empty when unknown"],
  ["model", (value) => isModel(String(value)), "a name of models.json"],
  ["precision", (value) => (PRECISIONS as readonly unknown[]).includes(value), PRECISIONS.join(", ")],
  ["gpu", (value) => isGpu(String(value)), "a name of gpus.json"],
  ["gpus", (value) => isWhole(value) && value > 0, "a whole number above 0"],
  ["tensorParallel", (value) => isWhole(value) && value >= 0, "a whole number, 0 when not stated"],
  ["expertParallel", (value) => value === 0 || value === 1, "0 or 1"],
  ["inputTokens", (value) => isWhole(value) && value >= 0, "a whole number, 0 when not stated"],
  ["outputTokens", (value) => isWhole(value) && value > 0, "a whole number above 0"],
  ["load", (value) => typeof value === "string", "a load as benchmark tables write it"],
  ["outputTokensPerSecond", isAboveZero, "a number above 0"],
  ["ttftMs", (value) => value === null || isAboveZero(value), "a number above 0 or null"],
  ["tpotMs", (value) => value === null || isAboveZero(value), "a number above 0 or null"],
  [
    "source",
    (value) => isWhole(value) && sources[value] !== undefined,
    `a place in sources, 0 to ${sources.length - 1}`,
  ],
  ["date", (value) => typeof value === "string" && DATE.test(value), "a date as YYYY, YYYY-MM or YYYY-MM-DD"],
];

const isCount = (value: unknown): boolean => typeof value === "number" && value >= 0 && value % 1 === 0;
const isTime = (value: unknown): boolean => value === null || (typeof value === "number" && value > 0);

/** Whether a row is surely right; a doubtful one is held against the rules. */
function isPlausible(
  row: readonly unknown[],
  names: KnownNames,
  sources: number,
  known: Map<unknown, boolean>,
): boolean {
  const pair = `${row[2]}|${row[4]}`;
  let isKnown = known.get(pair);
  if (isKnown === undefined) {
    isKnown = names.isModel(String(row[2])) && names.isGpu(String(row[4]));
    known.set(pair, isKnown);
  }
  return (
    row.length === THROUGHPUT_COLUMNS.length &&
    isKnown &&
    (ENGINES as readonly unknown[]).includes(row[0]) &&
    typeof row[1] === "string" &&
    (PRECISIONS as readonly unknown[]).includes(row[3]) &&
    isCount(row[5]) &&
    (row[5] as number) > 0 &&
    isCount(row[6]) &&
    (row[7] === 0 || row[7] === 1) &&
    isCount(row[8]) &&
    isCount(row[9]) &&
    (row[9] as number) > 0 &&
    row[11] !== null &&
    isTime(row[11]) &&
    isTime(row[12]) &&
    isTime(row[13]) &&
    isCount(row[14]) &&
    (row[14] as number) < sources &&
    typeof row[15] === "string" &&
    DATE.test(row[15])
  );
}

/** Everything that is wrong with a row, in words. */
function problemsOf(row: unknown, rules: readonly Rule[]): readonly string[] {
  if (!Array.isArray(row) || row.length !== THROUGHPUT_COLUMNS.length)
    return [`${shown(row)} is not allowed; expected ${THROUGHPUT_COLUMNS.length} values`];
  return rules.flatMap(([name, holds, allowed], column) =>
    holds(row[column]) ? [] : [`${name}: ${shown(row[column])} is not allowed; expected ${allowed}`],
  );
}

type LoadColumns = Pick<Measurement, "load" | "variant" | "pipelineStages">;

/** Everything a load text says; undefined where it is not understood. */
function loadColumns(text: string): LoadColumns | undefined {
  const load = parseLoad(text);
  return load.ok ? { load: load.value, variant: variantIn(text), pipelineStages: stagesIn(text) } : undefined;
}

/** Reads `throughput.json`; every problem is reported with file, row, field, value and rule. Sealed files have none. */
export function readThroughput(
  { texts, isSealed }: DataFiles,
  label: string,
  names: KnownNames,
): { readonly measurements: readonly Measurement[]; readonly problems: readonly string[] } {
  const file = `${label}/throughput.json`;
  const refuse = (problem: string) => ({ measurements: [], problems: [`${file}: ${problem}`] });
  const read = contentOf("throughput", texts.throughput);
  if ("problem" in read) return refuse(read.problem);
  const { columns, sources, rows } = read.content;
  if (JSON.stringify(columns) !== JSON.stringify(THROUGHPUT_COLUMNS))
    return refuse(`columns: expected ${THROUGHPUT_COLUMNS.join(", ")}`);
  if (!Array.isArray(sources) || !sources.every(isText)) return refuse("sources: expected a list of texts");
  if (!Array.isArray(rows)) return refuse("rows: expected a list of rows");

  const rules = rulesFor(names, sources as string[]);
  // A few texts serve all rows.
  const loads = new Map<unknown, LoadColumns | undefined>();
  const loadOf = (text: unknown): LoadColumns | undefined => {
    if (!loads.has(text)) loads.set(text, loadColumns(String(text)));
    return loads.get(text);
  };
  const models = new Map<unknown, boolean>();
  const measurements: Measurement[] = [];
  const problems: string[] = [];
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as readonly unknown[];
    const load = Array.isArray(row) ? loadOf(row[10]) : undefined;
    if (load === undefined || !(isSealed || isPlausible(row, names, sources.length, models))) {
      const before = problems.length;
      problems.push(...problemsOf(row, rules).map((problem) => `${file} row ${index + 1}: ${problem}`));
      if (load === undefined && problems.length === before)
        problems.push(
          `${file} row ${index + 1}: load: ${shown(row[10])} is not allowed; expected a load as benchmark tables write it`,
        );
      if (problems.length > before) continue;
    }
    if (load === undefined) continue;
    measurements.push({
      engine: row[0] as Engine,
      version: row[1] as string,
      model: row[2] as string,
      precision: row[3] as Precision,
      gpu: row[4] as string,
      gpus: row[5] as number,
      tensorParallel: row[6] as number,
      expertParallel: row[7] === 1,
      inputTokens: row[8] as number,
      outputTokens: row[9] as number,
      load: load.load,
      variant: load.variant,
      pipelineStages: load.pipelineStages,
      outputTokensPerSecond: row[11] as number,
      ttftMs: (row[12] as number | null) ?? undefined,
      tpotMs: (row[13] as number | null) ?? undefined,
      source: sources[row[14] as number] as string,
      date: row[15] as string,
    });
  }
  return { measurements, problems };
}
