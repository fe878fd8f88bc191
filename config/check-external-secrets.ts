import type { Add } from "./check-gateway.ts";
import type { WellFormedParts } from "./parse.ts";
import { named } from "./problems.ts";
import { keyedProvidersOf } from "./secrets.ts";

const listed = (names: readonly string[]): string => names.map(named).join(", ") || "none";

/** Keys out of a store are for providers and clients there are. */
export function checkExternalSecrets({ gateway, tasks, names }: WellFormedParts, add: Add): void {
  const external = gateway?.externalSecrets;
  if (gateway === undefined || external === undefined) return;
  const path = ["gateway", "externalSecrets"];
  const { apiKeys, clients } = external;
  if (Object.keys(apiKeys).length + Object.keys(clients).length === 0)
    add(path, "brings no key; name some under apiKeys or clients, or remove it");
  const used = keyedProvidersOf(tasks);
  // A broken task may be the one that calls the provider.
  if (names.tasks?.length === Object.keys(tasks).length)
    for (const provider of Object.keys(apiKeys))
      if (!used.includes(provider))
        add(
          [...path, "apiKeys", provider],
          `is the key of a provider no task calls with one; tasks.*.apiModel and secondApiModel name: ${listed(used)}`,
        );
  for (const client of Object.keys(clients)) {
    const known = gateway.clients[client];
    if (known === undefined)
      add(
        [...path, "clients", client],
        `unknown client; declared under gateway.clients: ${listed(Object.keys(gateway.clients))}`,
      );
    else if (known.keyGeneration > 1)
      add(
        ["gateway", "clients", client, "keyGeneration"],
        `${known.keyGeneration} makes keys and gateway.externalSecrets.clients.${client} brings them; remove it, and change the key in the store`,
      );
  }
}
