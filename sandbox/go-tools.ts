/** Executables out of pinned Go modules. */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { findOnPath } from "./find-executable.ts";
import { type Log, withProgress } from "./progress.ts";

const run = promisify(execFile);

/** A folder with a `go.mod` whose `tool` lines name what is built, and its `go.sum`. */
export class GoTools {
  private readonly moduleDir: string;

  constructor(moduleDir: string) {
    this.moduleDir = moduleDir;
  }

  /** The pinned version of a module, `v1.36.3`. */
  version(module: string): string {
    const version = new RegExp(`^\\s*${module} (v\\S+)`, "m").exec(this.text("go.mod"))?.[1];
    if (!version) throw new Error(`${this.moduleDir}/go.mod requires no ${module}`);
    return version;
  }

  /** Different for every change of a pin. */
  fingerprint(): string {
    return createHash("sha256").update(this.text("go.mod")).update(this.text("go.sum")).digest("hex").slice(0, 8);
  }

  /** Builds all tools into `binDir`, each named after the folder of its main package. */
  async build(binDir: string, { label, linkerFlags = "", log }: { label: string; linkerFlags?: string; log: Log }) {
    const args = ["build", "-trimpath", "-ldflags", `-s -w ${linkerFlags}`, "-o", `${binDir}/`, "tool"];
    await withProgress(label, () => this.go(args), { log, everySeconds: 20 });
  }

  /** The folder with the source of a module. */
  async sourceDir(module: string): Promise<string> {
    return (await this.go(["list", "-m", "-f", "{{.Dir}}", module])).trim();
  }

  private async go(args: readonly string[]): Promise<string> {
    const go = findOnPath("go");
    if (!go) throw new Error("there is no `go` on PATH");
    const env = { ...process.env, GOWORK: "off", GOFLAGS: "" };
    return (await run(go, args, { cwd: this.moduleDir, env, maxBuffer: 64 * 1024 * 1024 })).stdout;
  }

  private readonly text = (file: string): string => readFileSync(join(this.moduleDir, file), "utf8");
}
