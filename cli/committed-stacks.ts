import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { JudgedStack } from "../claims/claim.ts";
import { decide } from "../economics/decide.ts";
import { readStackFile } from "./stack-file.ts";

const ROOT = join(import.meta.dirname, "..");
const EXAMPLES = "examples";

const byNumber = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });

/** The stack files of `examples/`, relative to the repository. */
export const exampleFiles = (): readonly string[] =>
  readdirSync(join(ROOT, EXAMPLES))
    .filter((file) => file.endsWith(".yaml"))
    .toSorted(byNumber)
    .map((file) => join(EXAMPLES, file));

const environmentFiles = (): readonly string[] =>
  readdirSync(ROOT)
    .filter((file) => /^Pulumi\..+\.yaml$/.test(file))
    .toSorted();

/** Day the generated pages are computed for: prices would age and announced changes come due under their tests. */
export const PAGE_DAY = "2026-11-21";

/** Reads and judges stack files of this repository, named as they are given. */
export function judgedStacks(files: readonly string[], today: string): readonly JudgedStack[] {
  return files.map((file) => {
    const { input } = readStackFile(join(ROOT, file), today);
    return { file: file, input, decision: decide(input) };
  });
}

/** Every stack file that is committed: the environments and the examples. */
export const committedStacks = (today: string): readonly JudgedStack[] =>
  judgedStacks([...environmentFiles(), ...exampleFiles()], today);
