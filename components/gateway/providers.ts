import { BEDROCK_PROVIDER, bedrockModel } from "../../config/bedrock.ts";

/** How LiteLLM reaches a commercial provider. */
export interface Provider {
  /** LiteLLM's name of the provider, the part before `/` in its `model`. */
  readonly litellmName: string;
  /** Always pinned: nothing in a request can move the call elsewhere. Undefined where the region decides. */
  readonly apiBase?: string;
  /** `iam`: no key; the role of the gateway's service account signs the calls. */
  readonly credentials: "key" | "iam";
}

const keyed = (litellmName: string, apiBase: string): Provider => ({ litellmName, apiBase, credentials: "key" });

/** By the provider part of an API model's catalogue name. Addresses as LiteLLM 1.106.2 completes them. */
export const providers: Readonly<Record<string, Provider>> = {
  anthropic: keyed("anthropic", "https://api.anthropic.com"),
  [BEDROCK_PROVIDER]: { litellmName: "bedrock", credentials: "iam" },
  cerebras: keyed("cerebras", "https://api.cerebras.ai/v1"),
  deepinfra: keyed("deepinfra", "https://api.deepinfra.com/v1/openai"),
  deepseek: keyed("deepseek", "https://api.deepseek.com"),
  fireworks: keyed("fireworks_ai", "https://api.fireworks.ai/inference/v1"),
  google: keyed("gemini", "https://generativelanguage.googleapis.com/v1beta"),
  groq: keyed("groq", "https://api.groq.com/openai/v1"),
  mistral: keyed("mistral", "https://api.mistral.ai/v1"),
  openai: keyed("openai", "https://api.openai.com/v1"),
  openrouter: keyed("openrouter", "https://openrouter.ai/api/v1"),
  together: keyed("together_ai", "https://api.together.ai/v1"),
};

/** An API model as the gateway calls it. */
export interface ApiModel extends Provider {
  readonly provider: string;
  /** Name in the catalogue, `provider/model`. */
  readonly name: string;
  /** The provider's name of it, as the catalogue has it. */
  readonly model: string;
}

/** Reads a catalogue name `provider/model`. Throws for a provider the gateway has no address of. */
export function apiModel(name: string): ApiModel {
  const slash = name.indexOf("/");
  const provider = name.slice(0, Math.max(0, slash));
  const found = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  if (found === undefined || slash === name.length - 1) {
    throw new Error(
      `API model "${name}" cannot be called: write it as provider/model with one of ${Object.keys(providers).join(", ")}`,
    );
  }
  return { ...found, provider, name, model: name.slice(slash + 1) };
}

/** LiteLLM's `provider/model`. Models of AWS have names of their own in some regions. */
export const litellmModel = ({ litellmName, credentials, model }: ApiModel, awsRegion?: string): string =>
  `${litellmName}/${(credentials === "iam" && awsRegion !== undefined && bedrockModel(model, awsRegion)?.id) || model}`;

/** Stands for a key that `gwproviders.py` reads for every call. */
export const mountedKey = (provider: string): string => `mounted/${provider}`;

/** Not the name the provider's own tools look for (`OPENAI_API_KEY`): that would open LiteLLM's pass-through routes. */
export const keyVariable = (provider: string): string => `COMMERCIAL_KEY_${provider.toUpperCase()}`;
