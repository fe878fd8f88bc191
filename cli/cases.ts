import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import { type CaseFacts, type CaseText, predictCase } from "../economics/capacity/case.ts";
import { csvRow, csvRows } from "./csv.ts";

const NEEDED = ["engine", "version", "model", "precision", "gpu", "gpus", "tp", "isl", "osl", "concurrency"] as const;
/** Without these a row says too little; the others may be left out of the file. */
const REQUIRED = ["engine", "model", "gpu", "osl", "concurrency"] as const;
export const APPENDED = [
  "predicted_output_tps",
  "predicted_ttft_ms",
  "predicted_tpot_ms",
  "tier",
  "error_p90",
  "error",
] as const;

const figure = (value: number): string => String(Number(value.toPrecision(6)));

function predicted(row: CaseText, facts: CaseFacts): readonly string[] {
  const got = predictCase(row, facts);
  if (!got.ok) return ["", "", "", "", "", got.reason];
  const { outputTokensPerSecond, ttftSeconds, tpotSeconds, evidence } = got.value;
  return [
    figure(outputTokensPerSecond),
    figure(ttftSeconds * 1000),
    figure(tpotSeconds * 1000),
    evidence.tier,
    figure(evidence.p90Error),
    "",
  ];
}

async function write(output: Writable, line: string): Promise<void> {
  if (!output.write(`${line}\n`)) await once(output, "drain");
}

/**
 * Streams the rows of a CSV file with predictions appended. A row that cannot be predicted keeps its place, with empty
 * figures and the reason under `error`. Throws when the header lacks a column.
 */
export async function predictCases(
  input: Readable,
  output: Writable,
  facts: CaseFacts,
): Promise<{ rows: number; refused: number }> {
  let columns: ReadonlyMap<string, number> | undefined;
  let width = 0;
  let rows = 0;
  let refused = 0;
  for await (const cells of csvRows(input)) {
    if (columns === undefined) {
      width = cells.length;
      const header = new Map(cells.map((name, index) => [name.trim().toLowerCase(), index]));
      const lacking = REQUIRED.filter((name) => !header.has(name));
      if (lacking.length > 0)
        throw new Error(
          `the header has no column ${lacking.join(", ")}; expected ${NEEDED.join(",")} in any order, others pass through`,
        );
      columns = header;
      await write(output, csvRow([...cells, ...APPENDED]));
      continue;
    }
    if (cells.length === 1 && cells[0] === "") continue;
    const header = columns;
    const row = Object.fromEntries(
      NEEDED.map((name) => [name, cells[header.get(name) ?? -1] ?? ""]),
    ) as unknown as CaseText;
    const appended = predicted(row, facts);
    rows++;
    if (appended[0] === "") refused++;
    const padded = Array.from({ length: Math.max(width, cells.length) }, (_, index) => cells[index] ?? "");
    await write(output, csvRow([...padded, ...appended]));
  }
  if (columns === undefined) throw new Error("the file is empty; expected a header row");
  return { rows, refused };
}
