/** Where the sandbox finds and keeps things. */

import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository. */
export const ROOT_DIR = fileURLToPath(new URL("..", import.meta.url));

/** The folder of the plugins that stand in for the real providers. */
export const PLUGINS_DIR = fileURLToPath(new URL("plugins", import.meta.url));

/** Executables that stand in for those of a cloud on this machine, such as `aws`. */
export const STAND_INS_DIR = fileURLToPath(new URL("stand-ins", import.meta.url));

/** Built and downloaded things, kept between runs: `$BREAKEVEN_CACHE`, else the user's cache folder. */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  return env.BREAKEVEN_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "breakeven");
}
