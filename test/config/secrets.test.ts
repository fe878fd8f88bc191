import { describe, expect, it } from "vitest";
import { keyedProviders, missingApiKeys, missingCaptureKey } from "../../config/secrets.ts";
import { stackConfig } from "../policies/graphs.ts";
import { endpointStore } from "./bases.ts";

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

describe("API keys out of a store of secrets", () => {
  const brought = stackConfig("dev", (raw) => {
    raw.gateway = {
      ...raw.gateway,
      externalSecrets: { store: { name: "vault" }, apiKeys: { openai: { secret: "llm/openai" } } },
    };
  });

  it("need not be set", () => {
    expect(keyedProviders(brought)).toEqual(["anthropic"]);
    expect(missingApiKeys(brought, '{"anthropic":"b"}')).toBeUndefined();
    expect(missingApiKeys(brought, undefined)).not.toContain("openai");
  });
});

describe("the key of a store that is there", () => {
  const withStore = stackConfig("dev", (raw) => {
    raw.gateway = { ...raw.gateway, captureStore: endpointStore };
    for (const task of Object.values(raw.tasks)) task.capture = { share: 0.1 };
  });

  it.each([
    [undefined, "its accessKeyId and secretAccessKey are not set"],
    ['{"accessKeyId":"AKIA1"}', "its secretAccessKey is not set"],
    ["AKIA1", "its accessKeyId and secretAccessKey are not set"],
  ])("given as %j is told to be set, and no value is shown", (setting, message) => {
    const text = missingCaptureKey(withStore, setting) ?? "";
    expect(text).toContain(message);
    expect(text).toContain("pulumi config set --secret --path breakeven:captureKey.secretAccessKey");
    expect(text).not.toContain("AKIA1");
  });

  it("is no problem where it is whole, or where nobody needs it", () => {
    expect(missingCaptureKey(withStore, '{"accessKeyId":"a","secretAccessKey":"b"}')).toBeUndefined();
    expect(missingCaptureKey(dev, undefined)).toBeUndefined();
  });
});
