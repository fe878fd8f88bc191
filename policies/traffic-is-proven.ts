import type { ResourceValidationPolicy } from "@pulumi/policy";
import { ageInDays } from "../economics/provenance.ts";
import { measuredGaps } from "./measured-evidence.ts";
import { onPlatform } from "./on-platform.ts";
import { ownerConfigSchema } from "./owner-settings.ts";

const MIN_MEASURED_DAYS = 90;

/** Blocks production GPUs for traffic that nobody has measured: a forecast is where most of these decisions go wrong. */
export const trafficIsProven: ResourceValidationPolicy = {
  name: "traffic-is-proven",
  displayName: "Declared traffic is measured traffic",
  description: `In prod, every self-hosted task's volume is backed by at least ${MIN_MEASURED_DAYS} days of measurements.`,
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps:
    "Run the task on the API behind the gateway first, then point `measured` at what breakeven measure writes, or state tasks.<task>.evidence.",
  configSchema: ownerConfigSchema,
  validateResource: onPlatform((declared, report) => {
    const { config, today } = declared;
    if (config.environment !== "prod") return;
    if (config.measured !== undefined) {
      const gaps = measuredGaps({ config, file: config.measured, minDays: MIN_MEASURED_DAYS, today });
      for (const gap of gaps) report(gap);
      return;
    }
    for (const [name, { selfHosted, evidence }] of Object.entries(config.tasks)) {
      if (selfHosted.length === 0) continue;
      const path = `breakeven:platform.tasks.${name}.evidence`;
      if (evidence === undefined) {
        report(`${path} is missing; state at least ${MIN_MEASURED_DAYS} days of measured traffic`);
      } else if (evidence.measuredDays < MIN_MEASURED_DAYS) {
        report(`${path}.measuredDays is ${evidence.measuredDays}; at least ${MIN_MEASURED_DAYS} days are needed`);
      } else if (ageInDays(evidence.date, today) < 0) {
        report(`${path}.date is ${evidence.date}, which lies after ${today}`);
      }
    }
  }),
};
