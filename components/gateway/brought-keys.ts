import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PlatformConfig } from "../../config/platform.ts";
import { clientKeysSpec, externalClients, externalProviders, providerKeysSpec } from "./external-secrets.ts";
import type { GatewayPodOptions } from "./pod.ts";
import { type GatewayTasks, isRestricted } from "./routes.ts";

export interface BroughtKeys extends Pick<GatewayPodOptions, "mounted" | "externalClients"> {
  /** What pods wait for. */
  readonly resources: readonly pulumi.Resource[];
}

/** Secrets that the External Secrets Operator fills and keeps up to date; none of their values passes through here. */
export function broughtKeys(
  name: string,
  gateway: PlatformConfig["gateway"],
  tasks: GatewayTasks,
  metadata: { readonly namespace: string; readonly labels: Record<string, string> },
  parent: pulumi.ResourceOptions,
): BroughtKeys {
  const isClosed = Object.values(tasks).every(isRestricted);
  const external = gateway.externalSecrets;
  if (external === undefined) return { resources: [] };
  const make = (secretName: string, spec: object) =>
    new k8s.apiextensions.CustomResource(
      secretName,
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata: { ...metadata, name: secretName },
        spec,
      },
      parent,
    );
  const resources: pulumi.Resource[] = [];
  const providers = externalProviders(tasks, external);
  const keysName = `${name}-provider-keys`;
  if (providers.length > 0) resources.push(make(keysName, providerKeysSpec(external, keysName, providers)));
  const clients = externalClients(gateway, tasks);
  const clientsName = `${name}-external-client-keys`;
  if (clients.length > 0)
    resources.push(make(clientsName, clientKeysSpec(external, clientsName, clients, tasks, isClosed)));
  return {
    resources,
    mounted: providers.length > 0 ? { providers, secretName: keysName } : undefined,
    externalClients: clients.length > 0 ? clientsName : undefined,
  };
}
