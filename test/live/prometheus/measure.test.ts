import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { MeasuredFile } from "../../../config/measured.ts";
import { breakeven } from "../../cli/program.ts";
import { type HistoryOptions, history } from "./history.ts";
import { type PrometheusServer, startPrometheus } from "./server.ts";

const DAY = 86_400;
const TODAY = "2026-11-16";
/** A Monday. */
const end = Date.parse(`${TODAY}T00:00:00Z`) / 1000;
const LONE = "scrape_configs: []\n";
const base: HistoryOptions = {
  platform: "breakeven-prod",
  tasks: ["support-chat"],
  start: end - 21 * DAY,
  end,
  // Busy on working days, quiet on weekends.
  rate: (_, time) => (new Date((time - 1) * 1000).getUTCDay() % 6 === 0 ? 1 : 8),
  inputTokens: 1500,
  cachedTokens: 300,
  outputTokens: 250,
  api: 0.1,
  again: 0.05,
  failed: 0.01,
};

let server: PrometheusServer | undefined;
let folder: string;
let out: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "breakeven-measured-"));
  out = join(folder, "measured.json");
});
afterEach(async () => {
  await server?.end();
  server = undefined;
  rmSync(out, { force: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function measure(changes: Partial<HistoryOptions>, ...args: string[]) {
  server = await startPrometheus({ config: LONE, history: history({ ...base, ...changes }) });
  return await breakeven("measure", "prod", "--prometheus", server.url, "--today", TODAY, "--out", out, ...args);
}

const written = (): MeasuredFile => JSON.parse(readFileSync(out, "utf8"));

describe("breakeven measure, asking a real Prometheus", () => {
  it("finds the traffic that was there", async () => {
    const { code, err, out: text } = await measure({}, "--days", "14");
    expect(err).toContain(`wrote ${out}`);
    expect(code).toBe(0);
    const file = written();
    expect(file).toMatchObject({
      from: "2026-11-02",
      to: "2026-11-15",
      days: 14,
      coverage: 1,
      complete: true,
      problems: [],
    });
    expect(Object.keys(file.source.detail)).toContain("requests");
    const task = file.tasks["support-chat"];
    const perDay = (1.11 * 86_400 * (5 * 8 + 2 * 1)) / 7;
    expect(task?.requestsPerDay).toBeCloseTo(perDay, -1);
    expect(task?.inputTokensPerRequest).toBeCloseTo(1500, 1);
    expect(task?.outputTokensPerRequest).toBeCloseTo(250, 1);
    expect(task?.cachedInputShare).toBeCloseTo(0.2, 4);
    expect(task?.escalationRate).toBeCloseTo(0.05, 4);
    expect(task?.apiShare).toBeCloseTo(0.1 / 1.1, 4);
    expect(task?.answeredShare).toBeCloseTo(1.1 / 1.11, 4);
    expect(task?.week?.reduce((sum, value) => sum + value, 0)).toBeCloseTo(7 * perDay, -2);
    expect(text).toMatch(/requests per day +600,000 +575,\d{3} +95\.\d %/);
  });

  it("writes nothing when hours are missing, and says which", async () => {
    const from = end - 5 * DAY;
    const { code, err } = await measure({ gap: (time) => time > from && time <= from + DAY }, "--days", "14");
    expect(code).toBe(3);
    expect(err).toMatch(
      /incomplete: 2\d of 336 hours have gaps \(2026-11-11T00:00, 2026-11-11T01:00, 2026-11-11T02:00, …\)/,
    );
    expect(existsSync(out)).toBe(false);
  });

  it("marks what is written all the same", async () => {
    const { code, err } = await measure({}, "--days", "60", "--partial");
    expect(code).toBe(3);
    expect(err).toContain("data begins on 2026-10-26, 39 days late");
    expect(written().complete).toBe(false);
  });

  it("does not leave out traffic of tasks the config does not know", async () => {
    const { code, err } = await measure({ tasks: ["support-chat", "search"] }, "--days", "14");
    expect(code).toBe(3);
    expect(err).toMatch(/task "search" is not in the config and had [\d]+ requests; known: support-chat/);
    expect(existsSync(out)).toBe(false);
  });

  it("says when nothing of the platform is there", async () => {
    const { code, err } = await measure({ platform: "another" }, "--days", "14");
    expect(code).toBe(1);
    expect(err).toContain('there is no data of platform "breakeven-prod"');
  });
});
