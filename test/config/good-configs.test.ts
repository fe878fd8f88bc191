import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../catalog/load.ts";
import { type ParseResult, parsePlatformConfig, problemsText } from "../../config/parse.ts";
import type { PlatformInput } from "../../config/platform.ts";
import { formatProblem } from "../../config/problems.ts";
import { type Changes, CUSTOM_MODEL, changed, hybrid, onPrem } from "./bases.ts";
import { stackFiles } from "./stack-files.ts";

const catalog = loadCatalog();

function good(config: unknown): Extract<ParseResult, { ok: true }> {
  const result = parsePlatformConfig(config, catalog);
  if (!result.ok) throw new Error(problemsText(result.problems));
  return result;
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) for (const part of Object.values(Object.freeze(value))) frozen(part);
  return value;
}

describe("a good config", () => {
  it.each(stackFiles)("is every committed stack file: $file", ({ platform }) => {
    expect(good(platform).config.environment).toMatch(/^(dev|test|staging|prod)$/);
  });

  it("has its defaults filled in", () => {
    const { cluster, pools, models, tasks, gateway, loadBalancer, monitoring, operations, economics } =
      good(hybrid).config;
    expect(cluster).toMatchObject({
      publicEndpoint: false,
      systemNodes: { instanceType: "m7i.large", count: 3 },
      network: { cidr: "10.40.0.0/16", zones: 2, natGateways: "per-zone" },
    });
    expect(pools["h100"]).toMatchObject({ scaling: "fixed", minNodes: 0, zones: [], nodeSelector: {} });
    expect(models["support"]).toMatchObject({ precision: "bf16", gpusPerReplica: 1, weights: { revision: "main" } });
    expect(tasks["chat"]).toMatchObject({ week: "business-hours", dataClass: "internal", batchableShare: 0 });
    expect(gateway).toMatchObject({ replicas: 2, clients: { default: { keyGeneration: 1 } } });
    expect(loadBalancer).toMatchObject({ exposure: "internal", sourceRanges: [] });
    expect(monitoring).toMatchObject({ enabled: true, retentionDays: 100 });
    expect(operations).toMatchObject({ engineerUsdPerHour: 95, setupHours: 160 });
    expect(economics).toMatchObject({ horizonMonths: 12, baseline: "cheapest", confidence: "optimistic" });
  });

  it("gets the catalogue's weights unless it names its own", () => {
    const named = changed(hybrid, { "models.support.weights": { huggingFaceId: "example-org/tuned", revision: "v4" } });
    expect(good(hybrid).config.models["support"]?.weights).toEqual({
      huggingFaceId: "Qwen/Qwen3-32B",
      revision: "main",
    });
    expect(good(named).config.models["support"]?.weights).toEqual({
      huggingFaceId: "example-org/tuned",
      revision: "v4",
    });
  });

  it("gets the catalogue's spelling of names", () => {
    const { pools, tasks } = good(
      changed(hybrid, {
        "pools.h100.hardware.instanceType": "P5.48xlarge",
        "tasks.chat.apiModel": "OpenAI/GPT-6.1-Terra",
      }),
    ).config;
    expect(pools["h100"]?.hardware).toMatchObject({ instanceType: "p5.48xlarge" });
    expect(tasks["chat"]?.apiModel).toBe("openai/gpt-6.1-terra");
  });

  it("may describe a model that is not in the catalogue", () => {
    const changes = {
      "models.support.catalogModel": undefined,
      "models.support.custom": CUSTOM_MODEL,
      "models.support.weights.huggingFaceId": "example-org/own-34b",
    };
    expect(good(changed(hybrid, changes)).config.models["support"]).toMatchObject({ custom: CUSTOM_MODEL });
  });

  it("is parsed the same twice, and is left as it is", () => {
    for (const config of [...stackFiles.map(({ platform }) => platform), hybrid, onPrem]) {
      const input = frozen(structuredClone(config));
      expect(good(input).config).toEqual(good(input).config);
      expect(input).toEqual(config);
    }
  });
});

