import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SEAL_FILE } from "../catalog/data-files.ts";
import { DATA_FOLDER } from "../catalog/load.ts";
import type { Timing } from "./measure.ts";

const moduleUrl = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);

/** Prints the milliseconds of `work` in a process that has done nothing before but import. */
const timed = (imports: string, work: string): string => `
  ${imports}
  const start = performance.now();
  ${work}
  console.log(performance.now() - start);
`;

const LOAD_FROM = `const { loadCatalogFrom } = await import(${moduleUrl("../catalog/load.ts")});`;
const VERDICT = `
  const { readStackFile } = await import(${moduleUrl("../cli/stack-file.ts")});
  const { decide } = await import(${moduleUrl("../economics/decide.ts")});
`;

/**
 * Fresh processes, their start and imports not counted: the whole catalogue read as committed; the same validated in full, as
 * after an edit by hand; and everything from nothing to the first verdict on the production stack.
 */
export function catalogTimings(rounds: number): readonly Timing[] {
  const edited = mkdtempSync(join(tmpdir(), "breakeven-bench-"));
  cpSync(DATA_FOLDER, edited, { recursive: true });
  rmSync(join(edited, SEAL_FILE));
  const load = (directory: string) => timed(LOAD_FROM, `loadCatalogFrom(${JSON.stringify(directory)});`);
  const cases = {
    "load of the catalogue": load(DATA_FOLDER),
    "load of an edited catalogue": load(edited),
    "load and first verdict": timed(VERDICT, 'decide(readStackFile("prod", "2026-11-21").input);'),
  };
  try {
    return Object.entries(cases).map(([name, script]) => {
      const times = Array.from({ length: rounds }, () =>
        Number(execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" })),
      );
      return { name, milliseconds: times.toSorted((a, b) => a - b) };
    });
  } finally {
    rmSync(edited, { recursive: true });
  }
}
