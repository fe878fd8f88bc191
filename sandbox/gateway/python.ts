/** The gateway's Python: LiteLLM Proxy from the registry at the version of the image, in an environment of its own. */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cacheDir } from "../places.ts";
import { type Log, logToStderr, withProgress } from "../progress.ts";

const run = promisify(execFile);
const REQUIREMENTS = fileURLToPath(new URL("python/requirements.txt", import.meta.url));

/** Executables of the environment. */
export interface PythonEnvironment {
  readonly python: string;
  readonly litellm: string;
  readonly ruff: string;
}

const executables = (folder: string): PythonEnvironment => ({
  python: join(folder, "bin", "python"),
  litellm: join(folder, "bin", "litellm"),
  ruff: join(folder, "bin", "ruff"),
});

/**
 * Makes an environment of Python packages once per lock file and keeps it in the cache. Only what the lock file names
 * with its hash gets in. Returns its folder. Throws with what to do when there is no Python or no registry.
 */
export async function obtainEnvironment(
  name: string,
  requirements: string,
  label: string,
  log: Log = logToStderr,
): Promise<string> {
  const lock = await readFile(requirements);
  const { stdout: version } = await run("python3", ["--version"]).catch(() => {
    throw new Error(`${name} needs python3 (3.10 to 3.14) with its venv module on PATH; install it`);
  });
  const key = createHash("sha256").update(lock).update(version).digest("hex").slice(0, 12);
  const folder = join(cacheDir(), `${name}-${key}`);
  const done = join(folder, "complete");
  if (existsSync(done)) return folder;
  await withProgress(
    label,
    async () => {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
      await run("python3", ["-m", "venv", folder]);
      const install = ["-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", requirements];
      await run(join(folder, "bin", "python"), install);
      await writeFile(done, "");
    },
    { log },
  );
  return folder;
}

/** The environment of LiteLLM Proxy; its proprietary extra is not in the lock file and so does not get in. */
export async function obtainPython(log: Log = logToStderr): Promise<PythonEnvironment> {
  const label = "installing LiteLLM Proxy from the Python registry (about a minute, once)";
  return executables(await obtainEnvironment("litellm", REQUIREMENTS, label, log));
}
