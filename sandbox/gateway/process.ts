/** Starts real gateways on this machine: the generated configuration, the arguments and the environment of the pod. */

import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { CaptureKey } from "../../components/gateway/capture.ts";
import { gatewayPod } from "../../components/gateway/pod.ts";
import { freePort } from "../free-port.ts";
import { obtainPython } from "./python.ts";

export interface GatewayOptions {
  /** The generated configuration folder. */
  readonly files: Readonly<Record<string, string>>;
  /** Addresses in it by the one to use instead: fakes stand in for vLLM and for commercial APIs. */
  readonly addresses: Readonly<Record<string, string>>;
  /** The generated key file. */
  readonly keyFile: string;
  /** Largest request. Unit: MiB. */
  readonly maxBodyMiB: number;
  /** Where metrics are served. @default nowhere */
  readonly metricsPort?: number | undefined;
  /** Where replicas share counters. @default nowhere */
  readonly redis?:
    | { readonly host: string; readonly port: number; readonly certificateFile?: string | undefined }
    | undefined;
  /** Where answers are kept, how often they are sent, and the store's key. @default nowhere */
  readonly capture?: {
    readonly bucket: string;
    readonly endpoint: string;
    readonly flushSeconds: number;
    readonly key: CaptureKey;
  };
  /** What the External Secrets Operator would bring: keys of providers, and a second key file. @default nothing */
  readonly brought?: { readonly providerKeys: Readonly<Record<string, string>>; readonly keyFile: string };
  /** Environment variables on top of the pod's: what its Secret holds. */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** A folder as the pod mounts it. */
const CONFIG_PATH = /^--config=.*$/;
const METRICS_PORT = /^--prometheus_metrics_port=.*$/;

export class GatewayProcess {
  readonly #options: GatewayOptions;
  readonly #folder: string;
  #process: ChildProcess | undefined;
  readonly port: number;

  private constructor(options: GatewayOptions, folder: string, port: number) {
    this.#options = options;
    this.#folder = folder;
    this.port = port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Writes the files of the pod and starts it; resolves when it is ready. */
  static async start(options: GatewayOptions): Promise<GatewayProcess> {
    const folder = await mkdtemp(join(tmpdir(), "breakeven-gateway-"));
    await mkdir(join(folder, "home"));
    const here = (text: string): string =>
      Object.entries(options.addresses).reduce((result, [from, to]) => result.replaceAll(from, to), text);
    for (const [name, content] of Object.entries(options.files)) await writeFile(join(folder, name), here(content));
    await writeFile(join(folder, "keys.json"), options.keyFile);
    await mkdir(join(folder, "provider-keys"));
    for (const [provider, key] of Object.entries(options.brought?.providerKeys ?? {}))
      await writeFile(join(folder, "provider-keys", provider), key);
    if (options.brought) await writeFile(join(folder, "external-keys.json"), options.brought.keyFile);
    const gateway = new GatewayProcess(options, folder, await freePort());
    await gateway.start();
    return gateway;
  }

  /** Replaces the key file as an update of the Secret does. */
  async rotateKeys(keyFile: string): Promise<void> {
    await writeFile(join(this.#folder, "keys.json"), keyFile);
  }

  /** Replaces what the operator brought, as an update of its Secrets does. */
  async rotateBrought({ providerKeys = {}, keyFile }: Partial<NonNullable<GatewayOptions["brought"]>>): Promise<void> {
    for (const [provider, key] of Object.entries(providerKeys))
      await writeFile(join(this.#folder, "provider-keys", provider), key);
    if (keyFile !== undefined) await writeFile(join(this.#folder, "external-keys.json"), keyFile);
  }

  async start(): Promise<void> {
    const { litellm } = await obtainPython();
    const { capture } = this.#options;
    const pod = gatewayPod({
      name: "gateway",
      configName: "gateway",
      longestSeconds: 300,
      maxBodyMiB: this.#options.maxBodyMiB,
      redis: this.#options.redis,
      capture: capture && { ...capture, region: "us-east-1", egress: [] },
      external: [],
      selector: { matchLabels: {} },
      idleTimeoutSeconds: 600,
    });
    const [container] = pod.containers as unknown as readonly [Container];
    const args = container.args
      .filter((arg) => !METRICS_PORT.test(arg) || this.#options.metricsPort !== undefined)
      .map((arg) => arg.replace(METRICS_PORT, `--prometheus_metrics_port=${this.#options.metricsPort}`))
      .map((arg) => arg.replace(CONFIG_PATH, `--config=${join(this.#folder, "config.yaml")}`))
      .map((arg) => arg.replace(/^--port=.*$/, `--port=${this.port}`));
    const env = Object.fromEntries(
      container.env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])),
    );
    const log = createWriteStream(join(this.#folder, "log"), { flags: "a" });
    const child = spawn(litellm, [...args, "--host=127.0.0.1"], {
      cwd: this.#folder,
      env: {
        PATH: process.env.PATH,
        ...env,
        // Nobody who runs the tests should see what a pod does not: a proxy of this machine, keys of the user.
        NO_PROXY: "127.0.0.1",
        HOME: join(this.#folder, "home"),
        GATEWAY_KEYS_FILE: join(this.#folder, "keys.json"),
        ...(this.#options.brought && {
          GATEWAY_EXTERNAL_KEYS_FILE: join(this.#folder, "external-keys.json"),
          GATEWAY_PROVIDER_KEYS_FOLDER: join(this.#folder, "provider-keys"),
        }),
        ...(this.#options.redis?.certificateFile && { SSL_CERT_FILE: this.#options.redis.certificateFile }),
        LITELLM_MASTER_KEY: "sk-nobody-holds-this-key",
        VLLM_API_KEY: "key-of-vllm",
        ...(capture && {
          CAPTURE_ACCESS_KEY_ID: capture.key.accessKeyId,
          CAPTURE_SECRET_ACCESS_KEY: capture.key.secretAccessKey,
          CAPTURE_FLUSH_SECONDS: String(capture.flushSeconds),
        }),
        ...this.#options.secrets,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    child.stdout?.pipe(log);
    child.stderr?.pipe(log);
    this.#process = child;
    await this.#ready(child);
  }

  /** Ends it as Kubernetes does; resolves when it is gone. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }

  async remove(): Promise<void> {
    await this.stop("SIGKILL");
    await rm(this.#folder, { recursive: true, force: true });
  }

  log = (): Promise<string> => readFile(join(this.#folder, "log"), "utf8");

  async #ready(child: ChildProcess): Promise<void> {
    for (const until = Date.now() + START_LIMIT_MS; Date.now() < until; await sleep(100)) {
      if (child.exitCode !== null) throw new Error(`the gateway ended at start:\n${(await this.log()).slice(-4000)}`);
      const answer = await fetch(`${this.url}/health/readiness`).catch(() => undefined);
      if (answer?.ok) return;
    }
    throw new Error(`the gateway was not ready in time:\n${(await this.log()).slice(-4000)}`);
  }
}

/** Six seconds on two idle cores. */
const START_LIMIT_MS = 110_000;

interface Container {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}
