import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { staleness } from "../../config/generated-file.ts";
import { SCHEMA_FILE, schemaText, stackFileSchema } from "../../config/json-schema.ts";
import { hybrid } from "./bases.ts";
import { stackFiles } from "./stack-files.ts";

interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
}

/** Every object below a node. */
function nodesOf(node: unknown): readonly Node[] {
  if (typeof node !== "object" || node === null) return [];
  return [node as Node, ...Object.values(node).flatMap(nodesOf)];
}

const nodes = nodesOf(stackFileSchema());
const fields = nodes.flatMap(({ properties = {} }) => Object.entries(properties));
const validator = z.fromJSONSchema(stackFileSchema() as Parameters<typeof z.fromJSONSchema>[0]);
const accepts = (content: unknown): boolean => validator.safeParse(content).success;
const stackWith = (values: Readonly<Record<string, unknown>>) => ({
  config: { "breakeven:platform": hybrid, ...values },
});

describe("the schema for editors", () => {
  it("is current in config/stack.schema.json", () => {
    expect(staleness(SCHEMA_FILE, schemaText(), "node config/json-schema.ts")).toBeUndefined();
  });

  it("is written and checked by one command that is silent when all is well", () => {
    const check = () =>
      execFileSync(process.execPath, [join(SCHEMA_FILE, "../json-schema.ts"), "--check"], { encoding: "utf8" });
    expect(check()).toBe("");
  });

  it("describes every field", () => {
    expect(fields.length).toBeGreaterThan(100);
    expect(fields.filter(([, { description }]) => !description).map(([key]) => key)).toEqual([]);
  });

  it("states the unit of every number once, in its description", () => {
    const numbers = fields.filter(([, { type }]) => type === "number" || type === "integer");
    expect(numbers.length).toBeGreaterThan(50);
    for (const [key, { description }] of numbers)
      expect(description?.split("Unit: "), `unit of ${key}`).toHaveLength(2);
  });

  it("refuses unknown keys of every object of the config", () => {
    const open = nodes.filter(({ properties, additionalProperties }) => properties && additionalProperties !== false);
    expect(open.map(({ properties }) => Object.keys(properties ?? {})[0])).toEqual(["config", "breakeven:platform"]);
  });

  it("holds plain JSON Schema: none of the config's own meta fields, no limits of JavaScript", () => {
    expect(schemaText()).not.toMatch(/"unit":|"expected":/);
    expect(schemaText()).not.toContain(String(Number.MAX_SAFE_INTEGER));
  });

  it("states defaults", () => {
    const { default: week } = fields.find(([key]) => key === "week")?.[1] ?? {};
    expect(week).toBe("business-hours");
  });

  it.each(stackFiles)("accepts the committed $file, which names it", ({ file, text, content }) => {
    const named = /^# yaml-language-server: \$schema=(.+)$/m.exec(text)?.[1] ?? "";
    expect(join(SCHEMA_FILE, "../..", dirname(file), named)).toBe(SCHEMA_FILE);
    expect(existsSync(SCHEMA_FILE)).toBe(true);
    expect(accepts(content)).toBe(true);
  });

  it("allows config of providers and encrypted secrets beside the platform", () => {
    const secrets = {
      "breakeven:apiKeys": { openai: { secure: "AAAB" } },
      "breakeven:huggingFaceToken": { secure: "AAAB" },
    };
    expect(accepts(stackWith({ "aws:region": "us-east-1", ...secrets }))).toBe(true);
  });

  it("refuses a secret in plain text, an unknown key and a value out of range", () => {
    expect(accepts(stackWith({ "breakeven:apiKeys": { openai: "sk-plain" } }))).toBe(false);
    expect(accepts(stackWith({ "breakeven:platform": { ...hybrid, regions: [] } }))).toBe(false);
    expect(accepts(stackWith({ "breakeven:platform": { ...hybrid, economics: { horizonMonths: 120 } } }))).toBe(false);
  });
});
