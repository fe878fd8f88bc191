import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { freePort } from "../../../sandbox/free-port.ts";
import { tool } from "./tools.ts";

const run = promisify(execFile);
const READY_LIMIT_MS = 60_000;

/** A real Prometheus in a folder of its own. */
export interface PrometheusServer {
  readonly url: string;
  end(): Promise<void>;
}

export interface ServerOptions {
  /** prometheus.yml; further files go beside it. */
  readonly config: string;
  readonly files?: Readonly<Record<string, string>>;
  /** History in OpenMetrics text, written into its database before it starts. */
  readonly history?: string;
}

async function ready(url: string, child: ChildProcess, log: () => string): Promise<void> {
  for (const until = Date.now() + READY_LIMIT_MS; Date.now() < until; await sleep(100)) {
    if (child.exitCode !== null) throw new Error(`Prometheus ended at start:\n${log()}`);
    const answer = await fetch(`${url}/-/ready`).catch(() => undefined);
    if (answer?.ok) return;
  }
  throw new Error(`Prometheus was not ready in time:\n${log()}`);
}

/** Writes the files, loads the history, starts the server and waits until it answers. */
export async function startPrometheus({ config, files = {}, history }: ServerOptions): Promise<PrometheusServer> {
  const folder = mkdtempSync(join(tmpdir(), "breakeven-prometheus-"));
  const data = join(folder, "data");
  mkdirSync(data);
  for (const [name, content] of Object.entries({ "prometheus.yml": config, ...files }))
    writeFileSync(join(folder, name), content);
  if (history !== undefined) {
    const file = join(folder, "history.txt");
    writeFileSync(file, history);
    await run(
      tool("promtool"),
      ["tsdb", "create-blocks-from", "openmetrics", "--max-block-duration=240h", file, data],
      {
        maxBuffer: 2 ** 26,
      },
    );
    rmSync(file);
  }
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [
    `--config.file=${join(folder, "prometheus.yml")}`,
    `--storage.tsdb.path=${data}`,
    "--storage.tsdb.retention.time=10y",
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const child = spawn(tool("prometheus"), args, { stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr?.on("data", (text) => {
    log = `${log}${text}`.slice(-8000);
  });
  const end = async (): Promise<void> => {
    if (child.exitCode === null) {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await gone;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await ready(url, child, () => log);
  } catch (error) {
    await end();
    throw error;
  }
  return { url, end };
}
