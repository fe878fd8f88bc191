import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readDataFiles } from "../../catalog/data-files.ts";
import { dataFile, readRows } from "../../cli/prices/update.ts";
import type { ApiModel } from "../../economics/api-price.ts";
import type { Offering } from "../../economics/offering.ts";
import { breakeven } from "./program.ts";

const COMMITTED = join(import.meta.dirname, "../../catalog/data");
let answer: string;
let server: Server;
let catalog: string;

// A LOCAL stand-in for the sources, which answers in their recorded shapes: genai-prices' data of September 2026 and
// AWS's EC2 price list, columns as of 2026.
beforeAll(async () => {
  server = createServer((_, response) => response.end(answer));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => server.close());
beforeEach(() => {
  catalog = mkdtempSync(join(tmpdir(), "breakeven-prices-"));
  cpSync(COMMITTED, catalog, { recursive: true });
});
afterEach(() => rmSync(catalog, { recursive: true, force: true }));

const genai = (id: string, prices: unknown, provider = "openai") =>
  JSON.stringify([{ id: provider, name: provider, api_pattern: "x", models: [{ id, match: { equals: id }, prices }] }]);

async function update(content: string, source: string, ...args: string[]) {
  answer = content;
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/prices`;
  const options = ["--source", source, "--url", url, "--catalog", catalog, "--today", "2026-12-01", ...args];
  return await breakeven("prices", "update", ...options);
}

const file = (kind: string): string => readFileSync(join(catalog, `${kind}.json`), "utf8");
const committed = (kind: string): string => readFileSync(join(COMMITTED, `${kind}.json`), "utf8");
const apiRow = (name: string): ApiModel | undefined =>
  readRows<ApiModel>(catalog, "api-models").find((row) => row.name === name);

describe("breakeven prices update", () => {
  it.each(["api-models", "offerings"])("writes %s as it is committed", (kind) => {
    expect(dataFile(kind, readRows(COMMITTED, kind))).toBe(committed(kind));
  });

  it("takes a new price with its source and day, and keeps the batch price's part of it", async () => {
    const { code, out } = await update(
      genai("gpt-4.1", { input_mtok: 1.5, cache_read_mtok: 0.5, output_mtok: 8 }),
      "genai-url",
    );
    expect(code).toBe(0);
    expect(out).toMatch(/openai\/gpt-4\.1 +inputUsdPerMillion +2 -> 1\.5 +-25\.0 %/);
    expect(apiRow("openai/gpt-4.1")).toMatchObject({
      tiers: [{ aboveInputTokens: 0, inputUsdPerMillion: 1.5, cachedInputUsdPerMillion: 0.5, outputUsdPerMillion: 8 }],
      batch: { inputUsdPerMillion: 0.75, outputUsdPerMillion: 4 },
      date: "2026-12-01",
    });
    expect(
      file("api-models")
        .split("\n")
        .filter((line) => !committed("api-models").includes(line)),
    ).toHaveLength(1);
    expect(readDataFiles(catalog).isSealed).toBe(true);
  });

  it("takes the price that holds on the day from announced ones", async () => {
    const later = [
      { prices: { input_mtok: 1, output_mtok: 8 } },
      { constraint: { type: "start_date", start_date: "2027-01-01" }, prices: { input_mtok: 4, output_mtok: 16 } },
    ];
    await update(genai("gpt-4.1", later), "genai-url");
    expect(apiRow("openai/gpt-4.1")?.tiers[0]?.inputUsdPerMillion).toBe(1);
  });

  it.each([
    ["a jump", { input_mtok: 0.002, output_mtok: 8 }],
    ["a price of zero", { input_mtok: 0, output_mtok: 8 }],
  ])("refuses %s and writes nothing", async (_, prices) => {
    const { code, out, err } = await update(genai("gpt-4.1", prices), "genai-url");
    expect(code).toBe(3);
    expect(out).toContain("refused, more than 3 times");
    expect(err).toContain("nothing was written");
    expect(file("api-models")).toBe(committed("api-models"));
  });

  it("believes a jump that a person accepts", async () => {
    const { code } = await update(
      genai("gpt-4.1", { input_mtok: 0.5, output_mtok: 2 }),
      "genai-url",
      "--accept",
      "openai/gpt-4.1",
    );
    expect(code).toBe(0);
    expect(apiRow("openai/gpt-4.1")?.tiers[0]?.inputUsdPerMillion).toBe(0.5);
  });

  it("keeps what is newer than the source, and writes nothing on a dry run", async () => {
    const content = genai("gpt-4.1", { input_mtok: 1.5, output_mtok: 8 });
    expect((await update(content, "genai-url", "--today", "2026-10-01")).out).toContain(
      "1 rows are newer than the source",
    );
    expect((await update(content, "genai-url", "--dry-run")).out).toContain("1 prices moved");
    expect(file("api-models")).toBe(committed("api-models"));
  });

  it.each(["<html>", '{"models": 3}'])("refuses %s for prices", async (content) => {
    const { code, err } = await update(content, "genai-url");
    expect(code).toBe(1);
    expect(err).toContain("is not the data of genai-prices");
  });

  it("says when a source cannot be reached", async () => {
    const { code, err } = await breakeven("prices", "update", "--source", "genai-url", "--url", "http://127.0.0.1:9/x");
    expect(code).toBe(1);
    expect(err).toMatch(/cannot be reached .*nothing was changed/);
  });
});

const HEADER =
  '"SKU","OfferTermCode","TermType","EffectiveDate","Unit","PricePerUnit","Currency","Region Code","Instance Type","Tenancy","Operating System","CapacityStatus","Pre Installed S/W","operation"';
const awsRow = (type: string, usd: string, tenancy = "Shared", system = "Linux"): string =>
  `"SKU1","JRTCKXETXF","OnDemand","2026-11-01","Hrs","${usd}","USD","us-east-1","${type}","${tenancy}","${system}","Used","NA","RunInstances"`;
const awsList = (...rows: string[]): string =>
  [
    '"FormatVersion","v1.0"',
    '"Disclaimer","prices, and ""more"""',
    '"Publication Date","2026-11-25T10:00:00Z"',
    HEADER,
    ...rows,
  ].join("\n");

describe("breakeven prices update --source aws", () => {
  it("takes the ordinary on-demand price among a type's products", async () => {
    const list = awsList(
      awsRow("p5.48xlarge", "60.0000000000"),
      awsRow("p5.48xlarge", "99.0000000000", "Dedicated"),
      awsRow("p5.48xlarge", "70.0000000000", "Shared", "Windows"),
    );
    const { code, out } = await update(list, "aws");
    expect(code).toBe(0);
    expect(out).toMatch(/p5\.48xlarge us-east-1 on-demand +usd +55\.04 -> 60 +9\.0 %/);
    const row = readRows<Offering>(catalog, "offerings").find(
      ({ instanceType, region, purchase }) =>
        instanceType === "p5.48xlarge" && region === "us-east-1" && purchase === "on-demand",
    );
    expect(row).toMatchObject({ usd: 60, date: "2026-11-25" });
  });

  it("refuses a list with other columns", async () => {
    const { code, err } = await update('"Publication Date","2026-11-25"\n"SKU","Price"\n', "aws");
    expect(code).toBe(1);
    expect(err).toContain("the price list has no column TermType");
  });
});
