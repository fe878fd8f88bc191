/** A real S3-compatible store on this machine, Versity S3 Gateway on a folder: it checks signatures and what a key may do. */

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { failureText, fillFolder } from "../cache-folder.ts";
import { freePort } from "../free-port.ts";
import { GoTools } from "../go-tools.ts";
import { cacheDir } from "../places.ts";
import { type Log, logToStderr } from "../progress.ts";
import { obtainPython } from "./python.ts";

const run = promisify(execFile);
const tools = new GoTools(fileURLToPath(new URL("object-store", import.meta.url)));

/** The executable: from the cache, else built from its Go module. */
export async function obtainObjectStore(log: Log = logToStderr): Promise<string> {
  const version = tools.version("github.com/versity/versitygw");
  const root = join(cacheDir(), "object-store", `${version}-${tools.fingerprint()}`);
  if (!existsSync(root))
    await fillFolder(root, async (partial) => {
      mkdirSync(join(partial, "bin"));
      const label = "building an S3-compatible store from its Go module (two minutes, once)";
      await tools.build(join(partial, "bin"), { label, log });
    }).catch((error) => {
      throw new Error(`no S3-compatible store: ${failureText(error)}`);
    });
  return join(root, "bin", "versitygw");
}

/** One record of `gwcapture.py`. */
export interface CapturedRecord {
  readonly id: string;
  readonly time: string;
  readonly target: string;
  readonly messages?: readonly unknown[];
  readonly prompt?: string;
  readonly answer: { readonly role: string; readonly content: string; readonly tool_calls?: readonly unknown[] };
  readonly finish_reason: string;
  readonly [field: string]: unknown;
}

/** An object with what is in it. */
export interface CapturedObject {
  readonly key: string;
  /** Unit: bytes, as stored. */
  readonly size: number;
  readonly lines: readonly string[];
  readonly records: readonly CapturedRecord[];
}

const ROOT = { access: "root", secret: "secret-of-root" };

export class ObjectStore {
  /** A key whose policy lets it add objects below a prefix of the bucket and nothing else. */
  readonly writer = { accessKeyId: "writer", secretAccessKey: "secret-of-the-writer" };
  readonly bucket = "answers";
  readonly port: number;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.port = port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts one with a bucket whose policy gives the writer `s3:PutObject` below `prefix`. */
  static async start(prefix: string): Promise<ObjectStore> {
    const folder = await mkdtemp(join(tmpdir(), "breakeven-objects-"));
    for (const name of ["objects", "metadata", "accounts"]) await mkdir(join(folder, name));
    const store = new ObjectStore(folder, await freePort());
    await store.revive();
    const { access, secret } = ROOT;
    const writer = ["-a", store.writer.accessKeyId, "-s", store.writer.secretAccessKey, "-r", "user"];
    await run(await obtainObjectStore(), [
      ...["admin", "-a", access, "-s", secret, "-er", store.url],
      ...["create-user", ...writer],
    ]);
    await store.#asRoot(`
s3.create_bucket(Bucket=bucket)
s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
    "Principal": {"AWS": ["${store.writer.accessKeyId}"]}, "Action": ["s3:PutObject"],
    "Resource": f"arn:aws:s3:::{bucket}/${prefix}/*"}]}))`);
    return store;
  }

  async #asRoot(script: string): Promise<void> {
    const { python } = await obtainPython();
    const client = `import boto3, json
bucket = "${this.bucket}"
s3 = boto3.client("s3", endpoint_url="${this.url}", region_name="us-east-1",
    aws_access_key_id="${ROOT.access}", aws_secret_access_key="${ROOT.secret}")`;
    await run(python, ["-c", `${client}\n${script}`]);
  }

  /** Listens, after `kill` with everything that was stored before. */
  async revive(): Promise<void> {
    const { access, secret } = ROOT;
    const path = (name: string): string => join(this.#folder, name);
    const args = ["--access", access, "--secret", secret, "--port", `127.0.0.1:${this.port}`, "--quiet"];
    const folders = ["--iam-dir", path("accounts"), "posix", "--sidecar", path("metadata"), path("objects")];
    const child = spawn(await obtainObjectStore(), [...args, ...folders], { stdio: "ignore" });
    this.#process = child;
    for (const until = Date.now() + 20_000; Date.now() < until; await sleep(50)) {
      if (child.exitCode !== null) throw new Error(`the object store ended with ${child.exitCode}`);
      if (await fetch(this.url).catch(() => undefined)) return;
    }
    throw new Error("the object store did not start");
  }

  /** Connections are refused from here on. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }

  /** Everything that is stored, the oldest name first. */
  async objects(): Promise<readonly CapturedObject[]> {
    const root = join(this.#folder, "objects", this.bucket);
    const entries = await readdir(root, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    return Promise.all(
      files
        .filter((file) => basename(file).endsWith(".jsonl.gz"))
        .sort()
        .map(async (file) => {
          const bytes = await readFile(file);
          const lines = gunzipSync(bytes).toString().trim().split("\n");
          const key = file.slice(root.length + 1);
          return { key, size: bytes.length, lines, records: lines.map((line) => JSON.parse(line) as CapturedRecord) };
        }),
    );
  }

  async end(): Promise<void> {
    await this.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
