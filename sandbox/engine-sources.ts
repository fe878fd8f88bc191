/** The four places an engine can come from; engine.ts tries them in turn. */

import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { failureText, fillFolder } from "./cache-folder.ts";
import type { Obtained } from "./engine.ts";
import { findOnPath } from "./find-executable.ts";
import { cacheDir } from "./places.ts";
import { type Log, withProgress } from "./progress.ts";

const run = promisify(execFile);
const semver = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"))("semver");

const MODULE_DIR = fileURLToPath(new URL("engine", import.meta.url));
const MINIMUM_VERSION = "3.250.0";
const PROBE_MS = 5000;

/** The version in the pinned Go module, `3.255.0`. */
export function pinnedVersion(): string {
  const version = /pulumi\/pkg\/v3 v(\S+)/.exec(readFileSync(join(MODULE_DIR, "go.mod"), "utf8"))?.[1];
  if (!version) throw new Error(`${MODULE_DIR}/go.mod requires no github.com/pulumi/pulumi/pkg/v3`);
  return version;
}

export type VersionOf = (executable: string) => Promise<string>;

const versionOf: VersionOf = async (executable) => {
  const { stdout } = await run(executable, ["version"], { env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" } });
  return stdout.trim();
};

/** The engine named in `$BREAKEVEN_PULUMI`, else `pulumi` on PATH. */
export async function installedEngine(log: Log, env = process.env, read: VersionOf = versionOf): Promise<Obtained> {
  const executable = env.BREAKEVEN_PULUMI || findOnPath("pulumi", env.PATH);
  if (!executable) return { ok: false, reason: "there is no `pulumi` on PATH" };
  const obtained = await engineAt(resolve(executable), read);
  if (!obtained.ok) log(`not using the installed engine: ${obtained.reason}`);
  return obtained;
}

/** The engine that an earlier run downloaded or built. */
export async function cachedEngine(_: Log, root = engineRoot(), read: VersionOf = versionOf): Promise<Obtained> {
  const executable = join(root, "bin", "pulumi");
  return existsSync(executable)
    ? await engineAt(executable, read)
    : { ok: false, reason: `${executable} does not exist yet` };
}

/** The official release, where the internet can be reached. */
export async function downloadEngine(log: Log, probe = canReachDownloads, root = engineRoot()): Promise<Obtained> {
  if (!(await probe()))
    return { ok: false, reason: `Pulumi's download site did not answer within ${PROBE_MS / 1000} s` };
  const version = pinnedVersion();
  log(`downloading Pulumi ${version} (about 100 MB, once)`);
  return await intoCache(root, async (partial) => {
    const install = () => PulumiCommand.install({ root: partial, version: semver.parse(version) });
    await withProgress("downloading Pulumi", install, { log });
  });
}

/** The engine, built from the Go module in `sandbox/engine`. */
export async function buildEngine(log: Log, go = findOnPath("go"), root = engineRoot()): Promise<Obtained> {
  if (!go) return { ok: false, reason: "there is no `go` on PATH" };
  const version = pinnedVersion();
  const versionFlag = `-X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  log(`building Pulumi ${version} from its Go module (3 to 10 minutes, once)`);
  return await intoCache(root, async (partial) => {
    const output = join(partial, "bin", "pulumi");
    const args = [
      "build",
      "-ldflags",
      `-s -w ${versionFlag}`,
      "-o",
      output,
      "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    ];
    const env = { ...process.env, GOWORK: "off" };
    await withProgress("building Pulumi", () => run(go, args, { cwd: MODULE_DIR, env }), { log });
  });
}

const engineRoot = (): string => join(cacheDir(), "engine", pinnedVersion());

/** Makes the engine in the cache; what stopped it is the reason there is none. */
async function intoCache(root: string, make: (partial: string) => Promise<unknown>): Promise<Obtained> {
  try {
    await fillFolder(root, async (partial) => {
      mkdirSync(join(partial, "bin"));
      await make(partial);
    });
  } catch (error) {
    return { ok: false, reason: failureText(error) };
  }
  return await engineAt(join(root, "bin", "pulumi"), versionOf);
}

async function engineAt(executable: string, read: VersionOf): Promise<Obtained> {
  let text: string;
  try {
    text = await read(executable);
  } catch (error) {
    return { ok: false, reason: `${executable} does not run: ${(error as Error).message.split("\n")[0]}` };
  }
  const version = semver.parse(text);
  if (!version) return { ok: false, reason: `${executable} does not say its version, but "${text}"` };
  if (semver.lt(version, MINIMUM_VERSION)) {
    return { ok: false, reason: `${executable} is version ${version}, older than ${MINIMUM_VERSION}` };
  }
  // PulumiCommand.get() insists on the name `<root>/bin/pulumi`, which an installed engine need not have.
  const Command = PulumiCommand as unknown as new (command: string, version: unknown) => PulumiCommand;
  return { ok: true, command: new Command(executable, version) };
}

async function canReachDownloads(): Promise<boolean> {
  try {
    const response = await fetch("https://get.pulumi.com/install.sh", {
      method: "HEAD",
      signal: AbortSignal.timeout(PROBE_MS),
    });
    return response.ok;
  } catch {
    return false;
  }
}
