import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { breakeven } from "./program.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "breakeven-measure-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const OPENAI =
  "start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,user_id,api_key_id,model,batch,service_tier,input_tokens,output_tokens,input_cached_tokens,input_uncached_tokens";
const openai = (day: string, requests: number, model = "gpt-6.1-terra-2026-08-01"): string =>
  `0,0,${day}T00:00:00+00:00,,proj,${requests}.0,,,${model},FALSE,default,${requests * 1500}.0,${requests * 250}.0,${requests * 300}.0,${requests * 1200}.0`;
const ANTHROPIC =
  "usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count,inference_geo,speed";

async function invoice(lines: readonly string[], ...args: string[]) {
  const file = join(folder, "usage.csv");
  const out = join(folder, "measured.json");
  rmSync(out, { force: true });
  writeFileSync(file, `${lines.join("\n")}\n`);
  const result = await breakeven("measure", "prod", "--invoice", file, "--out", out, ...args);
  return { ...result, file: existsSync(out) ? JSON.parse(readFileSync(out, "utf8")) : undefined };
}

describe("breakeven measure --invoice", () => {
  it("reads OpenAI's usage export, quiet days included", async () => {
    const { code, file } = await invoice([
      OPENAI,
      openai("2026-11-01", 1000),
      "0,0,2026-11-02T00:00:00+00:00,,,,,,,,,,,,",
      openai("2026-11-03", 2000),
    ]);
    expect(code).toBe(0);
    expect(file).toMatchObject({ from: "2026-11-01", to: "2026-11-03", days: 3, complete: true });
    expect(file.tasks["support-chat"]).toEqual({
      requestsPerDay: 1000,
      inputTokensPerRequest: 1500,
      outputTokensPerRequest: 250,
      cachedInputShare: 0.2,
    });
  });

  it("is incomplete where the export holds models of no task", async () => {
    const { code, err, file } = await invoice([OPENAI, openai("2026-11-01", 1000), openai("2026-11-01", 5, "gpt-4o")]);
    expect(code).toBe(3);
    expect(err).toContain("no task of the config is on gpt-4o");
    expect(file).toBeUndefined();
  });

  it("says that Anthropic's export counts no requests", async () => {
    const row = "2026-11-01,claude-haiku-5-5,key,Default,standard,≤ 200k,1000,200,0,300,90,0,global,";
    const { code, err } = await invoice([ANTHROPIC, row]);
    expect(code).toBe(1);
    expect(err).toContain("Anthropic console usage, August 2026 counts no requests");
    expect(err).toContain("task support-chat: openai/gpt-6.1-terra is not in the export");
  });

  it.each([
    ["foreign columns", ["date,cost", "2026-11-01,3"], "has columns of no known export: date, cost"],
    [
      "a bad count",
      [OPENAI, openai("2026-11-01", 10).replace("10.0", "ten")],
      'row 2, num_model_requests: "ten" is no count',
    ],
    ["a bad day", [OPENAI, openai("yesterday", 10)], 'row 2: start_time_iso "yesterdayT00:00:00+00:00" is no day'],
    ["no rows", [OPENAI], "has a header and no rows"],
  ])("refuses %s", async (_, lines, message) => {
    const { code, err, file } = await invoice(lines as string[]);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(file).toBeUndefined();
  });
});

describe("breakeven measure --prometheus", () => {
  it("says how to reach one that does not answer", async () => {
    const { code, err } = await breakeven("measure", "--prometheus", "http://127.0.0.1:9");
    expect(code).toBe(1);
    expect(err).toMatch(/Prometheus at http:\/\/127\.0\.0\.1:9 cannot be reached \(.+\); inside a cluster: kubectl/);
  });

  it("tells another server from a Prometheus, and never shows a login", async () => {
    const other = createServer((_, response) => response.end("<html>"));
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const { code, err } = await breakeven("measure", "--prometheus", `http://me:hidden@127.0.0.1:${port}`);
    other.close();
    expect(code).toBe(1);
    expect(err).toContain("is it a Prometheus?");
    expect(err).not.toContain("hidden");
  });

  it.each([
    [["--days", "3"], "--days 3 is not allowed; expected a whole number from 7"],
    [["--invoice", "x.csv"], "give either --prometheus URL or --invoice FILE"],
  ])("refuses %j", async (args, message) => {
    const { code, err } = await breakeven("measure", "--prometheus", "http://127.0.0.1:9", ...(args as string[]));
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
