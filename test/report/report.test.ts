import { describe, expect, it } from "vitest";
import { z } from "zod";
import { committedStacks } from "../../cli/committed-stacks.ts";
import { staleness } from "../../config/generated-file.ts";
import { changeSince } from "../../report/change.ts";
import { waterfall } from "../../report/charts/bill.ts";
import { CHART_NAMES } from "../../report/charts/names.ts";
import { reportMarkdown } from "../../report/markdown.ts";
import { parseReport, SCHEMA_FILE, schemaText } from "../../report/schema.ts";
import { reportSvg } from "../../report/svg.ts";
import { compact, compactUsd, signedUsd } from "../../report/text.ts";
import { isCompared } from "../../report/verdict.ts";
import { TODAY } from "../policies/graphs.ts";
import { reportOf } from "./stacks.ts";

describe("the schema of reports", () => {
  it("is current in report/report.schema.json", () => {
    expect(staleness(SCHEMA_FILE, schemaText(), "node report/schema.ts")).toBeUndefined();
  });

  it.each(committedStacks(TODAY))("holds for $file", ({ file }) => {
    const { report } = reportOf(file);
    const json = JSON.parse(JSON.stringify(report));
    const validator = z.fromJSONSchema(JSON.parse(schemaText()) as Parameters<typeof z.fromJSONSchema>[0]);
    expect(validator.safeParse(json).error).toBeUndefined();
    expect(validator.safeParse({ ...json, results: { ...json.results, verdict: "maybe" } }).success).toBe(false);
    // Read back, nothing is lost.
    expect(parseReport(JSON.stringify(json))).toEqual({ ok: true, report: json });
  });

  it.each([
    ["<html>", "it is not JSON"],
    ["null", "it names no schema"],
    ['{"schema":"breakeven/check/v1"}', 'its schema is "breakeven/check/v1", expected "breakeven/report/v1"'],
    ['{"schema":"breakeven/report/v1"}', "it is no whole report: subject"],
  ])("refuses %s as a base", (content, reason) => {
    const reading = parseReport(content);
    expect(reading.ok ? "" : reading.reason).toContain(reason);
    expect(reading.ok ? "" : reading.reason).toContain("breakeven report <stack> --format json");
  });
});

describe("the difference to a base report", () => {
  const [base, now] = [reportOf("overbuilt").report, reportOf("prod").report];

  it("adds up, and a pool that shrinks is one line", () => {
    const change = changeSince(base, now.results);
    const moved = change?.lines.reduce((sum, { difference }) => sum + difference, 0) ?? 0;
    expect(moved).toBeCloseTo(change?.owningUsdPerMonth.difference ?? 0, 1);
    expect(change?.lines[0]).toMatchObject({
      label: "pool h100: 1x p5.48xlarge commit-1y",
      labelBefore: "pool h100: 3x p5.48xlarge on-demand",
    });
  });

  it("of a report to itself is nothing", () => {
    expect(changeSince(now, now.results)).toMatchObject({ lines: [], owningUsdPerMonth: { difference: 0 } });
  });

  it("counts a first GPU as its whole bill", () => {
    const rent = reportOf("dev").report;
    const change = changeSince(rent, now.results);
    expect(change?.owningUsdPerMonth.before).toBeGreaterThan(0);
    expect(change?.lines.find(({ label }) => label.startsWith("pool h100"))?.before).toBe(0);
  });

  it("does not exist without a bill on both sides", () => {
    const { results } = now;
    const { schema, today, terms, sentence } = results;
    const unpriced = { schema, today, terms, sentence, verdict: "unpriced", missing: [] } as const;
    expect(changeSince({ ...base, results: unpriced }, results)).toBeNull();
    expect(changeSince(base, unpriced)).toBeNull();
  });
});

describe("the comment on a pull request", () => {
  const change = changeSince(reportOf("overbuilt").report, reportOf("prod").report.results);

  it.each(["prod", "overbuilt", "onprem", "dev"])("on %s", async (stack) => {
    const { report } = reportOf(stack);
    const text = reportMarkdown({ ...report, change: stack === "prod" ? change : null });
    await expect(text).toMatchFileSnapshot(`golden/${stack}.md`);
  });

  it("lets no name become markup or a mention", () => {
    const { report } = reportOf("dev");
    const { results } = report;
    const file = "a|b*c_`<img src=x>@everyone";
    const text = reportMarkdown({ ...report, subject: { kind: "planned", file }, results, differences: ["x\n| y"] });
    expect(text).toContain("a\\|b\\*c\\_\\`\\<img src=x\\>@\u200beveryone");
    expect(text).toContain("- x \\| y");
  });
});

describe("the charts", () => {
  it.each(committedStacks(TODAY))("are drawn without a browser: $file", ({ file }) => {
    const { report } = reportOf(file);
    const { results } = report;
    if (!isCompared(results)) return;
    const svg = reportSvg({ ...report, results }, CHART_NAMES);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(svg).toMatch(/role="img" aria-label="[^"]+"/);
  });

  it("has a waterfall whose steps add up to the bill", () => {
    const { results } = reportOf("prod").report;
    if (!isCompared(results)) throw new Error(results.verdict);
    const steps = waterfall(results);
    for (const [index, step] of steps.slice(1, -3).entries()) expect(step.fromUsd).toBe(steps[index]?.toUsd);
    expect(steps.at(-4)?.toUsd).toBeCloseTo(results.owning.usdPerMonth, 6);
    expect(steps.at(-1)).toMatchObject({ label: "Owning saves", toUsd: results.staying.usdPerMonth });
  });
});

describe("figures", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [999.6, "1k"],
    [12_345, "12.3k"],
    [999_600, "1M"],
    [2.5e9, "2.5B"],
  ])("%d reads %s", (value, text) => {
    expect(compact(value)).toBe(text);
  });

  it("have a true minus sign", () => {
    expect([compactUsd(-1500), signedUsd(-1500), signedUsd(20), signedUsd(0)]).toEqual([
      "−$1.5k",
      "−$1,500",
      "+$20.00",
      "$0",
    ]);
  });
});
