import { readFileSync } from "node:fs";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import * as proxy from "@pulumi/policy/proxy.js";
import { parse } from "yaml";
import { loadCatalog } from "../../catalog/load.ts";
import { parsePlatformConfig, problemsText } from "../../config/parse.ts";
import type { PlatformConfig, PlatformInput } from "../../config/platform.ts";
import type { PlannedItem } from "../../economics/planned.ts";
import { plannedItems } from "../../policies/planned-resources.ts";
import type { PlannedResource } from "../../policies/read.ts";

/** How the policy SDK guards unknown values; its types leave these out. */
const { unknownCheckingProxy, unknownStringValue } = proxy as unknown as {
  readonly unknownCheckingProxy: (props: object) => Record<string, unknown>;
  readonly unknownStringValue: string;
};

/** A value the engine does not know during a preview. */
export const UNKNOWN = unknownStringValue;

/** The day all committed figures are judged on. */
export const TODAY = "2026-11-21";

/** A planned resource as the policy SDK hands it over, unknown values guarded. */
export function resource(
  type: string,
  name: string,
  props: object,
  dependencies: Record<string, readonly PlannedResource[]> = {},
): PlannedResource {
  return {
    type,
    name,
    urn: `urn:pulumi:test::breakeven::${type}::${name}`,
    props: unknownCheckingProxy(structuredClone(props)),
    propertyDependencies: dependencies,
  };
}

/** What the policies make of resources in a region. */
export const itemsOf = (...resources: readonly PlannedResource[]): readonly PlannedItem[] =>
  plannedItems(resources, { region: "us-east-1" });

/** Why items have no price; of those that have one, their kind. */
export const reasonOf = (items: readonly PlannedItem[]): string =>
  items.map((item) => (item.kind === "unpriced" ? `${item.resource}: ${item.reason}` : item.kind)).join("; ");

/** The config of a committed stack file, changed by `change`, all defaults filled in. */
export function stackConfig(stack: string, change: (raw: PlatformInput) => void = () => undefined): PlatformConfig {
  const file = parse(readFileSync(new URL(`../../Pulumi.${stack}.yaml`, import.meta.url), "utf8"));
  const raw = file.config["breakeven:platform"] as PlatformInput;
  change(raw);
  const parsed = parsePlatformConfig(raw, loadCatalog());
  if (!parsed.ok) throw new Error(problemsText(parsed.problems));
  return parsed.config;
}

export const platform = (config: PlatformConfig): PlannedResource =>
  resource("breakeven:index:Platform", "breakeven", { config });

export const nodeGroup = (name: string, props: object = {}, diskGiB = 300): PlannedResource =>
  resource(
    "aws:eks/nodeGroup:NodeGroup",
    name,
    {
      instanceTypes: ["p5.48xlarge"],
      capacityType: "ON_DEMAND",
      scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 1 },
      labels: { "breakeven.dev/pool": "h100" },
      tags: { "breakeven:purchase": "commit-1y" },
      launchTemplate: { id: UNKNOWN, version: UNKNOWN },
      ...props,
    },
    {
      launchTemplate: [
        resource("aws:ec2/launchTemplate:LaunchTemplate", `${name}-template`, {
          blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: diskGiB, volumeType: "gp3" } }],
        }),
      ],
    },
  );

const SYSTEM = {
  instanceTypes: ["m7i.large"],
  scalingConfig: { minSize: 3, desiredSize: 3, maxSize: 3 },
  labels: {},
  tags: {},
};

/** What the components plan for Pulumi.prod.yaml, as far as it costs money. */
export function prodGraph(config = stackConfig("prod")): readonly PlannedResource[] {
  const zones = [0, 1, 2];
  return [
    platform(config),
    resource("aws:eks/cluster:Cluster", "cluster", { name: "breakeven", upgradePolicy: { supportType: "STANDARD" } }),
    resource("aws:kms/key:Key", "key", {}),
    resource("aws:cloudwatch/logGroup:LogGroup", "logs", { tags: { "breakeven:gb-per-month": "20" } }),
    ...zones.map((zone) => resource("aws:ec2/natGateway:NatGateway", `nat-${zone}`, { subnetId: UNKNOWN })),
    ...zones.map((zone) => resource("aws:ec2/eip:Eip", `eip-${zone}`, { domain: "vpc" })),
    resource("aws:lb/loadBalancer:LoadBalancer", "gateway", {
      loadBalancerType: "network",
      internal: true,
      subnets: [UNKNOWN, UNKNOWN, UNKNOWN],
    }),
    nodeGroup("system", SYSTEM, 50),
    nodeGroup("h100"),
    resource("kubernetes:helm.sh/v3:Release", "prometheus", {
      chart: "oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack",
      values: {
        prometheus: {
          prometheusSpec: {
            storageSpec: { volumeClaimTemplate: { spec: { resources: { requests: { storage: "50Gi" } } } } },
          },
        },
      },
    }),
  ];
}

type Policy = Partial<Pick<ResourceValidationPolicy, "validateResource">> &
  Partial<Pick<StackValidationPolicy, "validateStack">>;

/** Runs the stack half of a policy and returns its violations. */
export async function stackViolations(
  policy: Policy,
  resources: readonly PlannedResource[],
  config: object = {},
): Promise<readonly string[]> {
  const messages: string[] = [];
  const args = { resources, getConfig: () => ({ today: TODAY, ...config }) } as never;
  await policy.validateStack?.(args, (message) => messages.push(message));
  return messages;
}

/** Runs the resource half of a policy on one resource and returns its violations. */
export async function resourceViolations(
  policy: Policy,
  target: PlannedResource,
  config: object = {},
): Promise<readonly string[]> {
  const messages: string[] = [];
  const args = { ...target, getConfig: () => ({ today: TODAY, ...config }) } as never;
  for (const validate of [policy.validateResource ?? []].flat())
    await validate(args, (message: string) => messages.push(message));
  return messages;
}
