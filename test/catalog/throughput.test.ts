import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readDataFiles } from "../../catalog/data-files.ts";
import { DATA_FOLDER, loadCatalog } from "../../catalog/load.ts";
import { readThroughput } from "../../catalog/throughput.ts";

const FILE = join(import.meta.dirname, "../../catalog/data/throughput.json");
const content = readFileSync(FILE, "utf8");
const raw = JSON.parse(content) as { sources: string[]; rows: unknown[][] };
const names = { isModel: (name: string) => name !== "Nobody-7B", isGpu: () => true };

function problemsWith(change: (rows: unknown[][]) => void): readonly string[] {
  const copy = structuredClone(raw);
  change(copy.rows);
  const texts = {
    ...readDataFiles(DATA_FOLDER).texts,
    throughput: JSON.stringify({ ...JSON.parse(content), rows: copy.rows }),
  };
  return readThroughput({ texts, isSealed: false }, "data", names).problems;
}
const set = (column: number, value: unknown) => (rows: unknown[][]) => {
  (rows[1] as unknown[])[column] = value;
};

describe("throughput.json", () => {
  it("keeps one measurement per line, none twice, every source used", () => {
    const lines = content.split("\n").filter((line) => line.startsWith('["'));
    expect(lines).toHaveLength(raw.rows.length);
    expect(new Set(lines).size).toBe(raw.rows.length);
    expect(new Set(raw.rows.map((row) => row[14])).size).toBe(raw.sources.length);
  });

  it("is read whole", () => {
    const { measurements } = loadCatalog();
    expect(measurements).toHaveLength(raw.rows.length);
    expect(measurements.length).toBeGreaterThan(2000);
    for (const { source, date } of measurements) {
      expect(source).toMatch(/\S/);
      expect(date).toMatch(/^\d{4}/);
    }
  });

  it.each([
    ["an unknown engine", set(0, "ollama"), 'engine: "ollama" is not allowed; expected vllm, sglang, tensorrt-llm'],
    ["an unknown model", set(2, "Nobody-7B"), 'model: "Nobody-7B" is not allowed; expected a name of models.json'],
    ["half a GPU", set(5, 0.5), "gpus: 0.5 is not allowed; expected a whole number above 0"],
    [
      "a load nobody understands",
      set(10, "busy"),
      'load: "busy" is not allowed; expected a load as benchmark tables write it',
    ],
    ["no throughput", set(11, null), "outputTokensPerSecond: null is not allowed; expected a number above 0"],
    ["a source that is not listed", set(14, 9999), "source: 9999 is not allowed; expected a place in sources"],
    [
      "a date that is none",
      set(15, "soon"),
      'date: "soon" is not allowed; expected a date as YYYY, YYYY-MM or YYYY-MM-DD',
    ],
  ])("refuses %s", (_what, change, problem) => {
    expect(problemsWith(change)).toEqual([expect.stringContaining(`data/throughput.json row 2: ${problem}`)]);
  });

  it("refuses a row of another width", () => {
    expect(problemsWith((rows) => rows[0]?.pop())).toEqual([
      expect.stringMatching(/row 1: \[.* is not allowed; expected 16 values/),
    ]);
  });
});
