import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { breakeven } from "./program.ts";

const TODAY = ["--today", "2026-11-21"];

/** A copy of a committed stack file, changed. */
function changed(stack: string, from: string, to: string): string {
  const file = join(mkdtempSync(join(tmpdir(), "breakeven-check-")), "Pulumi.x.yaml");
  const text = readFileSync(join(import.meta.dirname, `../../Pulumi.${stack}.yaml`), "utf8");
  if (!text.includes(from)) throw new Error(`${stack} has no "${from}"`);
  writeFileSync(file, text.replace(from, to));
  return file;
}

describe("breakeven check", () => {
  it.each([
    ["dev", 0, "RENT: Pulumi.dev.yaml has no GPUs"],
    ["prod", 0, "PASS: owning is cheaper"],
    ["overbuilt", 3, "BLOCK: owning costs more"],
    ["onprem", 3, "BLOCK: owning costs more"],
  ])("answers %s with exit status %i", async (stack, code, text) => {
    const result = await breakeven("check", stack, ...TODAY);
    expect(result.code).toBe(code);
    expect(result.out).toContain(text);
  });

  it("tells a marginal plan by exit status 2", async () => {
    // Two replicas are full at the peak: how much they serve, and so who wins, depends on the capacity.
    const marginal = changed("prod", "min: 8\n          max: 8", "min: 2\n          max: 2");
    const { code, out } = await breakeven("check", marginal, ...TODAY);
    expect([code, out.split(":")[0]]).toEqual([2, "MARGINAL"]);
  });

  it("names a task that is given twice with both its lines, and everything else that is", async () => {
    const twice = changed(
      "prod",
      "    tasks:\n",
      "    tasks:\n      support-chat:\n        requestsPerDay: 1\n        requestsPerDay: 2\n",
    );
    const { code, err } = await breakeven("check", twice, ...TODAY);
    expect(code).toBe(1);
    const lines = [
      ...err.matchAll(/breakeven:platform\.tasks\.support-chat(\S*): is given twice, in lines (\d+) and (\d+)/g),
    ];
    expect(lines.map(([, field, first, second]) => [field, Number(second) - Number(first)])).toEqual([
      ["", 3],
      [".requestsPerDay", 1],
    ]);
  });

  it("prints the same amounts as JSON", async () => {
    const { out } = await breakeven("check", "prod", "--json", ...TODAY);
    const json = JSON.parse(out);
    expect(json).toMatchObject({ schema: "breakeven/check/v1", verdict: "pass", today: "2026-11-21" });
    const sum = json.owning.reduce((total: number, line: { usdPerMonth: number }) => total + line.usdPerMonth, 0);
    expect(sum).toBeCloseTo(json.owningUsdPerMonth, 6);
    expect(json.savingUsdPerMonth.median).toBeCloseTo(json.stayingUsdPerMonth - json.owningUsdPerMonth, 6);
  });

  it.each([
    [["check"], "name one stack, not 0"],
    [["check", "nowhere"], "Pulumi.nowhere.yaml"],
    [["check", "prod", "--today", "2026-02-30"], '--today "2026-02-30" is not a day'],
    [
      ["check", changed("prod", "maxNodes: 1", "maxNodes: 0")],
      "breakeven:platform.pools.h100.maxNodes: 0 is not allowed",
    ],
  ])("says what is wrong with %j and exits with 1", async (args, message) => {
    const { code, err, out } = await breakeven(...args);
    expect(code).toBe(1);
    expect(err).toContain(message);
    expect(out).toBe("");
  });
});