describe("a stated price", () => {
  const provenance = { source: "contract 7", date: "2026-11-01" };
  const overrides = {
    offerings: [
      { region: "us-east-1", instanceType: "p5.48xlarge", purchase: "commit-1y", usdPerHour: 21.5, ...provenance },
    ],
    services: [{ sku: "nat-gateway-hour", region: "us-east-1", usd: 0.03, ...provenance }],
    apiModels: [
      { name: "openai/gpt-6.1-terra", inputUsdPerMillion: 0.5, outputUsdPerMillion: 2, ...provenance },
      { name: "acme/large-1", inputUsdPerMillion: 1, outputUsdPerMillion: 4, ...provenance },
    ],
  };
  const changes = { "economics.priceOverrides": overrides, "tasks.chat.apiModel": "acme/large-1" };
  const priced = good(changed(hybrid, changes)).catalog;

  it("replaces the catalogue's, of a node, a service and an API model", () => {
    expect(priced.offering("us-east-1", "p5.48xlarge", "commit-1y")).toMatchObject({
      value: { usd: 21.5, ...provenance },
    });
    expect(priced.service("nat-gateway-hour", "us-east-1")).toMatchObject({ value: { usd: 0.03, ...provenance } });
    expect(priced.apiModel("openai/gpt-6.1-terra")).toMatchObject({
      value: { tiers: [{ inputUsdPerMillion: 0.5, outputUsdPerMillion: 2 }], ...provenance },
    });
  });

  it("adds an API model that the catalogue does not list", () => {
    expect(catalog.apiModel("acme/large-1").ok).toBe(false);
    expect(priced.apiModel("acme/large-1")).toMatchObject({ value: { provider: "acme", model: "large-1" } });
  });

  it("makes a purchase option available where the catalogue has no price", () => {
    const offering = { ...overrides.offerings[0], region: "eu-north-1" };
    const moved = { "cluster.region": "eu-north-1", "economics.priceOverrides.offerings": [offering] };
    expect(good(changed(hybrid, moved)).config.cluster).toMatchObject({ region: "eu-north-1" });
  });

  it("leaves every other price as it is", () => {
    const one = (from: typeof catalog) => from.offering("us-east-1", "p5.48xlarge", "on-demand");
    expect(one(priced as typeof catalog)).toEqual(one(catalog));
    expect(catalog.offering("us-east-1", "p5.48xlarge", "commit-1y")).not.toMatchObject({ value: { usd: 21.5 } });
  });
});

describe("any input", () => {
  const LINE = /^breakeven:platform(\.[-\w]+|\[\d+\]|\["([^"\\]|\\.)*"\])*: \S.*\S$/s;

  function expectVerdict(config: unknown): void {
    const result = parsePlatformConfig(config, catalog);
    if (result.ok) return;
    const lines = result.problems.map(formatProblem);
    expect(lines.length).toBeGreaterThan(0);
    expect(new Set(lines).size).toBe(lines.length);
    for (const line of lines) expect(line).toMatch(LINE);
  }

  /** Paths of everything in a config. */
  const pathsOf = (value: unknown, path = ""): string[] =>
    typeof value !== "object" || value === null
      ? [path]
      : [path, ...Object.entries(value).flatMap(([key, part]) => pathsOf(part, path === "" ? key : `${path}.${key}`))];
  const places = (base: PlatformInput) => pathsOf(base).filter((path) => path !== "" && !path.includes("nvidia"));

  it("that is JSON parses or is refused by path", () => {
    fc.assert(fc.property(fc.jsonValue(), expectVerdict));
  });

  it.each([
    ["hybrid", hybrid],
    ["on-premises", onPrem],
  ])("that is the %s config with JSON in some places parses or is refused by path", (_, base) => {
    const changes = fc.dictionary(fc.constantFrom(...places(base)), fc.jsonValue(), { minKeys: 1, maxKeys: 3 });
    fc.assert(
      fc.property(changes, (values) => {
        // A place inside another that changes too would be written into whatever JSON is there.
        const outer = Object.keys(values).filter(
          (path) => !Object.keys(values).some((up) => path.startsWith(`${up}.`)),
        );
        expectVerdict(changed(base, Object.fromEntries(outer.map((path) => [path, values[path]]))));
      }),
      { numRuns: 500 },
    );
  });

  it("that keeps within the limits of its fields parses or is refused by path, and both happen", () => {
    const count = fc.integer({ min: 1, max: 12 });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const arbitrary: fc.Arbitrary<Changes> = fc.record({
      "pools.h100.maxNodes": count,
      "pools.h100.minNodes": count,
      "pools.h100.hardware.purchase": fc.constantFrom("on-demand", "spot", "commit-1y", "capacity-block"),
      "pools.h100.scaling": fc.constantFrom("fixed", "elastic"),
      "models.support.replicas": fc.record({ min: count, max: count }),
      "models.support.gpusPerReplica": fc.constantFrom(1, 2, 4, 8),
      "models.support.maxContextTokens": fc.integer({ min: 256, max: 50_000 }),
      "tasks.chat.requestsPerDay": fc.double({ min: 1, max: 1e7, noNaN: true }),
      "tasks.chat.selfHosted": fc.array(fc.record({ model: fc.constant("support"), share }), { maxLength: 1 }),
      "tasks.chat.week": fc.oneof(fc.constant("flat"), fc.array(share, { minLength: 168, maxLength: 168 })),
      "loadBalancer.exposure": fc.constantFrom("internal", "none"),
    });
    const verdicts = new Set<boolean>();
    fc.assert(
      fc.property(arbitrary, (changes) => {
        const config = changed(hybrid, changes);
        expectVerdict(config);
        verdicts.add(parsePlatformConfig(config, catalog).ok);
      }),
      { seed: 7, numRuns: 300 },
    );
    expect(verdicts).toEqual(new Set([true, false]));
  });
});
