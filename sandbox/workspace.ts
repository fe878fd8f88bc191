/** A stack of this repository on the real engine, with local providers, a local state and no account. */

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { stripVTControlCharacters } from "node:util";
import {
  type EngineEvent,
  LocalWorkspace,
  type PreviewOptions,
  type PulumiCommand,
  type PulumiFn,
  Stack,
  type UpOptions,
} from "@pulumi/pulumi/automation/index.js";
import { LIVE_CLUSTER_VARIABLE } from "./cluster/live-cluster.ts";
import { obtainEngine } from "./engine.ts";
import { type Outcome, OutcomeRecorder } from "./outcome.ts";
import { cacheDir } from "./places.ts";
import { type Log, logToStderr } from "./progress.ts";
import { entryPoint, writeStackFiles } from "./stack-files.ts";
import { StallWatch } from "./stall-watch.ts";

export interface OpenStackOptions {
  stackName: string;
  /** The folder with `Pulumi.yaml`. */
  projectDir: string;
  /** @default `Pulumi.<stackName>.yaml` in the project's folder */
  configFile?: string;
  /** Configuration on top of the file's, by path: `{"breakeven:apiKeys.openai": "x"}`. */
  config?: Readonly<Record<string, string>>;
  /** @default the entry point that `Pulumi.yaml` names */
  program?: PulumiFn;
  policyPacks?: PolicyPack[];
  /** Further arguments of the engine's preview: `["--json", "--show-sames"]`. */
  previewArgs?: readonly string[];
  /** Where the state is kept. @default a temporary folder that `close` removes */
  stateDir?: string;
  /** File with the cluster that Kubernetes objects are deployed to. @default they go to the state alone */
  liveClusterFile?: string;
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
  destroy(options?: RunOptions): Promise<Outcome>;
  /** The stack's resources as the state has them. */
  resources(): Promise<StateResource[]>;
  /** The state as `pulumi stack export` writes it. */
  exportState(): Promise<object>;
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
  const { stateDir, log = logToStderr } = options;
  const engine = options.engine ?? (await obtainEngine({ log }));
  const baseDir = stateDir ?? mkdtempSync(join(tmpdir(), "breakeven-"));
  const close = (): void => {
    if (stateDir === undefined) rmSync(baseDir, { recursive: true, force: true });
  };
  try {
    const stack = await createStack(options, withPreviewArgs(engine, options.previewArgs ?? []), baseDir, log);
    const packs = packOptions(options.policyPacks ?? []);
    return {
      preview: (runOptions) => run((engineOptions) => stack.preview({ ...packs, ...engineOptions }), runOptions),
      up: (runOptions) => run((engineOptions) => stack.up({ ...packs, ...engineOptions }), runOptions),
      destroy: (runOptions) => run((engineOptions) => stack.destroy(engineOptions), runOptions),
      exportState: () => stack.exportStack(),
      resources: async () => (await stack.exportStack()).deployment?.resources ?? [],
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

async function createStack(options: OpenStackOptions, engine: PulumiCommand, baseDir: string, log: Log) {
  const { stackName, projectDir, config } = options;
  const configFile = options.configFile ?? join(projectDir, `Pulumi.${stackName}.yaml`);
  const workDir = join(baseDir, "work");
  const replaced = writeStackFiles(workDir, { projectDir, stackName, configFile, config });
  if (replaced.length > 0) log(`encrypted values are replaced by placeholders: ${replaced.join(", ")}`);
  const program = options.program ?? programAt(entryPoint(projectDir));
  const envVars = {
    ...engineEnv(baseDir),
    ...(options.liveClusterFile === undefined ? {} : { [LIVE_CLUSTER_VARIABLE]: options.liveClusterFile }),
  };
  const workspace = await LocalWorkspace.create({ workDir, program, pulumiCommand: engine, envVars });
  return await Stack.createOrSelect(stackName, workspace);
}

/** The Automation API has no option for some arguments of a preview; `run` is missing in its types. */
function withPreviewArgs(engine: PulumiCommand, previewArgs: readonly string[]): PulumiCommand {
  if (previewArgs.length === 0) return engine;
  const { run } = engine as unknown as { run(args: readonly string[], ...rest: readonly unknown[]): unknown };
  return Object.assign(Object.create(engine), {
    run: (args: readonly string[], ...rest: readonly unknown[]) =>
      run.call(engine, args[0] === "preview" ? [...args, ...previewArgs] : args, ...rest),
  });
}

function packOptions(packs: PolicyPack[]) {
  // The engine pairs packs and configurations by position: one for each, or none at all.
  const hasConfig = packs.some(({ configFile }) => configFile !== undefined);
  return {
    // The engine works in a folder of its own.
    policyPacks: packs.map(({ dir }) => resolve(dir)),
    policyPackConfigs: hasConfig ? packs.map(({ configFile }) => (configFile ? resolve(configFile) : "")) : undefined,
  };
}

async function run(operate: (options: PreviewOptions & UpOptions) => Promise<unknown>, options: RunOptions = {}) {
  const { onOutput, color = "never", signal } = options;
  const recorder = new OutcomeRecorder();
  const watch = new StallWatch();
  const engineOptions = {
    color,
    signal: signal ? AbortSignal.any([signal, watch.signal]) : watch.signal,
    suppressProgress: true,
    onEvent: (event: EngineEvent) => {
      watch.onActivity();
      recorder.onEvent(event);
    },
    onOutput: (chunk: string) => {
      // Plugins colour their stack traces whatever the engine is told.
      const text = color === "never" ? stripVTControlCharacters(chunk) : chunk;
      recorder.onOutput(text);
      onOutput?.(text);
    },
  };
  try {
    await operate(engineOptions);
    return recorder.finish();
  } catch (error) {
    return recorder.finish(error as Error);
  } finally {
    watch.close();
  }
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
    // Every run starts the same policy and provider processes: what Node.js compiled for one serves the next.
    NODE_COMPILE_CACHE: join(cacheDir(), "compiled"),
    // A plugin that is missing is an error here, not a reason to wait for the internet.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}
