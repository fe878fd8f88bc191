import { hybrid } from "../bases.ts";
import type { BadConfig } from "./bad-config.ts";

const at = (path: string, message: string): string => `breakeven:platform.gateway.${path}: ${message}`;
const store = { name: "vault" };
const secret = { secret: "llm/key" };

export const externalSecrets: readonly BadConfig[] = [
  {
    name: "a store of secrets that brings nothing",
    base: hybrid,
    changes: { "gateway.externalSecrets": { store } },
    lines: [at("externalSecrets", "brings no key; name some under apiKeys or clients, or remove it")],
  },
  {
    name: "keys for a provider and a client that are not there",
    base: hybrid,
    changes: {
      "gateway.externalSecrets": {
        store,
        apiKeys: { groq: secret, openai: secret },
        clients: { mail: { key: secret } },
      },
    },
    lines: [
      at(
        "externalSecrets.apiKeys.groq",
        "is the key of a provider no task calls with one; tasks.*.apiModel and secondApiModel name: openai",
      ),
      at("externalSecrets.clients.mail", "unknown client; declared under gateway.clients: default"),
    ],
  },
  {
    name: "keys that are made and brought",
    base: hybrid,
    changes: {
      "gateway.clients.web": { keyGeneration: 3 },
      "gateway.externalSecrets": { store, clients: { web: { key: secret } } },
    },
    lines: [
      at(
        "clients.web.keyGeneration",
        "3 makes keys and gateway.externalSecrets.clients.web brings them; remove it, and change the key in the store",
      ),
    ],
  },
  {
    name: "a store of another kind, and a value in place of a name",
    base: hybrid,
    changes: {
      "gateway.externalSecrets": {
        store: { kind: "Vault", name: "vault" },
        apiKeys: { openai: "sk-live-1234567890abcdef1234567890" },
      },
    },
    lines: [
      at("externalSecrets.store.kind", '"Vault" is not allowed; expected one of "ClusterSecretStore", "SecretStore"'),
      at(
        "externalSecrets.apiKeys.openai",
        '"(hidden: looks like a secret)" is not allowed; expected an object with secret',
      ),
    ],
  },
];
