import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { PlatformConfig } from "../config/platform.ts";
import type { PlannedItem } from "../economics/planned.ts";
import { type Declared, plannedStack } from "./assess.ts";
import { onPlatform } from "./on-platform.ts";
import { ownerConfigSchema, ownerSettings } from "./owner-settings.ts";

const GPU_ENVIRONMENTS: readonly PlatformConfig["environment"][] = ["staging", "prod"];

/** Nodes with GPUs where there should be none, priced or not. */
function gpuNodes(
  { config, catalog }: Extract<Declared, { ok: true }>,
  items: readonly PlannedItem[],
): readonly string[] {
  if (GPU_ENVIRONMENTS.includes(config.environment)) return [];
  return items.flatMap((item) => {
    if (item.kind !== "nodes") return [];
    const { hardware, resource, maxNodes } = item;
    if (hardware.kind !== "instance") return [`${resource} (${maxNodes}x ${hardware.gpusPerNode}x ${hardware.gpu})`];
    const type = catalog.instanceType(hardware.instanceType);
    return type.ok && type.value.gpu === undefined ? [] : [`${resource} (${maxNodes}x ${hardware.instanceType})`];
  });
}

const text = (environment: string, nodes: string): string =>
  `environment "${environment}" rents: ${nodes} would stand idle most of the time. Remove the GPUs and use API models, or set environment to ${GPU_ENVIRONMENTS.join(" or ")}.`;

/** Development and tests use the API: no GPUs outside production-like environments. */
export const devRents: ResourceValidationPolicy & StackValidationPolicy = {
  name: "dev-rents",
  displayName: "Development rents",
  description: "No GPU nodes outside production-like environments.",
  enforcementLevel: "mandatory",
  severity: "medium",
  configSchema: ownerConfigSchema,
  validateResource: onPlatform((declared, report) => {
    for (const nodes of gpuNodes(declared, declared.items)) report(text(declared.config.environment, nodes));
  }),
  validateStack: (args, report) => {
    const stack = plannedStack(args.resources, ownerSettings(args.getConfig()));
    if (!stack.ok) return;
    const { declared, planned } = stack.value;
    for (const nodes of gpuNodes(declared, planned)) report(text(declared.config.environment, nodes));
  },
};
