import type { PolicyConfigSchema } from "@pulumi/policy";
import { z } from "zod";
import { priceOverridesSchema } from "../config/economics.ts";
import type { PlatformConfig } from "../config/platform.ts";
import { BASELINES } from "../economics/baseline.ts";
import { CONFIDENCES } from "../economics/plan.ts";

const fraction = (description: string) => z.number().min(-0.5).max(1).optional().meta({ description });
const rate = (description: string) => z.number().min(0).optional().meta({ description });

/** What the platform owner pins in the policy configuration. It wins over whatever a stack claims. */
export const ownerSettingsSchema = z.strictObject({
  today: z.iso
    .date()
    .optional()
    .meta({ description: "Day of the decision, YYYY-MM-DD; the clock's day when left out." }),
  confidence: z
    .enum(CONFIDENCES)
    .optional()
    .meta({ description: "End of the capacity interval at which owning must win." }),
  baseline: z.enum(BASELINES).optional().meta({ description: "What staying on the API means." }),
  horizonMonths: z.int().min(1).max(60).optional().meta({ description: "Months the decision looks ahead." }),
  maxMonthlyGrowth: fraction("Highest growth of traffic per month a stack may claim."),
  minApiPriceDeclinePerYear: fraction("Least yearly fall of API prices to assume."),
  minEngineerUsdPerHour: rate("Least cost of an engineer hour to assume."),
  minMaintenanceHoursPerMonth: rate("Least maintenance hours per month to assume."),
  allowJustifications: z
    .boolean()
    .default(true)
    .meta({ description: "Whether recorded justifications turn a block into an advisory." }),
  allowPriceOverrides: z
    .boolean()
    .default(true)
    .meta({ description: "Whether a stack may state prices of its own; the owner's own prices always hold." }),
  maxFailureUsd: rate("Highest cost of one failed answer a stack may claim."),
  freeTypes: z
    .array(z.string().min(3))
    .default([])
    .meta({ description: "Further resource types that cost nothing; a trailing * stands for a module." }),
  priceOverrides: priceOverridesSchema,
});

export type OwnerSettings = z.output<typeof ownerSettingsSchema>;

/** The settings as Pulumi's policy configuration wants its schema. Every policy that prices takes the same ones. */
export const ownerConfigSchema: PolicyConfigSchema = {
  properties: z.toJSONSchema(ownerSettingsSchema, { target: "draft-7", io: "input" })
    .properties as PolicyConfigSchema["properties"],
};

/** Reads the settings of one policy; the engine has already checked them against the schema, this fills in defaults. */
export function ownerSettings(raw: object): OwnerSettings {
  const { enforcementLevel: _, ...settings } = raw as Record<string, unknown>;
  const result = ownerSettingsSchema.safeParse(settings);
  if (!result.success)
    throw new Error(
      `policy configuration: ${result.error.issues.map(({ path, message }) => (path.length > 0 ? `${path.join(".")}: ${message}` : message)).join("; ")}`,
    );
  return result.data;
}

export const today = ({ today: day }: OwnerSettings): string => day ?? new Date().toISOString().slice(0, 10);

/** The stack's config with everything the owner pinned in place of the stack's own claims. */
export function pinned(config: PlatformConfig, owner: OwnerSettings): PlatformConfig {
  const { economics, operations } = config;
  const ceiling = owner.maxMonthlyGrowth ?? Number.POSITIVE_INFINITY;
  return {
    ...config,
    tasks: Object.fromEntries(
      Object.entries(config.tasks).map(([name, task]) => [
        name,
        {
          ...task,
          monthlyGrowth: Math.min(task.monthlyGrowth, ceiling),
          failureUsd: Math.min(task.failureUsd, owner.maxFailureUsd ?? task.failureUsd),
        },
      ]),
    ),
    operations: {
      ...operations,
      engineerUsdPerHour: Math.max(operations.engineerUsdPerHour, owner.minEngineerUsdPerHour ?? 0),
      maintenanceHoursPerMonth: Math.max(operations.maintenanceHoursPerMonth, owner.minMaintenanceHoursPerMonth ?? 0),
    },
    economics: {
      ...economics,
      confidence: owner.confidence ?? economics.confidence,
      baseline: owner.baseline ?? economics.baseline,
      horizonMonths: owner.horizonMonths ?? economics.horizonMonths,
      apiPriceDeclinePerYear: Math.max(economics.apiPriceDeclinePerYear, owner.minApiPriceDeclinePerYear ?? 0),
      justifications: owner.allowJustifications ? economics.justifications : [],
    },
  };
}
