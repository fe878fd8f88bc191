/**
 * Stands in for the Kubernetes provider: objects are checked against the pinned SDK and kept in the stack's state.
 * No cluster is asked, so admission, defaulting and Helm templates are not exercised.
 */

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { customResourceFailures, isKnownCustomResource } from "./kubernetes-custom-resources.ts";
import { kubernetesStatus } from "./kubernetes-status.ts";
import { type RecordingProvider, type Resource, unknownFunction, unknownType } from "./local-provider.ts";
import { SdkSchema } from "./sdk-schema.ts";
import { type Failure, validate } from "./validate.ts";
import { hexDigits, isObject, type Properties, UNKNOWN } from "./values.ts";

const packageDir = fileURLToPath(new URL("../../node_modules/@pulumi/kubernetes", import.meta.url));
const sdk = new SdkSchema(packageDir, moduleOf);
/** A Helm chart. */
export const RELEASE = "kubernetes:helm.sh/v3:Release";

export function kubernetesProvider(): RecordingProvider {
  let defaultNamespace: string | undefined;

  return {
    name: "kubernetes",
    sdk,

    configure(config) {
      defaultNamespace = config.get("namespace");
    },

    check(resource, inputs) {
      const named = withName(resource, inputs, defaultNamespace);
      return { inputs: named, failures: failuresOf(resource.type, inputs) };
    },

    create: (resource, inputs, isPreview) => ({
      id: isPreview ? "" : idOf(resource, inputs),
      outputs: outputsOf(resource, inputs, isPreview),
    }),

    update: (resource, inputs, _, isPreview) => outputsOf(resource, inputs, isPreview),

    replacedBy(changed, olds, news) {
      const identity = (value: Properties) => JSON.stringify(nameAndNamespace(value));
      if (identity(olds) === identity(news)) return [];
      return changed.filter((property) => ["metadata", "name", "namespace"].includes(property));
    },

    invoke(token) {
      throw unknownFunction(token, []);
    },
  };
}

/** `kubernetes:apps/v1:Deployment` is declared in `apps/v1/deployment`, `…rbac.authorization.k8s.io/v1…` in `rbac/v1`. */
function moduleOf(token: string): string | undefined {
  const [, groupVersion = "", kind = ""] = token.split(":");
  const [group = "", version = ""] = groupVersion.split("/");
  const dir = `${group.split(".")[0]}/${version}`;
  try {
    const files = readdirSync(`${packageDir}/${dir}`);
    const file = files.find((name) => name.toLowerCase() === `${kind.toLowerCase()}.js`);
    return file && `${dir}/${file.slice(0, -".js".length)}`;
  } catch {
    return undefined;
  }
}

function failuresOf(type: string, inputs: Properties): Failure[] {
  const schema = sdk.resource(type);
  if (schema) return validate(sdk, schema.inputs, inputs, type);
  return isKnownCustomResource(type) ? customResourceFailures(sdk, type, inputs) : [unknownType("kubernetes", type)];
}

const metadataOf = (inputs: Properties): Properties => (isObject(inputs.metadata) ? inputs.metadata : {});

const nameAndNamespace = (inputs: Properties): unknown[] => [
  metadataOf(inputs).name ?? inputs.name,
  metadataOf(inputs).namespace ?? inputs.namespace,
];

/** Like the real provider, gives a name to objects that have none. */
function withName(resource: Resource, inputs: Properties, defaultNamespace?: string): Properties {
  const name = `${resource.name}-${hexDigits(resource.urn, 8)}`;
  if (resource.type === RELEASE) {
    return { ...inputs, name: inputs.name ?? name, namespace: inputs.namespace ?? defaultNamespace ?? "default" };
  }
  if (inputs.metadata !== undefined && !isObject(inputs.metadata)) return inputs;
  const metadata: Properties = { ...metadataOf(inputs) };
  if (metadata.namespace === undefined && defaultNamespace !== undefined) metadata.namespace = defaultNamespace;
  if (metadata.name !== undefined || metadata.generateName !== undefined) return { ...inputs, metadata };
  const annotations = {
    ...(isObject(metadata.annotations) ? metadata.annotations : {}),
    "pulumi.com/autonamed": "true",
  };
  return { ...inputs, metadata: { ...metadata, name, annotations } };
}

function idOf(resource: Resource, inputs: Properties): string {
  const [name = resource.name, namespace] = nameAndNamespace(inputs);
  return namespace ? `${namespace}/${name}` : String(name);
}

function outputsOf(resource: Resource, inputs: Properties, isPreview: boolean): Properties {
  const hasStatus = sdk.resource(resource.type)?.outputs.has("status") ?? false;
  if (isPreview) {
    const computed = resource.type === RELEASE ? ["status", "resourceNames"] : hasStatus ? ["status"] : [];
    return { ...inputs, ...Object.fromEntries(computed.map((name) => [name, UNKNOWN])) };
  }
  const status = kubernetesStatus(resource, inputs);
  if (resource.type === RELEASE) return { ...inputs, status, resourceNames: {} };
  const metadata = { ...metadataOf(inputs), uid: hexDigits(resource.urn, 32), resourceVersion: "1" };
  return { ...inputs, metadata, ...(hasStatus ? { status } : {}) };
}
