import type { MonitoringPlan } from "../plan.ts";
import type { AlertingRule } from "../promql.ts";

/** `critical` wakes someone, `warning` is for working hours, `info` is for the next review of the bill. */
export type Severity = "critical" | "warning" | "info";

export interface AlertDefinition {
  readonly alert: string;
  readonly severity: Severity;
  readonly expr: string;
  /** How long it must hold, e.g. `5m`. */
  readonly for: string;
  /** How long it stays up after the last sign, so that values around the limit do not make it flap. */
  readonly keepFiringFor?: string;
  /** One line, what is wrong where. */
  readonly summary: string;
  /** What it means and what happens if nobody acts. */
  readonly description: string;
}

/** Heading of an alert's section in the runbook, as GitHub makes an anchor of it. */
export const runbookAnchor = (alert: string): string => alert.toLowerCase();

/** The alert as Prometheus takes it, with the link to its section of the runbook. */
export function alertingRule(definition: AlertDefinition, plan: MonitoringPlan): AlertingRule {
  const { alert, severity, expr, keepFiringFor, summary, description } = definition;
  return {
    alert,
    expr,
    for: definition.for,
    ...(keepFiringFor === undefined ? {} : { keep_firing_for: keepFiringFor }),
    labels: { severity, platform: plan.namespace },
    annotations: {
      summary,
      description,
      runbook_url: `${plan.config.monitoring.runbookUrl}#${runbookAnchor(alert)}`,
    },
  };
}
