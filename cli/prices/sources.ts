import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type GenaiProviders, genaiProviders } from "../../catalog/update/api-models.ts";
import { AwsPriceList } from "../../catalog/update/offerings.ts";
import { csvRows } from "../csv.ts";

const run = promisify(execFile);
const PACKAGE = "@pydantic/genai-prices";
const TIMEOUT_MS = 600_000;

/** Prices with the name of their source and the day it states them for. */
export interface Fetched<T> {
  readonly value: T;
  readonly source: string;
  readonly date: string;
}

export async function get(url: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    throw new Error(`${url} cannot be reached (${cause?.code ?? message}); nothing was changed`);
  }
  if (!response.ok) throw new Error(`${url} answered ${response.status}; nothing was changed`);
  return response;
}

function providersOf(raw: unknown, from: string): GenaiProviders {
  const parsed = genaiProviders.safeParse(
    Array.isArray(raw) ? raw : (raw as { providers?: unknown } | null)?.providers,
  );
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(
    `${from} is not the data of genai-prices: ${issue?.path.join(".")}: ${issue?.message}; nothing was changed`,
  );
}

/** genai-prices' data file over HTTPS, as of today. */
export async function genaiByUrl(url: string, today: string): Promise<Fetched<GenaiProviders>> {
  const raw: unknown = await (await get(url)).json().catch(() => undefined);
  return { value: providersOf(raw, url), source: `genai-prices data (${url}, read ${today})`, date: today };
}

/**
 * The newest genai-prices of the npm registry. The package is code: it is unpacked, not installed, and asked for its data by
 * a process that may read its own folder and nothing else.
 */
export async function genaiByNpm(providers: readonly string[]): Promise<Fetched<GenaiProviders>> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "breakeven-prices-")));
  try {
    const { stdout: about } = await run("npm", ["view", PACKAGE, "version", "time", "--json"], { maxBuffer: 2 ** 24 });
    const { version, time } = JSON.parse(about) as { version: string; time: Record<string, string> };
    await run("npm", ["pack", `${PACKAGE}@${version}`, "--pack-destination", folder, "--silent"]);
    const [tarball = ""] = readdirSync(folder);
    await run("tar", ["-xzf", join(folder, tarball), "-C", folder]);
    const entry = join(folder, "package/dist/index.js");
    const script = `const { findProvider } = await import(${JSON.stringify(entry)}); process.stdout.write(JSON.stringify(${JSON.stringify(providers)}.map((providerId) => findProvider({ providerId })).filter(Boolean)));`;
    const { stdout } = await run(
      process.execPath,
      ["--permission", `--allow-fs-read=${folder}`, "--input-type=module", "-e", script],
      { maxBuffer: 2 ** 26, env: {}, cwd: folder },
    );
    const date = time[version]?.slice(0, 10);
    if (date === undefined) throw new Error(`the registry does not say when ${PACKAGE} ${version} was published`);
    return {
      value: providersOf(JSON.parse(stdout), `${PACKAGE} ${version}`),
      source: `${PACKAGE} ${version} (npm ${date})`,
      date,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** AWS's own EC2 price list of one region, some hundred megabytes, read as it comes. */
export async function awsByUrl(url: string): Promise<Fetched<AwsPriceList>> {
  const { body } = await get(url);
  if (body === null) throw new Error(`${url} answered with nothing; nothing was changed`);
  const list = new AwsPriceList();
  for await (const cells of csvRows(body.pipeThrough(new TextDecoderStream()))) list.row(cells);
  if (!list.hasHeader || list.published === undefined)
    throw new Error(`${url} is no EC2 price list of AWS: it lacks its header or publication date; nothing was changed`);
  return { value: list, source: `AWS EC2 price list published ${list.published} (${url})`, date: list.published };
}

export const awsUrl = (region: string): string =>
  `https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonEC2/current/${region}/index.csv`;
