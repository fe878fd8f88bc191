import { describe, expect, it } from "vitest";
import { clientsOf, keyFile, providerKeys, sha256 } from "../../../components/gateway/keys.ts";
import { apiModel, keyVariable, litellmModel, providers } from "../../../components/gateway/providers.ts";
import { keyedProviders } from "../../../components/gateway/routes.ts";
import { gatewaySchema } from "../../../config/gateway.ts";
import { apiOnly, hybrid, restricted, task } from "./plans.ts";

const tasks = { chat: task({ apiModel: "openai/gpt-6.1-terra" }), mail: task({ apiModel: "openai/gpt-6.1-terra" }) };
const { clients } = gatewaySchema.parse({
  clients: { web: {}, batch: { tasks: ["mail"], requestsPerMinute: 60, tokensPerMinute: 9000, parallelRequests: 4 } },
});

describe("keys", () => {
  it("knows clients by the hash of their key alone", () => {
    const file = keyFile({ web: ["sk-new", "sk-old"], batch: ["sk-batch"] }, clients, tasks, false);
    expect(file).not.toMatch(/sk-new|sk-old|sk-batch/);
    const web = { alias: "web", models: ["chat", "mail"], metadata: {} };
    expect(JSON.parse(file)).toEqual({
      [sha256("sk-new")]: web,
      [sha256("sk-old")]: web,
      [sha256("sk-batch")]: { alias: "batch", models: ["mail"], rpm: 60, tpm: 9000, parallel: 4, metadata: {} },
    });
  });

  it("gives no key to clients with nothing to ask", () => {
    const { chat } = tasks;
    expect(clientsOf(clients, { chat }).map(([name]) => name)).toEqual(["web"]);
    expect(Object.keys(JSON.parse(keyFile({ batch: ["sk-batch"] }, clients, { chat }, false)))).toEqual([]);
  });

  it("marks clients of restricted tasks, so that every hop is guarded", () => {
    const [entry] = Object.values(JSON.parse(keyFile({ web: ["k"] }, clients, tasks, true)));
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
    expect(litellmModel(apiModel("openrouter/qwen/qwen3-32b"))).toBe("openrouter/qwen/qwen3-32b");
    expect(litellmModel(apiModel("google/gemini-3.8-flash"))).toBe("gemini/gemini-3.8-flash");
    expect(litellmModel(apiModel("aws/meta.llama3-1-70b-instruct-v1:0"), "us-east-1")).toBe(
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
