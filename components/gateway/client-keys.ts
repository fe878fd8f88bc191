import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { PlatformConfig } from "../../config/platform.ts";
import { externalClients } from "./external-secrets.ts";
import { clientsOf } from "./keys.ts";
import type { GatewayTasks } from "./routes.ts";

/** Keys of each client, the newest first: its own generation, and the one before until everybody has changed over. */
export function goodKeys(
  name: string,
  { gateway, tasks }: { readonly gateway: PlatformConfig["gateway"]; readonly tasks: GatewayTasks },
  parent: pulumi.ResourceOptions,
): pulumi.Output<Record<string, readonly string[]>> {
  const brought = externalClients(gateway, tasks).map(([client]) => client);
  const own = clientsOf(gateway.clients, tasks).filter(([client]) => !brought.includes(client));
  const byClient = own.map(([client, { keyGeneration }]) => {
    const generations = [keyGeneration, keyGeneration - 1].filter((generation) => generation > 0);
    const keys = generations.map((generation) => {
      const role = `${name}-client-${client}${generation === 1 ? "" : `-${generation}`}`;
      return new random.RandomPassword(role, { length: 48, special: false }, parent).result;
    });
    return [client, pulumi.all(keys)] as const;
  });
  return pulumi.secret(pulumi.all(Object.fromEntries(byClient)));
}
