import type { ReportViolation, ResourceValidation, ResourceValidationArgs } from "@pulumi/policy";
import { PLATFORM_TYPE } from "../config/marks.ts";
import { type Declared, declaredPlan } from "./assess.ts";
import { ownerSettings } from "./owner-settings.ts";

type ReadPlan = Extract<Declared, { ok: true }>;

/**
 * A validation of the declared plan, called for the root component only. The type on the function is what the policy
 * SDK's own `validateResourceOfType` sets: it spares every other resource the transfer of its properties.
 */
export function onPlatform(
  validate: (declared: ReadPlan, report: ReportViolation, platform: ResourceValidationArgs) => void,
  onUnreadable: (reason: string, report: ReportViolation) => void = () => undefined,
): ResourceValidation {
  const validation: ResourceValidation = (args, report) => {
    if (args.type !== PLATFORM_TYPE) return;
    const declared = declaredPlan(args, ownerSettings(args.getConfig()));
    if (declared.ok) validate(declared, report, args);
    else onUnreadable(declared.reason, report);
  };
  return Object.assign(validation, { __pulumiType: PLATFORM_TYPE });
}
