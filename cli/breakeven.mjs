#!/usr/bin/env node
// Plain JavaScript, so that an old Node can still say what it lacks or hand over to the pinned one.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const [major, minor] = process.versions.node.split(".").map(Number);
const args = process.argv.slice(2);
if (major > 22 || (major === 22 && minor >= 18)) {
  const { main } = await import("./breakeven.ts");
  process.exitCode = await main(args);
} else {
  const pinned = fileURLToPath(new URL("../node_modules/node/bin/node", import.meta.url));
  if (existsSync(pinned))
    process.exitCode = spawnSync(pinned, [fileURLToPath(import.meta.url), ...args], { stdio: "inherit" }).status ?? 1;
  else {
    process.stderr.write(
      `breakeven needs Node 22.18 or newer and this is ${process.versions.node}; run npm ci, which brings one\n`,
    );
    process.exitCode = 1;
  }
}
