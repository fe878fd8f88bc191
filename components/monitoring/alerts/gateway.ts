import { HOURS_PER_DAY } from "../../../economics/units.ts";
import type { MonitoringPlan } from "../plan.ts";
import { figure } from "../promql.ts";
import { recorder } from "../recorder.ts";
import type { AlertDefinition } from "./alert.ts";

/** Part of the daily cap at which there is still time to act. */
const CAP_WARNING = 0.8;

/** Alerts of the gateway and of what it sends to the API. */
export function gatewayAlerts(plan: MonitoringPlan): readonly AlertDefinition[] {
  const { own, raw } = recorder(plan);
  const { figures, config } = plan;
  const { apiShareMargin, apiSpendMargin, apiUsdPerDay, expiryDays } = config.monitoring.alerts;
  const asked = (labels = {}): string => sumTask(own("breakeven:requests:rate1h", labels));
  const spendPerDay = `${HOURS_PER_DAY} * avg_over_time(${own("breakeven:api_spend:usd_per_hour_sum")}[1d])`;
  const plannedPerDay = (figures?.apiUsdPerHour ?? 0) * HOURS_PER_DAY;
  const isHybrid = plan.targets.some(({ route }) => route === "own");
  return [
    {
      alert: "GatewayDown",
      severity: "critical",
      expr: `absent(${raw("up", { container: "litellm" })} == 1)`,
      for: "2m",
      summary: `No gateway of ${plan.namespace} answers`,
      description:
        "Prometheus reaches no gateway pod. Clients get no answers, and traffic and cost are unknown meanwhile.",
    },
    ...(isHybrid && figures !== undefined
      ? [
          {
            alert: "ApiShareHigh",
            severity: "warning",
            expr: `${asked({ route: "=~api|api-again" })} / ${asked()} - on (task) group_left () ${own("breakeven:plan_api_share")} > ${figure(apiShareMargin)}`,
            for: "30m",
            keepFiringFor: "30m",
            summary: "The API answers more of {{ $labels.task }} than planned",
            description: `The API's share of {{ $labels.task }} is {{ $value | humanizePercentage }} above the plan's (margin ${figure(apiShareMargin * 100)} %). Own replicas are short, ill or put aside, and each answer is paid for twice: GPUs and API.`,
          } as const,
        ]
      : []),
    ...(plannedPerDay > 0
      ? [
          {
            alert: "ApiSpendAbovePlan",
            severity: "warning",
            expr: `${spendPerDay} > ${figure(plannedPerDay * (1 + apiSpendMargin))}`,
            for: "1h",
            keepFiringFor: "1h",
            summary: "The API bill is above the plan's",
            description: `The API cost {{ $value | printf "%.2f" }} USD in the last day; the plan expects ${plannedPerDay.toFixed(2)} USD (margin ${figure(apiSpendMargin * 100)} %).`,
          } as const,
        ]
      : []),
    ...(apiUsdPerDay === undefined || figures === undefined
      ? []
      : [
          {
            alert: "ApiSpendNearCap",
            severity: "critical",
            expr: `${spendPerDay} > ${figure(apiUsdPerDay * CAP_WARNING)}`,
            for: "10m",
            keepFiringFor: "30m",
            summary: "The API bill nears its daily cap",
            description: `The API cost {{ $value | printf "%.2f" }} USD in the last day, of a cap of ${figure(apiUsdPerDay)} USD. At the cap the gateway may refuse what own models cannot answer.`,
          } as const,
        ]),
    {
      alert: "ValidityEnds",
      severity: "warning",
      expr: `(${own("breakeven:plan_expires_timestamp_seconds")} - time()) / 86400 < ${expiryDays}`,
      for: "1h",
      summary: "{{ $labels.what }} ends soon",
      description: `{{ $labels.what }} is valid for another {{ $value | printf "%.1f" }} days (reported below ${expiryDays}). Renew it and state the new day under monitoring.expires, or its requests fail.`,
    },
    {
      alert: "CertificateExpires",
      severity: "warning",
      expr: `(${raw("certmanager_certificate_expiration_timestamp_seconds")} - time()) / 86400 < ${expiryDays}`,
      for: "1h",
      summary: "Certificate {{ $labels.name }} expires soon",
      description: `Certificate {{ $labels.name }} is valid for another {{ $value | printf "%.1f" }} days (reported below ${expiryDays}) and was not renewed in time. Clients refuse the gateway once it ends.`,
    },
  ];
}

const sumTask = (expression: string): string => `sum by (task) (${expression})`;
