import type { SecretReference } from "../../config/external-secrets.ts";
import type { PlatformConfig } from "../../config/platform.ts";
import { type Client, clientEntry, clientsOf } from "./keys.ts";
import { type GatewayTasks, keyedProviders } from "./routes.ts";

export type ExternalSecrets = NonNullable<PlatformConfig["gateway"]["externalSecrets"]>;

/** Providers of these tasks whose keys the operator brings. */
export const externalProviders = (tasks: GatewayTasks, external: ExternalSecrets | undefined): readonly string[] =>
  keyedProviders(tasks).filter((provider) => external?.apiKeys[provider] !== undefined);

/** Clients of these tasks whose keys the operator brings. */
export const externalClients = (
  { clients, externalSecrets }: Pick<PlatformConfig["gateway"], "clients" | "externalSecrets">,
  tasks: GatewayTasks,
): readonly (readonly [name: string, client: Client])[] =>
  clientsOf(clients, tasks).filter(([name]) => externalSecrets?.clients[name] !== undefined);

const fetched = (secretKey: string, { secret, property, version }: SecretReference) => ({
  secretKey,
  remoteRef: {
    key: secret,
    ...(property === undefined ? {} : { property }),
    ...(version === undefined ? {} : { version }),
  },
});

/** Spec of an ExternalSecret (external-secrets.io/v1) that fills the Secret `name`. */
function spec(
  { store, refreshMinutes }: ExternalSecrets,
  name: string,
  data: readonly ReturnType<typeof fetched>[],
  template?: Readonly<Record<string, string>>,
) {
  return {
    refreshInterval: `${refreshMinutes}m`,
    secretStoreRef: { kind: store.kind, name: store.name },
    target: {
      name,
      creationPolicy: "Owner",
      ...(template && { template: { engineVersion: "v2", data: template } }),
    },
    data,
  };
}

/** A Secret with one field per provider: its key. */
export const providerKeysSpec = (external: ExternalSecrets, name: string, providers: readonly string[]) =>
  spec(
    external,
    name,
    providers.flatMap((provider) => {
      const reference = external.apiKeys[provider];
      return reference === undefined ? [] : [fetched(provider, reference)];
    }),
  );

/** Hash of a fetched key, in the operator's template language. Names have dashes, so no dot before them. */
const hashOf = (field: string): string => `{{ index . "${field}" | trim | sha256sum }}`;

/** A Secret with the file `gwauth.py` reads: the operator hashes the keys, so not even the cluster's Secret has them. */
export function clientKeysSpec(
  external: ExternalSecrets,
  name: string,
  clients: readonly (readonly [name: string, client: Client])[],
  tasks: GatewayTasks,
  isRestricted: boolean,
) {
  const keys = clients.flatMap(([client, definition]) => {
    const { key, previous } = external.clients[client] ?? {};
    return [
      ...(key === undefined ? [] : [{ field: client, reference: key, client, definition }]),
      ...(previous === undefined ? [] : [{ field: `${client}.previous`, reference: previous, client, definition }]),
    ];
  });
  const lines = keys.map(
    ({ field, client, definition }) =>
      `"${hashOf(field)}": ${JSON.stringify(clientEntry(client, definition, tasks, isRestricted))}`,
  );
  return spec(
    external,
    name,
    keys.map(({ field, reference }) => fetched(field, reference)),
    { "keys.json": `{\n${lines.join(",\n")}\n}\n` },
  );
}
