/** A real Redis on this machine: the installed one, else Debian's packages unpacked into the cache, without privileges. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "../free-port.ts";
import { cacheDir } from "../places.ts";
import { type Log, logToStderr, withProgress } from "../progress.ts";

const run = promisify(execFile);
/** `redis-tools` has the server's binary; the libraries are those a bare Debian lacks. */
const PACKAGES = ["redis-tools", "redis-server", "libjemalloc2", "liblzf1", "libatomic1"];
const MAJOR = 7;

interface RedisBinary {
  readonly file: string;
  readonly libraries?: string;
}

/** Throws with what to do where there is neither Redis nor apt-get. */
export async function obtainRedis(log: Log = logToStderr): Promise<RedisBinary> {
  const installed = await run("redis-server", ["--version"]).catch(() => undefined);
  if (installed !== undefined) return { file: "redis-server" };
  const folder = join(cacheDir(), `redis-debian-${MAJOR}`);
  const { stdout: multiarch } = await run("dpkg-architecture", ["-qDEB_HOST_MULTIARCH"]).catch(() => ({ stdout: "" }));
  const libraries = ["usr/lib", `usr/lib/${multiarch.trim() || "x86_64-linux-gnu"}`].map((path) => join(folder, path));
  const binary = { file: join(folder, "usr/bin/redis-server"), libraries: libraries.join(":") };
  if (existsSync(join(folder, "complete"))) return binary;
  await withProgress("unpacking Redis from Debian's packages (once)", () => unpack(folder), { log }).catch((error) => {
    throw new Error(
      `no redis-server on PATH, and its Debian packages are not to be had: ${error}; install Redis ${MAJOR}`,
    );
  });
  await writeFile(join(folder, "complete"), "");
  return binary;
}

async function unpack(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const packages = join(folder, "packages");
  await mkdir(packages, { recursive: true });
  const download = () => run("apt-get", ["download", ...PACKAGES], { cwd: packages });
  // A machine that never looked for packages has no list of them.
  await download().catch(async () => {
    await run("apt-get", ["update"]);
    await download();
  });
  for (const file of await readdir(packages)) await run("dpkg", ["-x", join(packages, file), folder]);
}

export class RedisProcess {
  readonly port: number;
  readonly password = "password-of-the-test";
  readonly #process: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, folder: string, port: number) {
    this.#process = child;
    this.#folder = folder;
    this.port = port;
  }

  static async start(): Promise<RedisProcess> {
    const { file, libraries } = await obtainRedis();
    const folder = await mkdtemp(join(tmpdir(), "breakeven-redis-"));
    const port = await freePort();
    const child = spawn(file, ["-"], {
      cwd: folder,
      env: { ...process.env, ...(libraries && { LD_LIBRARY_PATH: libraries }) },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const redis = new RedisProcess(child, folder, port);
    child.stdin?.end(`port ${port}\nbind 127.0.0.1\nrequirepass ${redis.password}\nsave ""\nappendonly no\n`);
    await new Promise<void>((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`redis-server ended with ${code}`)));
      child.stdout?.on("data", (text) => String(text).includes("Ready to accept connections") && resolve());
    });
    return redis;
  }

  /** As a machine that hangs: connections stay open and nothing answers. */
  freeze(): void {
    this.#process.kill("SIGSTOP");
  }

  thaw(): void {
    this.#process.kill("SIGCONT");
  }

  async end(): Promise<void> {
    const gone = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#process.kill("SIGKILL");
    await gone;
    await rm(this.#folder, { recursive: true, force: true });
  }
}
