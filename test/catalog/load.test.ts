import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { readDataFiles, SEAL_FILE } from "../../catalog/data-files.ts";
import { DATA_FOLDER, loadCatalog, loadCatalogFrom } from "../../catalog/load.ts";
import { validatedSeal } from "../../catalog/seal.ts";
import { tablesOf } from "../../catalog/tables.ts";

const directories: string[] = [];

afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

type Row = Record<string, unknown>;

function copyOfData(): string {
  const directory = mkdtempSync(join(tmpdir(), "catalog-"));
  directories.push(directory);
  cpSync(DATA_FOLDER, directory, { recursive: true });
  return directory;
}

function change(directory: string, kind: string, edit: (rows: Row[]) => void): void {
  const file = join(directory, `${kind}.json`);
  const content = JSON.parse(readFileSync(file, "utf8"));
  edit(content.rows);
  writeFileSync(file, JSON.stringify(content));
}

/** The problems of a copy of the data with one file changed, without the directory. */
function problemsAfter(kind: string, edit: (rows: Row[]) => void): string[] {
  const directory = copyOfData();
  change(directory, kind, edit);
  return problemsOf(directory);
}

function problemsOf(directory: string): string[] {
  try {
    loadCatalogFrom(directory);
  } catch (error) {
    return (error as Error).message.replaceAll(`${directory}/`, "").split("\n").slice(1);
  }
  return [];
}

const set = (index: number, field: string, value: unknown) => (rows: Row[]) => {
  (rows[index] as Row)[field] = value;
};

describe("loading the catalogue", () => {
  it("reads the committed files once per process", () => {
    expect(loadCatalog()).toBe(loadCatalog());
  });

  it("reads the same from a copy elsewhere", () => {
    expect(loadCatalogFrom(copyOfData()).offerings).toEqual(loadCatalog().offerings);
  });
});

describe("the seal", () => {
  it("of the committed files is current; if not, run `npm run generate`", () => {
    expect(readFileSync(join(DATA_FOLDER, SEAL_FILE), "utf8")).toBe(validatedSeal(DATA_FOLDER));
  });

  it("changes nothing of what is read", () => {
    const files = readDataFiles(DATA_FOLDER);
    expect(files.isSealed).toBe(true);
    expect(tablesOf(files, "data")).toEqual(tablesOf({ ...files, isSealed: false }, "data"));
  });

  it("breaks with any character of any file", () => {
    for (const kind of ["gpus", "throughput"]) {
      const directory = copyOfData();
      const file = join(directory, `${kind}.json`);
      writeFileSync(file, `${readFileSync(file, "utf8")} `);
      expect(readDataFiles(directory).isSealed).toBe(false);
    }
  });

  it("is not given to a catalogue that is refused", () => {
    const directory = copyOfData();
    change(directory, "offerings", set(0, "usd", 0));
    expect(() => validatedSeal(directory)).toThrow("usd: 0 is not allowed");
  });
});

