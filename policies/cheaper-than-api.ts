import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { Justification } from "../config/economics.ts";
import type { Compared, Decision, DecisionInput } from "../economics/decide.ts";
import { usdText } from "../economics/format.ts";
import { reportText } from "../economics/report-text.ts";
import { declaredInput, plannedStack } from "./assess.ts";
import { differences } from "./compare-plans.ts";
import { activeJustification } from "./justification.ts";
import { onPlatform } from "./on-platform.ts";
import { ownerConfigSchema, ownerSettings } from "./owner-settings.ts";
import type { PlannedResource } from "./read.ts";
import { decideOnce } from "./remember.ts";

const MAX_DIFFERENCES = 8;

/** The text of a violation, or undefined when the decision lets the plan pass. */
function objection(
  decision: Decision,
  input: DecisionInput,
  justifications: readonly Justification[],
  resource: string,
): string | undefined {
  if (decision.kind === "unpriced") {
    const reasons = decision.missing.map(({ resource: name, reason }) => `  ${name}: ${reason}`);
    return ["No verdict: something has no price or no capacity, and that never counts as zero.", ...reasons].join("\n");
  }
  if (decision.kind !== "block" || activeJustification(justifications, input.today) !== undefined) return undefined;
  return reportText(decision, input, resource);
}

const isSameBill = (a: Decision, b: Decision): boolean =>
  "projection" in a &&
  "projection" in b &&
  Math.abs(a.projection.owningUsdPerMonth - b.projection.owningUsdPerMonth) < 0.01 * b.projection.owningUsdPerMonth;

const shortText = ({ projection }: Compared): string =>
  `The planned resources cost what the platform declares: owning ${usdText(projection.owningUsdPerMonth)}/month, staying ${usdText(projection.stayingUsdPerMonth)}/month. The bill is in the violation of the platform.`;

/** Guard 2: judges what is really planned, and that it is what was declared. */
function judgePlanned(
  resources: readonly PlannedResource[],
  owner: object,
  report: (message: string, urn?: string) => void,
): void {
  const stack = plannedStack(resources, ownerSettings(owner));
  if (!stack.ok) return report(stack.reason);
  const { platform, declared, planned, input } = stack.value;
  const differs = differences(declared.items, planned);
  if (differs.length > 0) {
    const more = differs.length > MAX_DIFFERENCES ? [`  and ${differs.length - MAX_DIFFERENCES} more`] : [];
    report(
      [
        "The planned graph is not the declared plan:",
        ...differs.slice(0, MAX_DIFFERENCES).map((line) => `  ${line}`),
        ...more,
        "Change breakeven:platform instead of its resources.",
      ].join("\n"),
      platform.urn,
    );
  }
  const decision = decideOnce(input);
  const text = objection(
    decision,
    input,
    declared.config.economics.justifications,
    `platform "${platform.name}", as planned`,
  );
  if (text === undefined) return;
  const asDeclared = decideOnce(declaredInput(declared));
  report(
    decision.kind === "block" && asDeclared.kind === "block" && isSameBill(decision, asDeclared)
      ? shortText(decision)
      : text,
    platform.urn,
  );
}

/** Blocks a deployment whose projected total cost of ownership is higher than staying on the API. */
export const cheaperThanApi: ResourceValidationPolicy & StackValidationPolicy = {
  name: "cheaper-than-api",
  displayName: "Owning is cheaper than the API",
  description: "The projected total cost of ownership is not higher than staying on the commercial API.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps:
    "Follow the remedy in the violation, or record a justification with owner and expiry under economics.justifications.",
  configSchema: ownerConfigSchema,
  // Guard 1: judges the declared plan before any child of the platform exists.
  validateResource: onPlatform(
    (declared, report, { name }) => {
      const input = declaredInput(declared);
      const { justifications } = declared.config.economics;
      const text = objection(decideOnce(input), input, justifications, `platform "${name}", as declared`);
      if (text !== undefined) report(text);
    },
    (reason, report) => report(reason),
  ),
  validateStack: (args, report) => judgePlanned(args.resources, args.getConfig(), report),
};
