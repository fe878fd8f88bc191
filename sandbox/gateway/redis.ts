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
import { obtainPython } from "./python.ts";

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

  /** Certificate of a server that takes encrypted connections alone, to trust. */
  get certificateFile(): string {
    return join(this.#folder, "certificate.pem");
  }

  static async start({ tls = false } = {}): Promise<RedisProcess> {
    const { file, libraries } = await obtainRedis();
    const folder = await mkdtemp(join(tmpdir(), "breakeven-redis-"));
    const port = await freePort();
    if (tls) await writeCertificate(folder);
    const listen = tls
      ? `port 0\ntls-port ${port}\ntls-cert-file certificate.pem\ntls-key-file key.pem\ntls-ca-cert-file certificate.pem\ntls-auth-clients no`
      : `port ${port}`;
    const child = spawn(file, ["-"], {
      cwd: folder,
      env: { ...process.env, ...(libraries && { LD_LIBRARY_PATH: libraries }) },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const redis = new RedisProcess(child, folder, port);
    child.stdin?.end(`${listen}\nbind 127.0.0.1\nrequirepass ${redis.password}\nsave ""\nappendonly no\n`);
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

/** A certificate of this machine for a day, signed by itself. */
const CERTIFICATE = `
import datetime, ipaddress
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "redis of a test")])
now = datetime.datetime.now(datetime.timezone.utc)
names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
certificate = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    .serial_number(x509.random_serial_number()).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    .add_extension(names, False).add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256()))
open("certificate.pem", "wb").write(certificate.public_bytes(serialization.Encoding.PEM))
open("key.pem", "wb").write(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
`;

async function writeCertificate(folder: string): Promise<void> {
  const { python } = await obtainPython();
  await run(python, ["-c", CERTIFICATE], { cwd: folder });
}
