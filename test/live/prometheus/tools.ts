/** Prometheus and promtool of the version in server/go.mod, built once from their Go modules. */

import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { fillFolder } from "../../../sandbox/cache-folder.ts";
import { cacheDir } from "../../../sandbox/places.ts";
import { logToStderr, withProgress } from "../../../sandbox/progress.ts";

const run = promisify(execFile);
const MODULE_DIR = join(import.meta.dirname, "server");
const MODULE = "github.com/prometheus/prometheus";

/** `3.15.0`: Go numbers Prometheus 3.15.0 as v0.315.0. */
function version(): string {
  const minor = new RegExp(`${MODULE} v0\\.3(\\d\\d)\\.(\\d+)`).exec(readFileSync(join(MODULE_DIR, "go.mod"), "utf8"));
  if (minor === null) throw new Error(`${MODULE_DIR}/go.mod requires no ${MODULE} v0.3xx`);
  return `3.${Number(minor[1])}.${minor[2]}`;
}

const binDir = (): string => join(cacheDir(), "prometheus", version());

/** Path of an executable that `obtain` has built. */
export const tool = (name: "prometheus" | "promtool"): string => join(binDir(), name);

/** Builds both where an earlier run has not; 5 to 10 minutes on two cores. */
export async function obtain(): Promise<void> {
  const target = binDir();
  if (existsSync(target)) return;
  logToStderr(`building Prometheus ${version()} from its Go modules (5 to 10 minutes, once)`);
  const linking = `-s -w -X github.com/prometheus/common/version.Version=${version()}`;
  const commands = ["prometheus", "promtool"].map((name) => `${MODULE}/cmd/${name}`);
  // Without the clients of two dozen clouds, which find targets there.
  const args = (folder: string) => [
    "build",
    "-tags",
    "remove_all_sd",
    "-ldflags",
    linking,
    "-o",
    `${folder}/`,
    ...commands,
  ];
  const options = { cwd: MODULE_DIR, env: { ...process.env, GOWORK: "off" }, maxBuffer: 2 ** 26 };
  await fillFolder(target, (folder) => withProgress("building Prometheus", () => run("go", args(folder), options)));
}
