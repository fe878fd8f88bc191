import { stringify } from "yaml";
import { type AlertDefinition, alertingRule } from "./alerts/alert.ts";
import { engineAlerts } from "./alerts/engine.ts";
import { gatewayAlerts } from "./alerts/gateway.ts";
import { gpuAlerts } from "./alerts/gpu.ts";
import { moneyAlerts } from "./alerts/money.ts";
import type { MonitoringPlan } from "./plan.ts";
import { planSeries } from "./plan-series.ts";
import type { RuleGroup } from "./promql.ts";
import { recordingRules } from "./recording-rules.ts";

/** All alerts of a platform, by subject. */
export const alerts = (plan: MonitoringPlan): Readonly<Record<string, readonly AlertDefinition[]>> => ({
  engine: engineAlerts(plan),
  gateway: gatewayAlerts(plan),
  gpu: gpuAlerts(plan),
  money: moneyAlerts(plan),
});

/** Every rule of a platform: the plan's figures first, what is recorded from them and live metrics, then alerts. */
export const ruleGroups = (plan: MonitoringPlan): readonly RuleGroup[] => [
  ...planSeries(plan),
  ...recordingRules(plan),
  ...Object.entries(alerts(plan))
    .filter(([, definitions]) => definitions.length > 0)
    .map(([subject, definitions]) => ({
      name: `${plan.namespace}-${subject}-alerts`,
      interval: "1m",
      rules: definitions.map((definition) => alertingRule(definition, plan)),
    })),
];

/** The rules as a Prometheus rule file. */
export const rulesYaml = (plan: MonitoringPlan): string =>
  stringify({ groups: ruleGroups(plan) }, { lineWidth: 0, aliasDuplicateObjects: false });
