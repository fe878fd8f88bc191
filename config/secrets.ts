import type { PlatformConfig } from "./platform.ts";

/** Providers that authenticate by the cloud's own identity instead of a key. */
const KEYLESS_PROVIDERS: readonly string[] = ["aws"];

/** Providers whose API key the gateway needs. */
export function keyedProviders({ tasks }: PlatformConfig): readonly string[] {
  const providers = Object.values(tasks).flatMap(({ apiModel }) =>
    apiModel === undefined ? [] : [apiModel.slice(0, apiModel.indexOf("/"))],
  );
  return [...new Set(providers)].filter((provider) => !KEYLESS_PROVIDERS.includes(provider));
}

/** What to set when an API key is not there, or undefined when all are. Looks at the names of the keys only. */
export function missingApiKeys(config: PlatformConfig, providers: readonly string[]): string | undefined {
  const missing = keyedProviders(config).filter((provider) => !providers.includes(provider));
  if (missing.length === 0) return undefined;
  const commands = missing.map((provider) => `  pulumi config set --secret --path breakeven:apiKeys.${provider}`);
  return [`API keys of ${missing.join(", ")} are not set; nothing was created. Set them as secrets:`, ...commands].join(
    "\n",
  );
}
