import { createHash } from "node:crypto";
import type { PlatformConfig } from "../../config/platform.ts";
import { keyVariable } from "./providers.ts";
import { type GatewayTasks, groupNames, tasksWhere } from "./routes.ts";

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export type Client = PlatformConfig["gateway"]["clients"][string];

/** Tasks of this gateway a client's key is good for. */
const tasksOf = ({ tasks: allowed }: Client, tasks: GatewayTasks): GatewayTasks =>
  tasksWhere(tasks, (_, name) => allowed === undefined || allowed.includes(name));

/** Clients with anything to ask here. */
export const clientsOf = (
  clients: PlatformConfig["gateway"]["clients"],
  tasks: GatewayTasks,
): readonly (readonly [name: string, client: Client])[] =>
  Object.entries(clients).filter(([, client]) => Object.keys(tasksOf(client, tasks)).length > 0);

/** What `gwauth.py` knows of a key. Limits are of the client, not of each of its keys. */
export function clientEntry(alias: string, client: Client, tasks: GatewayTasks, isRestricted: boolean) {
  const { requestsPerMinute: rpm, tokensPerMinute: tpm, parallelRequests: parallel } = client;
  const metadata = isRestricted ? { data_class: "restricted" } : {};
  return { alias, models: groupNames(tasksOf(client, tasks)), rpm, tpm, parallel, metadata };
}

/**
 * The key file `gwauth.py` reads: it knows callers by the hash of their key, which model groups they may use and how
 * much. `keys` has the good keys of every client, the newest first.
 */
export function keyFile(
  keys: Readonly<Record<string, readonly string[]>>,
  clients: PlatformConfig["gateway"]["clients"],
  tasks: GatewayTasks,
  isRestricted: boolean,
): string {
  const entries = clientsOf(clients, tasks).flatMap(([alias, client]) => {
    const entry = clientEntry(alias, client, tasks, isRestricted);
    return (keys[alias] ?? []).map((key) => [sha256(key), entry]);
  });
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
