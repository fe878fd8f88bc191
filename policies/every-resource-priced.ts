import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { pricePlan } from "../economics/price-plan.ts";
import { plannedStack } from "./assess.ts";
import { ownerConfigSchema, ownerSettings } from "./owner-settings.ts";
import { rememberInputs } from "./seen-inputs.ts";

/** Blocks a plan with anything in it that has no price: a price that is not known may be any price. */
export const everyResourcePriced: ResourceValidationPolicy & StackValidationPolicy = {
  name: "every-resource-priced",
  displayName: "Every planned resource has a price",
  description: "Every planned resource has a dated price or is known to be free; unknown never counts as zero.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps:
    "Give plain values for sizes and types, state the price under economics.priceOverrides, or let the platform owner add a free type to the policy configuration.",
  configSchema: ownerConfigSchema,
  validateResource: rememberInputs,
  validateStack: (args, report) => {
    const stack = plannedStack(args.resources, ownerSettings(args.getConfig()));
    if (!stack.ok) return report(stack.reason);
    const { items, catalog } = stack.value.input;
    for (const { resource, reason } of pricePlan(items, catalog).missing) report(`${resource} has no price: ${reason}`);
  },
};
