/**
 * Runs a script of this repository on a machine where nothing is installed but some Node: installs the dependencies
 * when they are missing or outdated, then starts the script with a Node that runs TypeScript.
 *
 *     node bootstrap.mjs sandbox/demo.ts --json     a script
 *     node bootstrap.mjs vitest run                 an executable of an installed package
 */

import { spawn, spawnSync } from "node:child_process";
import { existsSync, lstatSync, statSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL(".", import.meta.url));
const bin = join(root, "node_modules", ".bin");
const MINIMUM_NODE = [22, 18];

function fail(message) {
  process.stderr.write(`bootstrap: ${message}\n`);
  process.exit(1);
}

/** npm writes this file at the end of an installation. */
function isInstalled() {
  const stamp = join(root, "node_modules", ".package-lock.json");
  return existsSync(stamp) && statSync(stamp).mtimeMs >= statSync(join(root, "package-lock.json")).mtimeMs;
}

function install() {
  // npm would empty the folder behind the link, which belongs to someone else.
  if (lstatSync(join(root, "node_modules"), { throwIfNoEntry: false })?.isSymbolicLink())
    fail("node_modules is a link and not up to date; run `npm ci` where it leads, or remove the link");
  process.stderr.write("bootstrap: installing dependencies with `npm ci` (about a minute, once)\n");
  // Standard output belongs to the script.
  const { status, error } = spawnSync("npm", ["ci"], { cwd: root, stdio: ["ignore", 2, 2] });
  if (error) fail(`npm does not start: ${error.message}; install npm, which comes with Node.js`);
  if (status !== 0) fail("`npm ci` failed, see above; fix it and run the same command again");
}

function nodeExecutable() {
  const pinned = join(bin, "node");
  if (existsSync(pinned)) return pinned;
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1])) return process.execPath;
  return fail(
    `Node ${process.versions.node} cannot run TypeScript, and the pinned Node is not in node_modules; ` +
      `install Node ${MINIMUM_NODE.join(".")} or newer, or let npm run the install script of the package "node"`,
  );
}

const [target, ...args] = process.argv.slice(2);
if (!target) fail("name a script or an executable: node bootstrap.mjs <script.ts | executable> [arguments]");
if (!isInstalled()) install();

const isScript = /\.[cm]?[jt]s$/.test(target);
const file = isScript ? target : join(bin, target);
if (!existsSync(file))
  fail(`${file} does not exist; give the path of a script, or the name of an installed executable`);

const [command, commandArgs] = isScript ? [nodeExecutable(), [file, ...args]] : [file, args];
const env = { ...process.env, PATH: [bin, process.env.PATH].filter(Boolean).join(delimiter) };
const child = spawn(command, commandArgs, { stdio: "inherit", env });

// A terminal sends Ctrl-C to the child as well.
process.on("SIGINT", () => process.stdin.isTTY || child.kill("SIGINT"));
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", (error) => fail(`${command} does not start: ${error.message}`));
child.on("exit", (code, signal) => {
  // 128 + number is what a shell reports for a process that a signal ended.
  process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
});
