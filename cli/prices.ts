import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SEAL_FILE } from "../catalog/data-files.ts";
import { validatedSeal } from "../catalog/seal.ts";
import { PLAUSIBLE_FACTOR, type PriceChange } from "../catalog/update/quote.ts";
import type { ApiModel } from "../economics/api-price.ts";
import type { Offering } from "../economics/offering.ts";
import { type Command, parsedArgs, UsageError } from "./command.ts";
import { dayOf } from "./day.ts";
import { awsByUrl, awsUrl, genaiByNpm, genaiByUrl } from "./prices/sources.ts";
import { dataFile, type Refresh, readRows, refreshApiModels, refreshOfferings } from "./prices/update.ts";
import { writeFile } from "./write-file.ts";

const HELP = `Refreshes prices of the catalogue from their sources and shows what moved.

Usage: breakeven prices update [options]

Options:
  --source NAME     genai-npm: API prices, the newest @pydantic/genai-prices of the npm registry (default)
                    genai-url: API prices, genai-prices' data file over HTTPS (needs --url)
                    aws: on-demand EC2 prices, AWS's price list of --region
  --url URL         where genai-url or aws is read from
  --region REGION   for aws (default: us-east-1)
  --accept NAME     believe this row's price although it moved more than ${PLAUSIBLE_FACTOR} times; may be repeated
  --catalog FOLDER  data files to refresh (default: catalog/data)
  --today DATE      day of the reading, YYYY-MM-DD (default: the clock's)
  --dry-run         show and write nothing
  --json            print JSON
  --help

Rows that are newer than the source stay. Commitments, spot, services, peak hours and GPU clouds have no source here:
edit their rows, see catalog/README.md.

Exit status: 0 written or nothing to write, 3 refused (nothing was written), 1 a source could not be read, 2 wrong usage.
`;

const SOURCES = ["genai-npm", "genai-url", "aws"] as const;

function options(args: readonly string[]) {
  const { values, positionals } = parsedArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      source: { type: "string", default: "genai-npm" },
      url: { type: "string" },
      region: { type: "string", default: "us-east-1" },
      accept: { type: "string", multiple: true, default: [] },
      catalog: { type: "string", default: join(import.meta.dirname, "../catalog/data") },
      today: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  if (positionals.length !== 1 || positionals[0] !== "update")
    throw new UsageError("say what to do: breakeven prices update; see breakeven prices --help");
  const source = SOURCES.find((name) => name === values.source);
  if (source === undefined) throw new UsageError(`unknown source "${values.source}"; known: ${SOURCES.join(", ")}`);
  if (source === "genai-url" && values.url === undefined) throw new UsageError("--source genai-url needs --url");
  return { ...values, source, day: dayOf(values.today) };
}

type Options = NonNullable<ReturnType<typeof options>>;

interface Outcome {
  readonly kind: "api-models" | "offerings";
  readonly source: string;
  readonly refresh: Refresh<ApiModel | Offering>;
}

async function refreshed({ source, url, region, accept, catalog, day }: Options): Promise<Outcome> {
  const accepted = new Set(accept);
  if (source === "aws") {
    const fetched = await awsByUrl(url ?? awsUrl(region));
    const rows = readRows<Offering>(catalog, "offerings");
    return { kind: "offerings", source: fetched.source, refresh: refreshOfferings(rows, fetched, accepted) };
  }
  const rows = readRows<ApiModel>(catalog, "api-models");
  const providers = [...new Set(rows.map(({ provider }) => provider))];
  const fetched = source === "genai-npm" ? await genaiByNpm(providers) : await genaiByUrl(url as string, day);
  return { kind: "api-models", source: fetched.source, refresh: refreshApiModels(rows, fetched, accepted) };
}

const changeText = ({ name, field, from, to }: PriceChange): string =>
  `  ${name.padEnd(44)} ${field.replace(/^0:/, "").padEnd(26)} ${String(from).padStart(10)} -> ${String(to).padEnd(10)} ${((to / from - 1) * 100).toFixed(1)} %`;

function text({ source, refresh }: Outcome): string {
  const { changes, refused, confirmed, unknown, newer } = refresh;
  return [
    source,
    `${changes.length} prices moved, ${confirmed} rows confirmed, ${newer} rows are newer than the source, ${unknown} are not in it`,
    ...changes.map(changeText),
    ...(refused.length === 0
      ? []
      : [`refused, more than ${PLAUSIBLE_FACTOR} times the old price or less than a ${PLAUSIBLE_FACTOR}rd of it:`]),
    ...refused.map(changeText),
  ].join("\n");
}

/** Validates the whole catalogue with the new file in place, in a copy: what is refused is never written. Its seal. */
function sealWith(catalog: string, kind: string, content: string): string {
  const copy = mkdtempSync(join(tmpdir(), "breakeven-catalog-"));
  try {
    cpSync(catalog, copy, { recursive: true });
    writeFile(join(copy, `${kind}.json`), content);
    return validatedSeal(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** `breakeven prices update` */
export const prices: Command = {
  summary: "refreshes the catalogue's prices and shows what moved",
  async run(args) {
    const given = options(args);
    if (given === undefined) {
      process.stdout.write(HELP);
      return 0;
    }
    process.stderr.write(`reading ${given.source} …\n`);
    const outcome = await refreshed(given);
    const { kind, source, refresh } = outcome;
    const { rows: _, ...summary } = refresh;
    process.stdout.write(
      `${given.json ? JSON.stringify({ schema: "breakeven/prices/v1", source, ...summary }, null, 2) : text(outcome)}\n`,
    );
    if (refresh.refused.length > 0) {
      process.stderr.write("nothing was written: look at the refused prices, and --accept each row that is right\n");
      return 3;
    }
    if (given["dry-run"] || refresh.changes.length + refresh.confirmed === 0) return 0;
    const content = dataFile(kind, refresh.rows);
    const seal = sealWith(given.catalog, kind, content);
    const file = join(given.catalog, `${kind}.json`);
    writeFile(file, content);
    writeFile(join(given.catalog, SEAL_FILE), seal);
    process.stderr.write(`wrote ${file}; review it like code\n`);
    return 0;
  },
};
