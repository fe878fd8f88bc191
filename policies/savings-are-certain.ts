import type { StackValidationPolicy } from "@pulumi/policy";
import { reportText } from "../economics/report-text.ts";
import { plannedStack } from "./assess.ts";
import { activeJustification, justificationText } from "./justification.ts";
import { ownerConfigSchema, ownerSettings } from "./owner-settings.ts";
import { decideOnce } from "./remember.ts";

/** Puts on record what `cheaper-than-api` lets pass although owning may lose: marginal plans and justified ones. */
export const savingsAreCertain: StackValidationPolicy = {
  name: "savings-are-certain",
  displayName: "The saving holds over the whole capacity interval",
  description: "Owning wins at both ends of the capacity interval, without a recorded justification.",
  enforcementLevel: "advisory",
  severity: "medium",
  configSchema: ownerConfigSchema,
  validateStack: (args, report) => {
    const stack = plannedStack(args.resources, ownerSettings(args.getConfig()));
    if (!stack.ok) return;
    const { platform, declared, input } = stack.value;
    const decision = decideOnce(input);
    if (decision.kind !== "marginal" && decision.kind !== "block") return;
    const justification = activeJustification(declared.config.economics.justifications, input.today);
    if (decision.kind === "block" && justification === undefined) return;
    const record =
      decision.kind === "block" && justification !== undefined
        ? [`Allowed by a recorded justification: ${justificationText(justification)}`]
        : [];
    report(
      [...record, reportText(decision, input, `platform "${platform.name}", as planned`)].join("\n"),
      platform.urn,
    );
  },
};
