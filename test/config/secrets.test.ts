import { describe, expect, it } from "vitest";
import { keyedProviders, missingApiKeys } from "../../config/secrets.ts";
import { stackConfig } from "../policies/graphs.ts";

const dev = stackConfig("dev");

describe("API keys", () => {
  it("are needed of every provider a task names", () => {
    expect(keyedProviders(dev)).toEqual(["openai", "anthropic"]);
    expect(keyedProviders(stackConfig("onprem"))).toEqual([]);
  });

  it.each([
    [undefined, "API keys of openai, anthropic are not set"],
    ['{"openai":"sk-1"}', "API keys of anthropic are not set"],
    ['{"openai":"","anthropic":"  "}', "API keys of openai, anthropic are not set"],
    ["sk-plain-secret", "breakeven:apiKeys is not an object of keys by provider"],
    ["null", "breakeven:apiKeys is not an object of keys by provider"],
    ['["sk-plain-secret"]', "breakeven:apiKeys is not an object of keys by provider"],
  ])("given as %j are told to be set, and no value is shown", (setting, message) => {
    const text = missingApiKeys(dev, setting) ?? "";
    expect(text).toContain(message);
    expect(text).toContain("pulumi config set --secret --path breakeven:apiKeys.openai");
    expect(text).not.toContain("sk-");
  });

  it("that are all there are no problem", () => {
    expect(missingApiKeys(dev, '{"openai":"a","anthropic":"b"}')).toBeUndefined();
  });
});
