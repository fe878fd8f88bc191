import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { breakeven } from "./program.ts";

const TODAY = ["--today", "2026-11-21"];
const folder = () => mkdtempSync(join(tmpdir(), "breakeven-report-"));
function fileOf(content: string, name = "file.json"): string {
  const file = join(folder(), name);
  writeFileSync(file, content);
  return file;
}

describe("breakeven report", () => {
  it("writes the format that the file's name says, and says what the verdict is", async () => {
    const out = folder();
    for (const [name, start] of [
      ["r.html", "<!doctype html>"],
      ["r.md", "### ✅ Pass: Owning saves $10,084 per month"],
      ["r.json", '{\n  "schema": "breakeven/report/v1"'],
      ["r.svg", "<svg "],
    ] as const) {
      const { code, err } = await breakeven("report", "prod", "--out", join(out, name), ...TODAY);
      expect(code).toBe(0);
      expect(err).toContain(`${name}: Owning saves $10,084 per month`);
      expect(readFileSync(join(out, name), "utf8").slice(0, start.length)).toBe(start);
    }
    expect(readdirSync(out).sort()).toEqual(["r.html", "r.json", "r.md", "r.svg"]);
  });

  it("agrees with breakeven check to the cent", async () => {
    const report = JSON.parse((await breakeven("report", "overbuilt", "--format", "json", ...TODAY)).out);
    const check = JSON.parse((await breakeven("check", "overbuilt", "--json", ...TODAY)).out);
    expect(report.results.verdict).toBe(check.verdict);
    expect(report.results.owning.usdPerMonth).toBeCloseTo(check.owningUsdPerMonth, 6);
    expect(report.results.staying.usdPerMonth).toBeCloseTo(check.stayingUsdPerMonth, 6);
  });

  it("exits as check does only when asked to", async () => {
    expect((await breakeven("report", "overbuilt", "--format", "json", ...TODAY)).code).toBe(0);
    expect((await breakeven("report", "overbuilt", "--format", "json", "--exit-code", ...TODAY)).code).toBe(3);
    expect((await breakeven("report", "dev", "--format", "markdown", "--exit-code", ...TODAY)).code).toBe(0);
  });

  it("says what a change costs against a base report", async () => {
    const base = join(folder(), "base.json");
    await breakeven("report", "prod", "--out", base, ...TODAY);
    const { out } = await breakeven("report", "overbuilt", "--base", base, "--format", "markdown", ...TODAY);
    expect(out).toContain("**This change costs $95,273 per month** against Pulumi.prod.yaml of 2026-11-21");
    expect(out).toMatch(/\| node disks \| \$36\.00 \| \$84\.00 \| \+\$48\.00 \|/);
    const json = JSON.parse((await breakeven("report", "overbuilt", "--base", base, "--format", "json", ...TODAY)).out);
    expect(json.change.owningUsdPerMonth.difference).toBeCloseTo(95_273.08, 0);
  });

  it("draws one chart as well as all", async () => {
    const { out } = await breakeven("report", "prod", "--format", "svg", "--chart", "week", ...TODAY);
    expect(out).toContain("A week of demand against capacity");
    expect(out).not.toContain("Cost against volume");
  });

  it.each([
    [["report"], 2, "name one stack, not 0"],
    [["report", "a", "b"], 2, "name one stack, not 2"],
    [["report", "prod", "--colour"], 2, "--colour"],
    [["report", "prod", "--format", "pdf"], 2, "--format pdf is not known; known: html, markdown, json, svg"],
    [["report", "prod", "--out", "report.pdf"], 2, "no format goes by .pdf"],
    [["report", "prod", "--chart", "week"], 2, "--chart goes with --format svg"],
    [["report", "prod", "--format", "svg", "--chart", "pie"], 2, "--chart pie is not known; known: bill, volume"],
    [["report", "prod", "--today", "tomorrow"], 1, '--today "tomorrow" is not a day'],
    [["report", "nowhere", "--format", "json"], 1, "Pulumi.nowhere.yaml"],
    [["report", "--preview", "nowhere.json", "--format", "json"], 1, "nowhere.json"],
    [["report", "--preview", fileOf("{}"), "--format", "json"], 1, "pulumi preview --json --show-sames"],
    [["report", "--preview", fileOf('{"resource_changes":[]}'), "--format", "json"], 1, "Terraform"],
    [["report", "prod", "--base", fileOf("{}"), "--format", "json"], 1, "it names no schema"],
    [["report", fileOf("config: {}", "Pulumi.x.yaml"), "--format", "json"], 1, "has no breakeven:platform"],
    [["report", "dev", "--format", "svg"], 1, "there is nothing to draw"],
  ])("%j ends with code %d and says why", async (args, code, reason) => {
    const got = await breakeven(...args);
    expect([got.code, got.out]).toEqual([code, ""]);
    expect(got.err).toContain(reason);
  });

  it("leaves what was there when it cannot make a report", async () => {
    const kept = fileOf("kept", "report.html");
    const { code } = await breakeven("report", "nowhere", "--out", kept);
    expect(code).toBe(1);
    expect(readFileSync(kept, "utf8")).toBe("kept");
    const nowhere = join(folder(), "none", "report.html");
    expect((await breakeven("report", "prod", "--out", nowhere, ...TODAY)).err).toContain("its folder does not exist");
    expect(existsSync(nowhere)).toBe(false);
  });
});
