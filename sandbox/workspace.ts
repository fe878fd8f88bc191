/** A stack of this repository on the real engine, with local providers, a local state and no account. */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LocalWorkspace, type PulumiCommand, type PulumiFn, Stack } from "@pulumi/pulumi/automation/index.js";
import { obtainEngine } from "./engine.ts";
import { type Outcome, OutcomeRecorder } from "./outcome.ts";
import { cacheDir } from "./places.ts";
import { type Log, logToStderr } from "./progress.ts";
import { entryPoint, writeStackFiles } from "./stack-files.ts";

export interface OpenStackOptions {
  stackName: string;
  /** The folder with `Pulumi.yaml`. */
  projectDir: string;
  /** @default `Pulumi.<stackName>.yaml` in the project's folder */
  configFile?: string;
  /** @default the entry point that `Pulumi.yaml` names */
  program?: PulumiFn;
  policyPacks?: PolicyPack[];
  /** Where the state is kept. @default a temporary folder that `close` removes */
  stateDir?: string;
  /** @default the first engine that obtainEngine finds */
  engine?: PulumiCommand;
  log?: Log;
}

export interface PolicyPack {
  /** The folder with `PulumiPolicy.yaml`. */
  dir: string;
  /** A JSON file with the pack's configuration. */
  configFile?: string;
}

export interface RunOptions {
  /** Receives what the engine prints, as it comes. */
  onOutput?: (text: string) => void;
  color?: "always" | "never";
  signal?: AbortSignal;
}

export interface SandboxStack {
  preview(options?: RunOptions): Promise<Outcome>;
  /** Updates without a preview first. */
  up(options?: RunOptions): Promise<Outcome>;
  /** The stack's resources as the state has them. */
  resources(): Promise<StateResource[]>;
  close(): void;
}

export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

let runs = 0;

/** Opens a stack; every preview and update evaluates the program's entry point anew. */
export async function openStack(options: OpenStackOptions): Promise<SandboxStack> {
  const { stackName, projectDir, policyPacks = [], log = logToStderr } = options;
  const configFile = options.configFile ?? join(projectDir, `Pulumi.${stackName}.yaml`);
  const engine = options.engine ?? (await obtainEngine({ log }));
  const baseDir = options.stateDir ?? mkdtempSync(join(tmpdir(), "breakeven-"));
  const workDir = join(baseDir, "work");
  const replaced = writeStackFiles(workDir, { projectDir, stackName, configFile });
  if (replaced.length > 0) log(`encrypted values are replaced by placeholders: ${replaced.join(", ")}`);
  const program = options.program ?? programAt(entryPoint(projectDir));
  const workspace = await LocalWorkspace.create({ workDir, program, pulumiCommand: engine, envVars: engineEnv(baseDir) });
  const stack = await Stack.createOrSelect(stackName, workspace);
  const packs = {
    policyPacks: policyPacks.map(({ dir }) => dir),
    // One file per pack or none at all: the engine pairs the two lists by position.
    policyPackConfigs: policyPacks.some((pack) => pack.configFile)
      ? policyPacks.map((pack) => pack.configFile ?? "")
      : undefined,
  };

  const run = async (operation: "preview" | "up", { onOutput, color = "never", signal }: RunOptions = {}) => {
    const recorder = new OutcomeRecorder();
    const engineOptions = {
      ...packs,
      color,
      signal,
      suppressProgress: true,
      onEvent: recorder.onEvent.bind(recorder),
      onOutput: (text: string) => {
        recorder.onOutput(text);
        onOutput?.(text);
      },
    };
    try {
      await stack[operation](engineOptions);
      return recorder.finish();
    } catch (error) {
      return recorder.finish(error as Error);
    }
  };

  return {
    preview: (runOptions) => run("preview", runOptions),
    up: (runOptions) => run("up", runOptions),
    resources: async () => ((await stack.exportStack()).deployment?.resources ?? []) as StateResource[],
    close: () => {
      if (options.stateDir === undefined) rmSync(baseDir, { recursive: true, force: true });
    },
  };
}

/** The program behind a path, with the exports of its entry point as the stack's outputs, as `pulumi up` has it. */
function programAt(file: string): PulumiFn {
  return async () => {
    // Modules are evaluated once per address; the program must run once per preview.
    const exported = await import(`${pathToFileURL(file).href}?run=${runs++}`);
    const result = "default" in exported ? exported.default : { ...exported };
    return typeof result === "function" ? await result() : result;
  };
}

/** Nothing of the user's own Pulumi set-up reaches the sandbox, and nothing of the sandbox reaches it. */
function engineEnv(baseDir: string): Record<string, string> {
  const stateDir = join(baseDir, "state");
  const homeDir = join(cacheDir(), "home");
  mkdirSync(stateDir, { recursive: true });
  mkdirSync(homeDir, { recursive: true });
  return {
    PULUMI_BACKEND_URL: pathToFileURL(stateDir).href,
    PULUMI_HOME: homeDir,
    PULUMI_CONFIG_PASSPHRASE: "sandbox",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // A plugin that is missing is an error here, not a reason to wait for the internet.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Set to ignore the plugins of the project, or to add credentials of a real account: neither belongs here.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "false",
    PULUMI_ACCESS_TOKEN: "",
  };
}
