/** What a healthy cluster would report for the objects whose status a stack reads. */

import type { Resource } from "./local-provider.ts";
import { isObject, type Properties } from "./values.ts";

/** The `status` of an object that has settled. */
export function kubernetesStatus(resource: Resource, inputs: Properties): Properties {
  const spec = isObject(inputs.spec) ? inputs.spec : {};
  const kind = resource.type.slice(resource.type.lastIndexOf(":") + 1);
  switch (kind) {
    case "Deployment":
    case "StatefulSet": {
      const replicas = spec.replicas ?? 1;
      return { replicas, readyReplicas: replicas, availableReplicas: replicas, updatedReplicas: replicas };
    }
    case "Service":
      return { loadBalancer: spec.type === "LoadBalancer" ? loadBalancer(resource.name) : {} };
    case "Ingress":
      return { loadBalancer: loadBalancer(resource.name) };
    case "Namespace":
      return { phase: "Active" };
    case "PersistentVolumeClaim":
      return { phase: "Bound" };
    case "Release":
      return { status: "deployed", name: inputs.name ?? resource.name, namespace: inputs.namespace ?? "default" };
    default:
      return {};
  }
}

const loadBalancer = (name: string): Properties => ({ ingress: [{ hostname: `${name}.sandbox.invalid` }] });
