import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CLAIMS } from "../../claims/recompute.ts";
import { exampleFiles, judgedStacks, PAGE_DAY } from "../../cli/committed-stacks.ts";
import { decide } from "../../economics/decide.ts";
import { breakeven } from "../cli/program.ts";

const ROOT = join(import.meta.dirname, "../..");
const stacks = judgedStacks(exampleFiles(), PAGE_DAY);
const textOf = (file: string): string => readFileSync(join(ROOT, file), "utf8");

describe("an example", () => {
  it("is one of six", () => {
    expect(stacks).toHaveLength(6);
  });

  it.each(stacks)("says its claim and its verdict: $file", ({ file, decision }) => {
    const text = textOf(file);
    const ids = text.match(/S\d-\d/g) ?? [];
    expect(ids.length).toBeGreaterThan(0);
    for (const id of ids) expect(CLAIMS.map((claim) => claim.id as string)).toContain(id);
    expect(text.match(/^# Verdict: ([A-Z]+)/m)?.[1]).toBe(decision.kind.toUpperCase());
    expect(text).toContain("# yaml-language-server: $schema=../config/stack.schema.json\n");
  });

  it("is checked by its path", async () => {
    const { code, out } = await breakeven("check", "examples/support-chat.yaml", "--today", PAGE_DAY);
    expect(code).toBe(3);
    expect(out).toContain("resource     examples/support-chat.yaml, as declared");
  });
});

describe("the comments of the examples", () => {
  const input = (name: string) => {
    const stack = stacks.find(({ file }) => file === `examples/${name}.yaml`);
    if (stack === undefined) throw new Error(`no example ${name}`);
    return stack.input;
  };
  const kindOf = (name: string, terms: object) =>
    decide({ ...input(name), terms: { ...input(name).terms, ...terms } }).kind;

  it("are true of fintech-hybrid: without approvedProviders it is blocked", () => {
    expect(kindOf("fintech-hybrid", { approvedProviders: undefined })).toBe("block");
  });

  it("are true of support-chat: it loses against GPT-4o too", () => {
    expect(kindOf("support-chat", { baseline: "current" })).toBe("block");
  });

  it("are true of tokens-500m-a-day: a third of the traffic goes back to the API", () => {
    const decision = stacks.find(({ file }) => file.includes("500m"))?.decision;
    expect(decision).toMatchObject({ kind: "block" });
    if (decision?.kind === "block") expect(decision.projection.selfServedShare).toBeCloseTo(2 / 3, 1);
  });
});
