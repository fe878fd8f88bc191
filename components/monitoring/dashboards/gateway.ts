import type { MonitoringPlan } from "../plan.ts";
import { recorder } from "../recorder.ts";
import type { Chart } from "./panel.ts";

/** What clients ask, who answers, and what the API gets. */
export function gatewayCharts(plan: MonitoringPlan): readonly Chart[] {
  const { own, raw } = recorder(plan);
  // The gateway's own health probes are counted without a task.
  const asked = { requested_model: "!=" };
  const rate = (labels: string, metric: string): string => `sum by (${labels}) (rate(${raw(metric, asked)}[5m]))`;
  const answered = (route?: string): string =>
    `sum by (task) (${own("breakeven:requests:rate5m", route === undefined ? {} : { route })})`;
  const p95 = (metric: string): string =>
    `histogram_quantile(0.95, sum by (le, requested_model) (rate(${raw(`${metric}_bucket`, asked)}[5m])))`;
  return [
    {
      title: "Requests by task",
      description: "Calls per second at the gateway.",
      unit: "reqps",
      min: 0,
      curves: [
        { expr: rate("requested_model", "litellm_proxy_total_requests_metric_total"), legend: "{{requested_model}}" },
      ],
    },
    {
      title: "Failed requests",
      description: "Calls the client saw fail.",
      unit: "reqps",
      min: 0,
      curves: [
        {
          expr: rate("requested_model, exception_class", "litellm_proxy_failed_requests_metric_total"),
          legend: "{{requested_model}} {{exception_class}}",
        },
      ],
    },
    {
      title: "API share",
      description: "Answers from a commercial API. Above plan, own capacity is short, ill or badly placed.",
      unit: "percentunit",
      min: 0,
      curves: [
        { expr: `${answered("=~api|api-again")} / ${answered()}`, legend: "{{task}}" },
        ...(plan.figures === undefined ? [] : [{ expr: own("breakeven:plan_api_share"), legend: "{{task}} planned" }]),
      ],
    },
    {
      title: "Answers by route",
      description: "Who answered: own replicas, the API in their place, or the API asked again.",
      unit: "reqps",
      min: 0,
      curves: [{ expr: own("breakeven:requests:rate5m"), legend: "{{task}} {{route}} {{model}}" }],
    },
    {
      title: "Tokens by route",
      description: "Input without cached tokens, cached input, output; per second.",
      unit: "short",
      min: 0,
      curves: [
        {
          expr: `sum by (task, route, direction) (${own("breakeven:tokens:rate5m")})`,
          legend: "{{task}} {{route}} {{direction}}",
        },
      ],
    },
    {
      title: "Latency of answers, p95",
      description: "Whole answers, as clients wait for them.",
      unit: "s",
      min: 0,
      curves: [{ expr: p95("litellm_request_total_latency_metric"), legend: "{{requested_model}}" }],
    },
    {
      title: "Targets out",
      description: "2: the gateway has put the target aside; 1: some calls failed.",
      unit: "short",
      min: 0,
      curves: [
        { expr: `max by (model_id) (${raw("litellm_deployment_state", { model_id: "!=" })})`, legend: "{{model_id}}" },
      ],
    },
    ...(plan.figures === undefined
      ? []
      : [
          {
            title: "API spend",
            description: "Tokens times the plan's dated prices, per hour.",
            unit: "currencyUSD",
            min: 0,
            curves: [{ expr: own("breakeven:api_spend:usd_per_hour"), legend: "{{task}}" }],
          } as const,
        ]),
  ];
}
