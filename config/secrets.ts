import { BEDROCK_PROVIDER } from "./bedrock.ts";
import type { PlatformConfig } from "./platform.ts";

/** Providers that tasks call with a key. */
export function keyedProvidersOf(tasks: PlatformConfig["tasks"]): readonly string[] {
  const models = Object.values(tasks).flatMap(({ apiModel, secondApiModel }) => [apiModel, secondApiModel]);
  const providers = models.flatMap((model) => (model === undefined ? [] : [model.slice(0, model.indexOf("/"))]));
  return [...new Set(providers)].filter((provider) => provider !== BEDROCK_PROVIDER);
}

/** Providers whose API key has to be set: those that no store of secrets brings. */
export const keyedProviders = ({ tasks, gateway }: PlatformConfig): readonly string[] =>
  keyedProvidersOf(tasks).filter((provider) => gateway.externalSecrets?.apiKeys[provider] === undefined);

/** Names of the fields with a text, or undefined when the setting is not an object. The error of a bad text would show the text. */
function textFields(setting: string): readonly string[] | undefined {
  try {
    const keys: unknown = JSON.parse(setting);
    if (typeof keys !== "object" || keys === null || Array.isArray(keys)) return undefined;
    return Object.entries(keys).flatMap(([name, value]) =>
      typeof value === "string" && value.trim() !== "" ? [name] : [],
    );
  } catch {
    return undefined;
  }
}

/**
 * What to set when an API key is not there, or undefined when all are. `setting` is the raw value of
 * `breakeven:apiKeys`; no part of it appears in the answer.
 */
export function missingApiKeys(config: PlatformConfig, setting: string | undefined): string | undefined {
  const providers = textFields(setting ?? "{}");
  const needed = keyedProviders(config);
  const missing = needed.filter((provider) => !providers?.includes(provider));
  const commands = needed.map((provider) => `  pulumi config set --secret --path breakeven:apiKeys.${provider}`);
  if (providers === undefined)
    return [
      "breakeven:apiKeys is not an object of keys by provider; nothing was created. Set each key with --path:",
      ...commands,
    ].join("\n");
  if (missing.length === 0) return undefined;
  return [`API keys of ${missing.join(", ")} are not set; nothing was created. Set them as secrets:`, ...commands].join(
    "\n",
  );
}

const CAPTURE_KEY_FIELDS = ["accessKeyId", "secretAccessKey"] as const;

/** What to set when the key of a store that is there is missing; no part of the raw value of `breakeven:captureKey` is shown. */
export function missingCaptureKey({ gateway }: PlatformConfig, setting: string | undefined): string | undefined {
  if (gateway.captureStore?.kind !== "endpoint") return undefined;
  const given = textFields(setting ?? "{}") ?? [];
  const missing = CAPTURE_KEY_FIELDS.filter((field) => !given.includes(field));
  if (missing.length === 0) return undefined;
  return [
    `gateway.captureStore needs a key and its ${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not set; nothing was created. Set it as a secret:`,
    ...CAPTURE_KEY_FIELDS.map((field) => `  pulumi config set --secret --path breakeven:captureKey.${field}`),
  ].join("\n");
}
