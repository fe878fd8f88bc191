import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../catalog/load.ts";
import type { ApiModel } from "../../economics/api-price.ts";

const catalog = loadCatalog();
const api = (name: string): ApiModel => {
  const model = catalog.apiModel(name);
  if (!model.ok) throw new Error(model.reason);
  return model.value;
};

describe("API models", () => {
  it("are at least forty, from the large providers and the hosts of open weights", () => {
    expect(catalog.apiModels.length).toBeGreaterThanOrEqual(40);
    const providers = new Set(catalog.apiModels.map(({ provider }) => provider));
    for (const provider of [
      "openai",
      "anthropic",
      "google",
      "deepseek",
      "mistral",
      "together",
      "fireworks",
      "groq",
      "aws",
      "deepinfra",
    ])
      expect(providers).toContain(provider);
  });

  it("keep long-context prices as a second tier", () => {
    expect(api("openai/gpt-5.4").tiers).toEqual([
      { aboveInputTokens: 0, inputUsdPerMillion: 2.5, cachedInputUsdPerMillion: 0.25, outputUsdPerMillion: 15 },
      { aboveInputTokens: 272_000, inputUsdPerMillion: 5, cachedInputUsdPerMillion: 0.5, outputUsdPerMillion: 22.5 },
    ]);
  });

  it("never make a longer context cheaper", () => {
    for (const { name, tiers } of catalog.apiModels) {
      tiers.slice(1).forEach((tier, i) => {
        expect(tier.inputUsdPerMillion, name).toBeGreaterThan(tiers[i]?.inputUsdPerMillion ?? Number.NaN);
        expect(tier.outputUsdPerMillion, name).toBeGreaterThan(tiers[i]?.outputUsdPerMillion ?? Number.NaN);
      });
    }
  });

  it("list batch at half the price and cached input below ordinary input", () => {
    for (const { name, tiers, batch } of catalog.apiModels) {
      const base = tiers[0];
      if (batch !== undefined)
        expect(batch.inputUsdPerMillion * 2, name).toBeCloseTo(base?.inputUsdPerMillion ?? Number.NaN, 9);
      if (base?.cachedInputUsdPerMillion !== undefined)
        expect(base.cachedInputUsdPerMillion, name).toBeLessThan(base.inputUsdPerMillion);
    }
    expect(api("anthropic/claude-sonnet-5-5")).toMatchObject({
      batch: { inputUsdPerMillion: 1, outputUsdPerMillion: 5 },
      cacheWriteUsdPerMillion: 2.5,
    });
  });

  it("know announced changes, retirements and deprecations", () => {
    expect(api("google/gemini-4-argon").changes).toEqual([
      { from: "2026-12-01", inputUsdPerMillion: 4, outputUsdPerMillion: 20 },
    ]);
    expect(api("google/gemini-3.8-flash").changes).toEqual([
      { from: "2027-01-01", inputUsdPerMillion: 1.5, outputUsdPerMillion: 7.5 },
    ]);
    expect(api("openai/o3").retires).toBe("2026-12-11");
    expect(api("google/gemini-2.0-flash").deprecated).toBe(true);
  });

  it("know the hours in which DeepSeek V4 doubles, on weekdays only", () => {
    const windows = api("deepseek/deepseek-v4-pro").hourly;
    expect(windows?.map(({ startUtc, endUtc, weekdaysOnly }) => [startUtc, endUtc, weekdaysOnly])).toEqual([
      ["01:00", "04:00", true],
      ["06:00", "10:00", true],
    ]);
    for (const window of windows ?? []) expect(window.inputUsdPerMillion).toBeCloseTo(2 * 0.66, 9);
  });

  it("price regional Bedrock profiles 10 % above global ones", () => {
    const global = api("aws/global.anthropic.claude-sonnet-5-5").tiers[0]?.inputUsdPerMillion ?? Number.NaN;
    expect(api("aws/regional.anthropic.claude-sonnet-5-5").tiers[0]?.inputUsdPerMillion).toBeCloseTo(global * 1.1, 9);
  });

  it("keep what a second source states where it disagrees, and the newer date where it agrees", () => {
    expect(api("mistral/mistral-large-4").disputed).toMatchObject({
      inputUsdPerMillion: 1.36,
      outputUsdPerMillion: 4.18,
    });
    expect(api("mistral/mistral-large-4").date).toBe("2026-11-10");
    expect(api("openai/gpt-4o").date).toBe("2026-11-12");
    expect(catalog.apiModels.filter(({ disputed }) => disputed !== undefined)).toHaveLength(11);
  });
});

describe("API models with open weights", () => {
  it.each([
    ["deepinfra/Qwen/Qwen3-32B", "Qwen3-32B"],
    ["groq/llama-3.3-70b-versatile", "Llama-3.3-70B"],
    ["aws/meta.llama3-1-8b-instruct-v1:0", "Llama-3.1-8B"],
    ["fireworks/deepseek-r1-0528", "DeepSeek-V3/R1"],
    ["deepinfra/Qwen/Qwen3-235B-A22B-Instruct-2507", "Qwen3-235B-A22B"],
    ["together/meta-llama/Llama-3.3-70B-Instruct-Turbo", "Llama-3.3-70B"],
    ["aws/mistral.mixtral-8x7b-instruct-v0:1", "Mixtral-8x7B"],
    ["mistral/mixtral-8x22b-instruct", "Mixtral-8x22B"],
  ])("%s hosts %s", (name, model) => {
    expect(api(name).openWeights).toBe(model);
  });

  it.each([
    "deepinfra/NousResearch/Hermes-3-Llama-3.1-405B",
    "deepinfra/deepseek-ai/DeepSeek-V3.2",
    "deepseek/deepseek-v4-pro",
    "groq/qwen/qwen3.8-27b",
    "mistral/mistral-small-2603",
  ])("%s is another model than any of the catalogue", (name) => {
    expect(api(name).openWeights).toBeUndefined();
  });

  it("say when the hosted weights are quantised or a later instruct release", () => {
    const hosted = catalog.apiModels.filter(({ openWeights }) => openWeights !== undefined);
    for (const { name, notes } of hosted.filter((row) => /turbo/i.test(row.name)))
      expect(notes, name).toMatch(/quantised/);
    for (const { name, notes } of hosted.filter((row) => /2507/.test(row.name))) expect(notes, name).toMatch(/2507/);
  });
});
