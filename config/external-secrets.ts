import { z } from "zod";
import { name, text } from "./fields.ts";

const reference = (description: string) =>
  z
    .strictObject({
      secret: text("Name or path of the secret in the store."),
      property: text("Field of it; the whole secret when left out.").optional(),
      version: text("Version of it, e.g. `AWSPREVIOUS`; the newest when left out.").optional(),
    })
    .meta({ description });

/** Keys that stay in a store of secrets, for the External Secrets Operator to bring. */
export const externalSecretsSchema = z
  .strictObject({
    store: z
      .strictObject({
        kind: z.enum(["ClusterSecretStore", "SecretStore"]).default("ClusterSecretStore").meta({
          description: "A `SecretStore` has to be in the platform's namespace.",
        }),
        name: text("Its name."),
      })
      .meta({ description: "Store of the External Secrets Operator (`external-secrets.io/v1`) that is there." }),
    refreshMinutes: z
      .int()
      .min(1)
      .max(1440)
      .default(5)
      .meta({ description: "How often the operator looks for new values.", unit: "minutes" }),
    apiKeys: z.record(z.string(), reference("The provider's key.")).default({}).meta({
      description: "Keys of commercial providers, by provider, e.g. `openai`; not in `breakeven:apiKeys` then.",
    }),
    clients: z
      .record(
        name,
        z.strictObject({
          key: reference("The key the client uses."),
          previous: reference("The one before, good as long as it is named here.").optional(),
        }),
      )
      .default({})
      .meta({ description: "Keys of clients of `gateway.clients`; no key is made for them then." }),
  })
  .meta({
    description:
      "Keys out of a store of secrets instead of Pulumi's: the state never holds them, and new values are used without a restart.",
  });

export type SecretReference = z.output<ReturnType<typeof reference>>;
