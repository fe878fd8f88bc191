import type { PolicyConfigSchema, StackValidationArgs, StackValidationPolicy } from "@pulumi/policy";
import type { DecisionInput } from "../economics/decide.ts";
import { clipped, percentText, usdText } from "../economics/format.ts";
import { DEFAULT_FRESHNESS, type FreshnessLimits, freshness, type StalePrice } from "../economics/freshness.ts";
import { plannedStack } from "./assess.ts";
import { ownerConfigSchema, ownerSettings } from "./owner-settings.ts";
import { decideOnce } from "./remember.ts";

const MAX_SHOWN = 10;
const COLUMNS = 100;

type LimitsConfig = Partial<FreshnessLimits>;

const configSchema: PolicyConfigSchema = {
  properties: {
    ...ownerConfigSchema.properties,
    warnAfterDays: { type: "integer", minimum: 1, description: "Age in days at which a price is reported." },
    blockAfterDays: { type: "integer", minimum: 1, description: "Age in days at which a price that matters blocks." },
    materialShare: {
      type: "number",
      minimum: 0,
      maximum: 1,
      description: "Share of the bill above which prices past the blocking age block.",
    },
  },
};

function judged(
  args: StackValidationArgs,
): { input: DecisionInput; limits: FreshnessLimits; result: ReturnType<typeof freshness> } | undefined {
  const { warnAfterDays, blockAfterDays, materialShare, ...owner } = args.getConfig<
    LimitsConfig & Record<string, unknown>
  >();
  const stack = plannedStack(args.resources, ownerSettings(owner));
  if (!stack.ok) return undefined;
  const { input } = stack.value;
  const decision = decideOnce(input);
  if (decision.kind === "unpriced") return undefined;
  const limits = {
    warnAfterDays: warnAfterDays ?? DEFAULT_FRESHNESS.warnAfterDays,
    blockAfterDays: blockAfterDays ?? DEFAULT_FRESHNESS.blockAfterDays,
    materialShare: materialShare ?? DEFAULT_FRESHNESS.materialShare,
  };
  return { input, limits, result: freshness(decision.prices, input.today, limits) };
}

function staleLines(stale: readonly StalePrice[]): readonly string[] {
  const rows = stale
    .toSorted((a, b) => b.usdPerMonth - a.usdPerMonth)
    .slice(0, MAX_SHOWN)
    .map(({ label, date, ageDays, usdPerMonth, source }) =>
      clipped(`  ${date} (${ageDays} days) ${label}, ${usdText(usdPerMonth)}/month: ${source}`, COLUMNS),
    );
  return stale.length > MAX_SHOWN ? [...rows, `  and ${stale.length - MAX_SHOWN} more`] : rows;
}

/** Blocks when much of the bill rests on prices past their blocking age. */
export const pricesAreFresh: StackValidationPolicy = {
  name: "prices-are-fresh",
  displayName: "The money rests on fresh prices",
  description: "No material part of the bill rests on prices older than 120 days.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps:
    "Refresh the catalogue, or state current prices with source and date under economics.priceOverrides.",
  configSchema,
  validateStack: (args, report) => {
    const checked = judged(args);
    if (checked === undefined || !checked.result.isMaterial) return;
    const { limits, result } = checked;
    const expired = result.stale.filter(({ ageDays }) => ageDays > limits.blockAfterDays || ageDays < 0);
    const share = `${percentText(result.expiredShare)} of the bill rests on prices older than ${limits.blockAfterDays} days (allowed: ${percentText(limits.materialShare)}):`;
    report([share, ...staleLines(expired)].join("\n"));
  },
};

/** Names every price past the warning age. */
export const pricesAreRecent: StackValidationPolicy = {
  name: "prices-are-recent",
  displayName: "Every price is recent",
  description: "Every price the decision used is younger than 45 days.",
  enforcementLevel: "advisory",
  severity: "low",
  configSchema,
  validateStack: (args, report) => {
    const checked = judged(args);
    if (checked === undefined || checked.result.stale.length === 0) return;
    const { stale } = checked.result;
    report(
      [
        `${stale.length} of the prices used ${stale.length === 1 ? "is" : "are"} older than ${checked.limits.warnAfterDays} days:`,
        ...staleLines(stale),
      ].join("\n"),
    );
  },
};
