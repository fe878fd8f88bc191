/** Custom resources that the stack may create; the SDK has no schema for them, so their spec is not checked. */

import type { SdkSchema } from "./sdk-schema.ts";
import { type Failure, validate } from "./validate.ts";
import { isObject, isUnknown, type Properties } from "./values.ts";

const KNOWN: Record<string, string[]> = {
  "cert-manager.io/v1": ["Certificate", "ClusterIssuer", "Issuer"],
  "eks.amazonaws.com/v1": ["NodeClass"],
  "external-secrets.io/v1": ["ClusterSecretStore", "ExternalSecret", "SecretStore"],
  "gateway.networking.k8s.io/v1": ["Gateway", "GatewayClass", "HTTPRoute"],
  "karpenter.k8s.aws/v1": ["EC2NodeClass"],
  "karpenter.sh/v1": ["NodePool"],
  "keda.sh/v1alpha1": ["ScaledObject", "TriggerAuthentication"],
  "leaderworkerset.x-k8s.io/v1": ["LeaderWorkerSet"],
  "monitoring.coreos.com/v1": ["PodMonitor", "PrometheusRule", "ServiceMonitor"],
};

/** True for `kubernetes:monitoring.coreos.com/v1:ServiceMonitor`. */
export function isKnownCustomResource(type: string): boolean {
  const [, groupVersion = "", kind = ""] = type.split(":");
  return KNOWN[groupVersion]?.includes(kind) ?? false;
}

export function customResourceFailures(sdk: SdkSchema, type: string, inputs: Properties): Failure[] {
  const [, groupVersion, kind] = type.split(":");
  const failures: Failure[] = [];
  const check = (property: string, isRight: boolean, wanted: string): void => {
    if (isRight || isUnknown(inputs[property])) return;
    failures.push({ property, reason: `${property} must be ${wanted}, not ${JSON.stringify(inputs[property])}` });
  };
  check("apiVersion", inputs.apiVersion === groupVersion, `"${groupVersion}"`);
  check("kind", inputs.kind === kind, `"${kind}"`);
  check("metadata", isObject(inputs.metadata), "an object");
  check("spec", inputs.spec === undefined || isObject(inputs.spec), "an object");
  const metadata = sdk.members({ kind: "reference", side: "input", path: ["meta", "v1", "ObjectMeta"] });
  if (!metadata || !isObject(inputs.metadata)) return failures;
  return [...failures, ...validate(sdk, metadata, inputs.metadata, "metadata")];
}
