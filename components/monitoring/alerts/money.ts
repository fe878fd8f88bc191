import type { MonitoringPlan } from "../plan.ts";
import { figure, series } from "../promql.ts";
import { RECHECK_METRICS } from "../recheck-metrics.ts";
import { recorder } from "../recorder.ts";
import type { AlertDefinition } from "./alert.ts";

/** Days without a re-check after which its silence is no good news. */
const RECHECK_DAYS = 3;

/** Alerts on the decision itself: does owning still win? */
export function moneyAlerts(plan: MonitoringPlan): readonly AlertDefinition[] {
  const { figures, config, namespace } = plan;
  if (figures === undefined || figures.pools.length === 0) return [];
  const { own } = recorder(plan);
  const saving = own("breakeven:saving:usd_per_hour");
  /** A week must have passed: the first days of a platform say nothing. */
  const weekOld = `on () count_over_time(${saving}[1d] offset 6d) > 0`;
  const meeting = figures.breakEven?.volume;
  const isBreakEven = meeting !== undefined && meeting < 1;
  const floor = isBreakEven ? meeting : config.monitoring.alerts.trafficFloor;
  const why = isBreakEven ? "the volume at which both bills meet" : "monitoring.alerts.trafficFloor";
  const recheck = (metric: keyof typeof RECHECK_METRICS): string =>
    series(RECHECK_METRICS[metric], { platform: namespace });
  return [
    {
      alert: "SelfHostingCostsMoreThanApi",
      severity: "warning",
      expr: `730 * avg_over_time(${saving}[7d]) < 0 and ${weekOld}`,
      for: "6h",
      keepFiringFor: "1d",
      summary: `Owning ${namespace} has cost more than the API for a week`,
      description:
        'Over the last 7 days own hardware cost more than the API would have for the same tokens: {{ $value | printf "%.0f" }} USD a month at this rate, negative is a loss.',
    },
    {
      alert: "TrafficBelowForecast",
      severity: "warning",
      expr: `${own("breakeven:traffic_vs_forecast:ratio7d")} < ${figure(floor)} and ${weekOld}`,
      for: "6h",
      keepFiringFor: "1d",
      summary: `The traffic of ${namespace} is below its forecast`,
      description: `Traffic of the last 7 days, weighted by what it would cost on the API, is {{ $value | humanizePercentage }} of the forecast; below ${figure(floor * 100)} % (${why}) the hardware does not pay.`,
    },
    {
      alert: "ApiPriceDropMakesRentingCheaper",
      severity: "warning",
      expr: `${recheck("blocked")} == 1`,
      for: "5m",
      summary: `At today's prices ${namespace} would be blocked`,
      description:
        "The re-check of the deployed plan with fresh prices blocks it: what was cheaper to own when it was deployed is now cheaper to rent. Its report names the lines.",
    },
    {
      alert: "PriceRecheckMissing",
      severity: "info",
      expr: `(time() - ${recheck("checkedAt")}) / 86400 > ${RECHECK_DAYS}`,
      for: "1h",
      summary: `The prices of ${namespace} are not re-checked`,
      description: `The last re-check with fresh prices is {{ $value | printf "%.1f" }} days old (limit ${RECHECK_DAYS}); a fall of API prices would go unseen.`,
    },
    {
      alert: "RentOrOwnUnknown",
      severity: "warning",
      expr: `absent(${saving})`,
      for: "1h",
      summary: `Nobody knows whether owning ${namespace} pays`,
      description:
        "The saving cannot be computed: the gateway's metrics, or the node counts of kube-state-metrics for elastic pools, are missing. Cost is unknown, not zero.",
    },
  ];
}
