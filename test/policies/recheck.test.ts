import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { obtainEngine } from "../../sandbox/engine.ts";
import { cacheDir, PLUGINS_DIR, ROOT_DIR } from "../../sandbox/places.ts";
import { breakeven } from "../cli/program.ts";
import { openWithPolicies, PINNED_DAY } from "./engine.ts";

const NEEDED = ["policies", "catalog", "config", "economics", "package.json"];
let folder: string;
let state: string;
let server: Server;

const tiered = (base: number, long: number) => ({ base, tiers: [{ start: 271_999, price: long }] });

/** A LOCAL stand-in for genai-prices' data file, in its shape, with a price of its own. */
const data = [
  {
    id: "openai",
    name: "OpenAI",
    api_pattern: "https://api\\.openai\\.com",
    models: [
      {
        id: "gpt-6.1-terra",
        match: { equals: "gpt-6.1-terra" },
        prices: {
          input_mtok: tiered(0.4, 0.8),
          cache_read_mtok: tiered(0.02, 0.04),
          output_mtok: tiered(2, 3),
        },
      },
    ],
  },
];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "breakeven-recheck-"));
  state = join(folder, "state.json");
  const stack = await openWithPolicies("prod");
  try {
    const outcome = await stack.up();
    if (outcome.verdict !== "ok") throw new Error(outcome.text);
    writeFileSync(state, JSON.stringify(await stack.exportState()));
  } finally {
    stack.close();
  }
  // The checkout of next month: the same pack, its catalogue free to move.
  for (const part of NEEDED) cpSync(join(ROOT_DIR, part), join(folder, part), { recursive: true });
  symlinkSync(join(ROOT_DIR, "node_modules"), join(folder, "node_modules"));
  server = createServer((_, response) => response.end(JSON.stringify(data)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function recheck() {
  const engine = await obtainEngine();
  Object.assign(process.env, {
    BREAKEVEN_PULUMI: engine.command,
    PULUMI_HOME: join(cacheDir(), "home"),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PATH: `${PLUGINS_DIR}:${process.env.PATH}`,
  });
  const metrics = join(folder, "recheck.prom");
  const pack = ["--policy-pack", join(folder, "policies"), "--policy-pack-config", PINNED_DAY];
  const result = await breakeven("recheck", "prod", "--file", state, ...pack, "--metrics", metrics);
  return { ...result, metrics: readFileSync(metrics, "utf8") };
}

describe("the nightly re-check of a deployed stack", () => {
  it("passes at the prices it was deployed at", async () => {
    const { code, err, metrics } = await recheck();
    expect(err).toContain("breakeven-prod still passes");
    expect(code).toBe(0);
    expect(metrics).toContain('breakeven_recheck_blocked{platform="breakeven-prod"} 0');
  });

  it("flags the same state after the API has become cheaper", async () => {
    const { port } = server.address() as AddressInfo;
    const update = await breakeven(
      ...["prices", "update", "--source", "genai-url", "--url", `http://127.0.0.1:${port}/data.json`],
      ...["--catalog", join(folder, "catalog/data"), "--today", "2026-11-21"],
    );
    expect(update.out).toContain("openai/gpt-6.1-terra");
    expect(update.code).toBe(0);
    const { code, out, err, metrics } = await recheck();
    expect(out).toContain("BLOCK: owning costs more than staying on the API");
    expect(err).toContain("breakeven-prod would be blocked at today's prices");
    expect(code).toBe(3);
    expect(metrics).toContain('breakeven_recheck_blocked{platform="breakeven-prod"} 1');
  });
});
