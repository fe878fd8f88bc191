/** Previews the committed stacks and checks that each one ends as it must. */

import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CONFIG, EXPECTATIONS, type Expectation, judge, judgementTable, section } from "./expectations.ts";
import type { Outcome } from "./outcome.ts";
import { ROOT_DIR } from "./places.ts";
import { isColorful, logToStderr, withProgress } from "./progress.ts";

const HELP = `Previews the example stacks on this machine: no account, no credentials, no network.

${EXPECTATIONS.map(({ stack, blockedBy, shows }) => `  ${stack.padEnd(10)} ${blockedBy ? "must be blocked" : "must pass"}: ${shows}`).join("\n")}

Usage: npm run demo [-- options]

  --json         print the outcomes as JSON
  --project DIR  folder with Pulumi.yaml, the stacks and policies/ (default: this repository)
  --help

Exit status: 0 when every stack ended as it must, 1 otherwise.
`;

const isColored = isColorful(process.stdout);

/** Each preview gets a process of its own: modules of the program keep no state from the one before. */
async function preview({ stack }: Expectation, projectDir: string): Promise<Outcome> {
  const script = fileURLToPath(new URL("preview.ts", import.meta.url));
  const args = [
    script,
    stack,
    "--fresh",
    // Pins the day of the decision: prices would age under the demo.
    "--policy-config",
    fileURLToPath(new URL("policy-config.json", import.meta.url)),
    "--json",
    "--project",
    projectDir,
    `--color=${isColored ? "always" : "never"}`,
  ];
  for (const value of CONFIG) args.push("--config", value);
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  await new Promise((resolve) => child.on("close", resolve));
  try {
    return JSON.parse(stdout);
  } catch {
    const errors = [stderr.trim() || "the preview ended without a result"];
    return { verdict: "failed", text: "", violations: [], errors, changes: {}, seconds: 0 };
  }
}

/** At most one preview per core at a time, in the order given. */
async function previewAll(projectDir: string): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = EXPECTATIONS.entries();
  const worker = async (): Promise<void> => {
    for (const [index, expectation] of waiting) outcomes[index] = await preview(expectation, projectDir);
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), EXPECTATIONS.length) }, worker));
  return outcomes;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean" },
      project: { type: "string", default: ROOT_DIR },
      help: { type: "boolean" },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  // Made once, before the previews look for it side by side.
  const { obtainEngine } = await import("./engine.ts");
  await obtainEngine();
  const names = EXPECTATIONS.map(({ stack }) => stack).join(", ");
  const outcomes = await withProgress(`previewing ${names}`, () => previewAll(values.project), { everySeconds: 5 });
  const judgements = EXPECTATIONS.map((expectation, index) => judge(expectation, outcomes[index] as Outcome));
  if (values.json) {
    const results = judgements.map((judgement, index) => ({ ...judgement, outcome: outcomes[index] }));
    process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  } else {
    for (const [index, { text, errors, verdict }] of outcomes.entries()) {
      const { stack, shows } = EXPECTATIONS[index] as Expectation;
      const failure = section(text, "Diagnostics") || errors.join("\n");
      const shown = verdict === "failed" ? failure : section(text, "Policies");
      process.stdout.write(`${stack}: ${shows}\n\n${shown}\n\n`);
    }
    process.stdout.write(`${judgementTable(judgements)}\n`);
  }
  process.exitCode = judgements.every(({ isAsExpected }) => isAsExpected) ? 0 : 1;
}

try {
  await main();
} catch (error) {
  const isUsage = (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
  const isExpected = isUsage || (error as Error).name === "EngineUnavailableError";
  logToStderr(isExpected ? (error as Error).message : String((error as Error).stack ?? error));
  process.exitCode = isUsage ? 2 : 1;
}
