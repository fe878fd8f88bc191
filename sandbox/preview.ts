/** `preview.ts <stack>`: previews, and on request deploys, a stack of this repository on this machine. */

import { createHash } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { UnwritableError, writeFile } from "../cli/write-file.ts";
import type { Outcome } from "./outcome.ts";
import { cacheDir, ROOT_DIR } from "./places.ts";
import { isColorful, logToStderr } from "./progress.ts";
import { MissingStackError, stackNames } from "./stack-files.ts";
import type { SandboxStack } from "./workspace.ts";

const HELP = `Previews a stack with the real Pulumi engine, local stand-ins for the cloud, and this repository's policies.
No account, no credentials, no network.

Usage: node bootstrap.mjs sandbox/preview.ts <stack> [options]

  <stack>                 dev for Pulumi.dev.yaml
  --up                    deploy into the local state after a preview that passes
  --skip-preview          with --up: deploy at once, as \`pulumi up --skip-preview\` does
  --no-policy             leave the policy pack out
  --config PATH=VALUE     set a configuration value on top of the stack's file, such as
                          breakeven:apiKeys.openai=x; may be repeated
  --policy-config FILE    JSON configuration for the policy pack
  --plan FILE             write the plan as \`pulumi preview --json --show-sames\` prints it, instead of text, without
                          policies; \`breakeven report --preview FILE\` prices it
  --fresh                 as if nothing had been deployed by earlier runs with --up
  --project DIR           folder with Pulumi.yaml and policies/ (default: this repository)
  --color WHEN            always, never or auto (default: auto, which respects NO_COLOR)
  --json                  print one JSON object per operation instead of the engine's text
  --help

Exit status: 0 passed, 1 blocked by policies or failed, 2 wrong usage.
`;

/** A mistake in the command line. */
class UsageError extends Error {}

function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      up: { type: "boolean", default: false },
      "skip-preview": { type: "boolean", default: false },
      "no-policy": { type: "boolean", default: false },
      config: { type: "string", multiple: true, default: [] as string[] },
      "policy-config": { type: "string" },
      plan: { type: "string" },
      fresh: { type: "boolean", default: false },
      project: { type: "string", default: ROOT_DIR },
      color: { type: "string", default: "auto" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const [stackName, ...rest] = positionals;
  const projectDir = resolve(values.project);
  if (!existsSync(join(projectDir, "Pulumi.yaml"))) throw new UsageError(`${projectDir} has no Pulumi.yaml`);
  if (!stackName || rest.length > 0) {
    throw new UsageError(`name one stack, not ${positionals.length}; allowed: ${stackNames(projectDir).join(", ")}`);
  }
  if (!["always", "never", "auto"].includes(values.color)) {
    throw new UsageError(`--color must be always, never or auto, not "${values.color}"`);
  }
  if (values["skip-preview"] && !values.up) throw new UsageError("--skip-preview needs --up: nothing would run");
  if (values.plan !== undefined && (values.up || values.json))
    throw new UsageError("--plan previews and writes a file: leave --up and --json out");
  const config = Object.fromEntries(values.config.map(keyAndValue));
  const isColored = values.color === "always" || (values.color === "auto" && isColorful(process.stdout));
  return { ...values, stackName, projectDir, config, color: isColored ? ("always" as const) : ("never" as const) };
}

function keyAndValue(text: string): [string, string] {
  const [, path, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (path === undefined || value === undefined) throw new UsageError(`--config takes PATH=VALUE, not "${text}"`);
  return [path, value];
}

type Options = NonNullable<ReturnType<typeof readOptions>>;

async function run(options: Options): Promise<boolean> {
  const { stackName, projectDir, config } = options;
  const configFile = join(projectDir, `Pulumi.${stackName}.yaml`);
  if (!existsSync(configFile)) throw new MissingStackError(projectDir, stackName, configFile);
  const project = createHash("sha256").update(projectDir).digest("hex").slice(0, 12);
  const stateDir = join(cacheDir(), "stacks", project, stackName);
  if (options.fresh && options.up) rmSync(stateDir, { recursive: true, force: true });
  const keepsState = options.up || (existsSync(stateDir) && !options.fresh);
  const policyDir = join(projectDir, "policies");
  const isPlan = options.plan !== undefined;
  const policyPacks = options["no-policy"] || isPlan ? [] : [{ dir: policyDir, configFile: options["policy-config"] }];
  if (policyPacks.length > 0 && !existsSync(policyDir)) {
    throw new UsageError(`${policyDir} does not exist; pass --no-policy to preview without policies`);
  }
  // Takes most of a second to load: a wrong option is reported without it.
  const { openStack } = await import("./workspace.ts");
  const kept = keepsState ? { stateDir } : {};
  const previewArgs = isPlan ? ["--json", "--show-sames"] : [];
  const stack = await openStack({ stackName, projectDir, policyPacks, config, previewArgs, ...kept });
  try {
    return await operate(stack, options);
  } finally {
    stack.close();
  }
}

async function operate(stack: SandboxStack, options: Options): Promise<boolean> {
  if (options.plan !== undefined) {
    const outcome = await stack.preview({ signal: interruption() });
    if (outcome.verdict === "ok") writeFile(options.plan, outcome.text);
    else
      logToStderr(
        `the preview of ${options.stackName} failed, ${options.plan} is not written\n${outcome.errors.join("\n")}`,
      );
    return outcome.verdict === "ok";
  }
  const operations = [
    ...(options["skip-preview"] ? [] : (["preview"] as const)),
    ...(options.up ? (["up"] as const) : []),
  ];
  const onOutput = options.json ? undefined : (text: string) => void process.stdout.write(text);
  for (const operation of operations) {
    const outcome = await stack[operation]({ onOutput, color: options.color, signal: interruption() });
    report(operation, outcome, options);
    if (outcome.verdict !== "ok") return false;
  }
  return true;
}

function report(operation: string, outcome: Outcome, { json, stackName }: Options): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ stack: stackName, operation, ...outcome })}\n`);
  } else if (outcome.verdict !== "ok") {
    logToStderr(`${operation} of ${stackName}: ${outcome.verdict}${unprinted(outcome)}`);
  }
}

/** Errors of the engine itself never reach its printed text. */
const unprinted = ({ errors, text }: Outcome): string =>
  errors
    .filter((error) => !text.includes(error.split("\n")[0] ?? ""))
    .map((error) => `\n${error}`)
    .join("");

/** A terminal's Ctrl-C reaches the engine by itself; a second one would make it drop its work. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  process.once("SIGTERM", abort);
  process.once("SIGINT", process.stdin.isTTY ? () => {} : abort);
  return controller.signal;
}

// A reader such as `head` may leave early.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(1);
  throw error;
});

try {
  const options = readOptions();
  if (!options) process.stdout.write(HELP);
  else process.exitCode = (await run(options)) ? 0 : 1;
} catch (error) {
  const isUsage =
    error instanceof UsageError ||
    error instanceof MissingStackError ||
    (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
  const isExpected = isUsage || error instanceof UnwritableError || (error as Error).name === "EngineUnavailableError";
  logToStderr(isExpected ? (error as Error).message : String((error as Error).stack ?? error));
  if (isUsage) logToStderr("Run with --help for the options.");
  process.exitCode = isUsage ? 2 : 1;
}
