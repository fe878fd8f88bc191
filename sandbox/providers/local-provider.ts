/** What a provider of the sandbox has to answer; server.ts speaks the engine's protocol for it. */

import type { SdkSchema } from "./sdk-schema.ts";
import type { TypeExpression } from "./type-text.ts";
import { type Failure, validate } from "./validate.ts";
import { isSame, type Properties } from "./values.ts";

export interface Resource {
  urn: string;
  /** `aws:eks/nodeGroup:NodeGroup` */
  type: string;
  /** The name given in the program. */
  name: string;
}

export interface Creation {
  /** Empty in a preview. */
  id: string;
  outputs: Properties;
}

type Eventually<T> = T | Promise<T>;

export interface LocalProvider {
  /** `aws` */
  name: string;
  sdk: SdkSchema;
  /** Takes the provider's configuration (`region`); throws when it is incomplete. Never asks for credentials. */
  configure?(config: Map<string, string>): Eventually<void>;
  /** The inputs with defaults and generated names filled in, and everything wrong with them. */
  check(resource: Resource, inputs: Properties): { inputs: Properties; failures: Failure[] };
  create(resource: Resource, inputs: Properties, isPreview: boolean): Eventually<Creation>;
  /** The outputs after a change of inputs; `olds` are the outputs before. */
  update(resource: Resource, inputs: Properties, olds: Properties, isPreview: boolean): Eventually<Properties>;
  /** The properties in which what is deployed differs from unchanged inputs. Without a cloud to ask there are none. */
  drift?(resource: Resource, inputs: Properties): Eventually<string[]>;
  /** What is deployed under an id; undefined when it is gone. Without a cloud to ask it is what the state says. */
  read?(resource: Resource, id: string, known: Properties): Eventually<Properties | undefined>;
  /** Takes away what is deployed. Without a cloud there is nothing to take away. */
  remove?(resource: Resource, known: Properties): Eventually<void>;
  /** Among the changed properties, those that cannot change in place. */
  replacedBy(changed: string[], olds: Properties, news: Properties): string[];
  /** The result of a function (data source); throws for one that it does not know. */
  invoke(token: string, args: Properties): Properties;
}

/** A provider without anything to ask: what it answers follows from what it is given. */
export interface RecordingProvider extends LocalProvider {
  configure?(config: Map<string, string>): void;
  create(resource: Resource, inputs: Properties, isPreview: boolean): Creation;
  update(resource: Resource, inputs: Properties, olds: Properties, isPreview: boolean): Properties;
}

/** The failure for a type that the pinned SDK does not have. */
export const unknownType = (provider: string, type: string): Failure => ({
  property: "",
  reason:
    `the pinned @pulumi/${provider} SDK has no resource type "${type}"; ` +
    "check the spelling, or the SDK's version in package.json",
});

/** The error for a function that the sandbox cannot compute. */
export const unknownFunction = (token: string, known: string[]): Error =>
  new Error(
    `the sandbox cannot answer the function "${token}"; it knows ${known.join(", ") || "none of this provider"}. ` +
      "Add it to sandbox/providers, or preview with real providers",
  );

/** What is wrong with the arguments of `new aws.Provider(…)`. */
export function checkProviderInputs(provider: LocalProvider, inputs: Properties): Failure[] {
  const members = provider.sdk.providerInputs();
  const plain: Properties = {};
  for (const [name, value] of Object.entries(inputs)) {
    if (name === "version" || name === "pluginDownloadURL" || name.startsWith("__")) continue;
    // Text stays text, even where it reads as JSON, as a kubeconfig does.
    plain[name] = takesText(members.get(name)?.type) ? value : decoded(value);
  }
  return validate(provider.sdk, members, plain, `provider ${provider.name}`);
}

const takesText = (type?: TypeExpression): boolean =>
  type?.kind === "string" || (type?.kind === "union" && type.options.some(takesText));

/** Names of the inputs that differ. */
export const changedInputs = (olds: Properties, news: Properties): string[] =>
  [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter((name) => !isSame(olds[name], news[name])).sort();

/** SDKs send the nested and non-string configuration of a provider as JSON text. */
function decoded(value: Properties[string]): Properties[string] {
  if (typeof value !== "string" || !/^(true|false|-?\d+|[[{].*)$/s.test(value)) return value;
  try {
    return JSON.parse(value) as Properties[string];
  } catch {
    return value;
  }
}
