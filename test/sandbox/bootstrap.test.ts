import { spawn } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "bootstrap-"));
  copyFileSync(fileURLToPath(new URL("../../bootstrap.mjs", import.meta.url)), join(root, "bootstrap.mjs"));
  writeFileSync(join(root, "package-lock.json"), "{}");
  mkdirSync(join(root, "path"));
});
afterEach(() => rmSync(root, { recursive: true }));

function executable(file: string, text: string): void {
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
}

/** An npm that leaves a mark, and what an installation leaves behind. */
function fakeNpm(exitCode = 0): void {
  const install = "mkdir -p node_modules/.bin && echo {} > node_modules/.package-lock.json && echo ran >> npm-ran";
  executable(join(root, "path", "npm"), `${install}; echo noise; exit ${exitCode}`);
}

interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

function bootstrap(
  args: string[],
  onStart: (kill: (signal: NodeJS.Signals) => void) => void = () => {},
): Promise<Result> {
  const env = { ...process.env, PATH: [join(root, "path"), process.env.PATH].join(delimiter) };
  const child = spawn(process.execPath, [join(root, "bootstrap.mjs"), ...args], { cwd: root, env });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
    onStart((signal) => child.kill(signal));
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stdout, stderr })));
}

describe("bootstrap", () => {
  it("installs once, keeps standard output for the script, and passes arguments and exit status through", async () => {
    fakeNpm();
    writeFileSync(join(root, "script.mjs"), "console.log(process.argv.slice(2).join()); process.exit(7);");
    expect(await bootstrap(["script.mjs", "a", "--b"])).toMatchObject({
      code: 7,
      stdout: "a,--b\n",
      stderr: expect.stringContaining("npm ci"),
    });
    expect((await bootstrap(["script.mjs"])).stderr).toBe("");
  });

  it("installs again when the lock file is newer", async () => {
    fakeNpm();
    writeFileSync(join(root, "script.mjs"), "");
    await bootstrap(["script.mjs"]);
    const later = Date.now() / 1000 + 60;
    utimesSync(join(root, "package-lock.json"), later, later);
    expect((await bootstrap(["script.mjs"])).stderr).toContain("npm ci");
  });

  it("stops when the installation fails", async () => {
    fakeNpm(3);
    rmSync(join(root, "npm-ran"), { force: true });
    const { code, stderr } = await bootstrap(["script.mjs"]);
    expect(code).toBe(1);
    expect(stderr).toContain("`npm ci` failed");
  });

  it("runs scripts with the pinned Node and executables of installed packages", async () => {
    const bin = join(root, "node_modules", ".bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(root, "node_modules", ".package-lock.json"), "{}");
    symlinkSync(process.execPath, join(bin, "node"));
    writeFileSync(
      join(root, "script.ts"),
      "const path: string = process.execPath; console.log(process.env.PATH, path);",
    );
    executable(join(bin, "tool"), 'echo "tool $1"');
    expect((await bootstrap(["script.ts"])).stdout.startsWith(bin)).toBe(true);
    expect(await bootstrap(["tool", "x"])).toMatchObject({ code: 0, stdout: "tool x\n" });
    expect(existsSync(join(root, "npm-ran"))).toBe(false);
  });

  it("passes a signal on and reports it", async () => {
    fakeNpm();
    writeFileSync(join(root, "script.mjs"), "console.log('up'); setInterval(() => {}, 1000);");
    const { code } = await bootstrap(["script.mjs"], (kill) => kill("SIGTERM"));
    expect(code).toBe(128 + 15);
  });

  it("says what is missing", async () => {
    fakeNpm();
    expect((await bootstrap([])).stderr).toContain("name a script or an executable");
    expect((await bootstrap(["nothing"])).stderr).toContain("does not exist");
  });
});
