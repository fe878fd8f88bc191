import { createHash } from "node:crypto";
import { keyVariable } from "./providers.ts";

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** The key file `gwauth.py` reads: it knows callers by the hash of their key, and which model groups they may use. */
export function keyFile(
  keys: Readonly<Record<string, string>>,
  groups: readonly string[],
  isRestricted: boolean,
): string {
  const metadata = isRestricted ? { data_class: "restricted" } : {};
  const entries = Object.entries(keys).map(([alias, key]) => [sha256(key), { alias, models: groups, metadata }]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** The environment variables with provider keys. Throws when a needed key is missing: a fallback without a key is none. */
export function providerKeys(
  needed: readonly string[],
  apiKeys: Readonly<Record<string, string>>,
): Record<string, string> {
  const missing = needed.filter((provider) => !apiKeys[provider]);
  if (missing.length > 0) {
    throw new Error(
      `no API key for ${missing.join(", ")}: the tasks' API models need one (given: ${Object.keys(apiKeys).join(", ") || "none"})`,
    );
  }
  return Object.fromEntries(needed.map((provider) => [keyVariable(provider), apiKeys[provider] as string]));
}