describe("a corrupt file is refused by file, row, field, value and rule:", () => {
  it.each([
    [
      "a negative memory",
      "gpus",
      set(1, "memoryGB", -1),
      "gpus.json row 2 (L4): memoryGB: -1 is not allowed; expected a number above 0",
    ],
    [
      "a free price",
      "offerings",
      set(0, "usd", 0),
      "offerings.json row 1 (g4dn.xlarge us-east-1 on-demand): usd: 0 is not allowed; expected a number above 0",
    ],
    [
      "a price in quotes",
      "services",
      set(6, "usd", "0.02"),
      'services.json row 7 (alb-hour us-east-1): usd: "0.02" is not allowed; expected a number above 0',
    ],
    [
      "a day that does not exist",
      "gpus",
      set(0, "date", "2026-02-30"),
      'gpus.json row 1 (T4): date: "2026-02-30" is not allowed; expected a calendar date as YYYY-MM-DD',
    ],
    [
      "an empty source",
      "models",
      set(0, "source", " "),
      'models.json row 1 (Llama-3.1-8B): source: " " is not allowed; expected a non-empty text',
    ],
    [
      "a missing source",
      "models",
      set(0, "source", undefined),
      "models.json row 1 (Llama-3.1-8B): source: missing; expected a non-empty text",
    ],
    [
      "half a layer",
      "models",
      set(0, "layers", 31.5),
      "models.json row 1 (Llama-3.1-8B): layers: 31.5 is not allowed; expected a whole number above 0",
    ],
    [
      "a misspelt field",
      "gpus",
      set(0, "memoryGb", 16),
      "gpus.json row 1 (T4): memoryGb: unknown field; nearest known: memoryGB",
    ],
    [
      "an unknown purchase option",
      "offerings",
      set(0, "purchase", "reserved"),
      'offerings.json row 1 (g4dn.xlarge us-east-1 reserved): purchase: "reserved" is not allowed; expected on-demand, spot, commit-1y, commit-3y, capacity-block',
    ],
    [
      "a sku with capitals",
      "services",
      set(6, "sku", "ALB"),
      'services.json row 7 (ALB us-east-1): sku: "ALB" is not allowed; expected a kebab-case name',
    ],
    [
      "a tier without price",
      "api-models",
      set(0, "tiers", [{ aboveInputTokens: 0, inputUsdPerMillion: 2 }]),
      "api-models.json row 1 (openai/gpt-4.1): tiers[0].outputUsdPerMillion: missing; expected a number above 0",
    ],
    [
      "no tiers",
      "api-models",
      set(0, "tiers", []),
      "api-models.json row 1 (openai/gpt-4.1): tiers: [] is not allowed; expected tiers that start at 0 input tokens and ascend",
    ],
    [
      "a row that is no object",
      "gpus",
      (rows: Row[]) => rows.splice(0, 1, null as unknown as Row),
      "gpus.json row 1 (unnamed): null is not allowed; expected named fields in braces",
    ],
    [
      "a duplicate name",
      "gpus",
      set(1, "name", "T4"),
      'gpus.json row 2 (T4): "t4" is not allowed; expected a name that row 1 does not have',
    ],
    [
      "an alias of another row",
      "gpus",
      set(1, "aliases", ["Tesla-T4"]),
      'gpus.json row 2 (L4): "tesla-t4" is not allowed; expected a name that row 1 does not have',
    ],
    [
      "a second price of the same thing",
      "offerings",
      (rows: Row[]) => rows.push({ ...rows[0] }),
      `offerings.json row ${loadCatalog().offerings.length + 1} (g4dn.xlarge us-east-1 on-demand): "g4dn.xlarge us-east-1 on-demand" is not allowed; expected a name that row 1 does not have`,
    ],
    [
      "a price of an unknown type",
      "offerings",
      set(0, "instanceType", "x9.huge"),
      'offerings.json row 1 (x9.huge us-east-1 on-demand): instanceType: "x9.huge" is not allowed; expected a name of instance-types.json',
    ],
    [
      "a GPU without number",
      "instance-types",
      set(0, "gpuCount", 0),
      "instance-types.json row 1 (g4dn.xlarge): gpuCount: 0 is not allowed; expected a number above 0 beside a gpu",
    ],
    [
      "weights that are no model",
      "api-models",
      set(0, "openWeights", "GPT-4.1"),
      'api-models.json row 1 (openai/gpt-4.1): openWeights: "GPT-4.1" is not allowed; expected a name of models.json',
    ],
    [
      "a name apart from its parts",
      "api-models",
      set(0, "model", "gpt-4.2"),
      'api-models.json row 1 (openai/gpt-4.1): name: "openai/gpt-4.1" is not allowed; expected "openai/gpt-4.2"',
    ],
  ])("%s", (_case, kind, edit, problem) => {
    expect(problemsAfter(kind, edit)).toEqual([problem]);
  });

  it("text that is not JSON, a file of another kind and a file that is not there", () => {
    const directory = copyOfData();
    writeFileSync(join(directory, "gpus.json"), '{"kind": "gpus", "rows": [');
    cpSync(join(directory, "services.json"), join(directory, "models.json"));
    rmSync(join(directory, "gpu-clouds.json"));
    const problems = problemsOf(directory);
    expect(problems[0]).toMatch(/^gpus\.json: not JSON: /);
    expect(problems.slice(1)).toEqual([
      'models.json: kind: "services" is not allowed; expected "models"',
      "gpu-clouds.json: cannot be read",
    ]);
  });

  it("all problems of all files at once", () => {
    const directory = copyOfData();
    change(directory, "gpus", (rows) => {
      set(0, "memoryGB", -1)(rows);
      set(1, "date", "yesterday")(rows);
    });
    change(directory, "services", set(0, "usd", -0.1));
    expect(problemsOf(directory).map((problem) => problem.slice(0, problem.indexOf(" is not allowed")))).toEqual([
      "gpus.json row 1 (T4): memoryGB: -1",
      'gpus.json row 2 (L4): date: "yesterday"',
      "services.json row 1 (eks-control-plane-hour us-east-1): usd: -0.1",
    ]);
  });
});
