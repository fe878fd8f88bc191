import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";

/** What is wrong with a generated file, or undefined when it holds `text`. */
export function staleness(file: string, text: string, command: string): string | undefined {
  let committed: string | undefined;
  try {
    committed = readFileSync(file, "utf8");
  } catch {}
  return committed === text ? undefined : `${relative(process.cwd(), file)} is not current; run: ${command} --write`;
}

/** The command line of a generator: `--write` writes the file, `--check` fails when it is not current. */
export function runGenerator(file: string, text: string, command: string): void {
  const [mode] = process.argv.slice(2);
  if (mode === "--write") {
    writeFileSync(file, text);
  } else if (mode === "--check") {
    const problem = staleness(file, text, command);
    if (problem !== undefined) {
      console.error(problem);
      process.exitCode = 1;
    }
  } else {
    console.error(`usage: ${command} --write | --check`);
    process.exitCode = 2;
  }
}
