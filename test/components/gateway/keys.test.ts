import { describe, expect, it } from "vitest";
import { keyFile, providerKeys, sha256 } from "../../../components/gateway/keys.ts";
import { apiModel, keyVariable, providers } from "../../../components/gateway/providers.ts";
import { keyedProviders } from "../../../components/gateway/routes.ts";
import { apiOnly, hybrid, restricted } from "./plans.ts";

describe("keys", () => {
  it("knows clients by the hash of their key alone", () => {
    const file = keyFile({ web: "sk-web", batch: "sk-batch" }, ["chat"], false);
    expect(file).not.toMatch(/sk-web|sk-batch/);
    expect(JSON.parse(file)).toEqual({
      [sha256("sk-web")]: { alias: "web", models: ["chat"], metadata: {} },
      [sha256("sk-batch")]: { alias: "batch", models: ["chat"], metadata: {} },
    });
  });

  it("marks clients of restricted tasks, so that every hop is guarded", () => {
    const [entry] = Object.values(JSON.parse(keyFile({ web: "k" }, ["contracts"], true)));
    expect(entry).toMatchObject({ metadata: { data_class: "restricted" } });
  });

  it("asks for the providers that are called and no others", () => {
    expect(keyedProviders(hybrid.tasks)).toEqual(["anthropic", "openai"]);
    expect(keyedProviders(apiOnly.tasks)).toEqual(["google"]);
    expect(keyedProviders(restricted.tasks)).toEqual([]);
  });

  it("hands over needed keys under a name LiteLLM does not look for by itself", () => {
    expect(providerKeys(["openai"], { openai: "sk-1", groq: "gsk-2" })).toEqual({ COMMERCIAL_KEY_OPENAI: "sk-1" });
  });

  it("says which key is missing without showing those that are there", () => {
    const build = () => providerKeys(["anthropic", "openai"], { openai: "sk-1" });
    expect(build).toThrow("no API key for anthropic");
    expect(build).not.toThrow("sk-1");
  });
});

describe("apiModel", () => {
  it("keeps slashes and colons of a model's own name", () => {
    expect(apiModel("openrouter/qwen/qwen3-32b").litellmModel).toBe("openrouter/qwen/qwen3-32b");
    expect(apiModel("google/gemini-3.8-flash").litellmModel).toBe("gemini/gemini-3.8-flash");
    expect(apiModel("aws/meta.llama3-1-70b-instruct-v1:0").litellmModel).toBe(
      "bedrock/meta.llama3-1-70b-instruct-v1:0",
    );
  });

  it.each(["xai/grok", "openai/", "gpt-6", "constructor/x", ""])("refuses %j and says what is allowed", (name) => {
    expect(() => apiModel(name)).toThrow(/provider\/model with one of anthropic, aws/);
  });

  it("pins the address of every provider with a key", () => {
    for (const [name, { apiBase, credentials }] of Object.entries(providers)) {
      if (credentials === "key") expect(apiBase, name).toMatch(/^https:\/\/[^/]+/);
      expect(keyVariable(name)).toMatch(/^COMMERCIAL_KEY_[A-Z]+$/);
    }
  });
});
