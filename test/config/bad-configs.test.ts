import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../catalog/load.ts";
import { parsePlatformConfig, problemsText } from "../../config/parse.ts";
import { formatProblem } from "../../config/problems.ts";
import type { BadConfig } from "./bad-configs/bad-config.ts";
import { capture } from "./bad-configs/capture.ts";
import { cluster } from "./bad-configs/cluster.ts";
import { economics } from "./bad-configs/economics.ts";
import { externalSecrets } from "./bad-configs/external-secrets.ts";
import { gateway } from "./bad-configs/gateway.ts";
import { models } from "./bad-configs/models.ts";
import { pools } from "./bad-configs/pools.ts";
import { serving } from "./bad-configs/serving.ts";
import { structure } from "./bad-configs/structure.ts";
import { tasks } from "./bad-configs/tasks.ts";
import { together } from "./bad-configs/together.ts";
import { changed, hybrid, onPrem } from "./bases.ts";

const catalog = loadCatalog();

function linesOf(config: unknown): readonly string[] {
  const result = parsePlatformConfig(config, catalog);
  return result.ok ? [] : result.problems.map(formatProblem);
}

const areas: Readonly<Record<string, readonly BadConfig[]>> = {
  structure,
  cluster,
  pools,
  models,
  serving,
  tasks,
  economics,
  gateway,
  capture,
  externalSecrets,
  together,
};

describe.each(Object.entries(areas))("%s: refuses", (_, table) => {
  it.each(table)("$name", ({ base, changes, lines }) => {
    expect(linesOf(changed(base, changes))).toEqual(lines);
  });
});

describe("a refused config", () => {
  it.each([
    ["null", null],
    ["an empty list", []],
    ['"eks"', "eks"],
    ["42", 42],
    ["nothing", undefined],
  ])("may be %s instead of an object", (given, config) => {
    expect(linesOf(config)).toEqual([
      `breakeven:platform: ${given} is not a config; expected an object, see docs/config.md`,
    ]);
  });

  it("misses the four sections without defaults when it is empty", () => {
    expect(linesOf({}).map((line) => line.split(" is missing")[0])).toEqual([
      "breakeven:platform.environment:",
      "breakeven:platform.cluster:",
      "breakeven:platform.tasks:",
      "breakeven:platform.operations:",
    ]);
  });

  it("is reported as a counted list", () => {
    const result = parsePlatformConfig(
      changed(hybrid, { environment: "production", "pools.h100.minNodes": 3 }),
      catalog,
    );
    expect(result.ok ? "" : problemsText(result.problems)).toBe(
      [
        "2 problems in the config; nothing was created:",
        '  breakeven:platform.environment: "production" is not allowed; expected one of "dev", "test", "staging", "prod"',
        "  breakeven:platform.pools.h100.minNodes: 3 is above pools.h100.maxNodes (1); lower it or raise maxNodes",
      ].join("\n"),
    );
  });

  it("is no base of this table: both bases are good", () => {
    expect([linesOf(hybrid), linesOf(onPrem)]).toEqual([[], []]);
  });
});

describe("the table of bad configs", () => {
  const all = Object.values(areas).flat();

  it("never has the same line twice in one report", () => {
    for (const { lines } of all) expect(new Set(lines).size).toBe(lines.length);
  });

  it("shows no secret, no regular expression and no word of the schema library", () => {
    const text = all.flatMap(({ lines }) => lines).join("\n");
    expect(text).not.toMatch(/abcdefghijklmnop|\^|\\d|ZodError|expected record|Invalid input|undefined|NaN/);
  });
});
