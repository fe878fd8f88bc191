import type { MonitoringPlan } from "../plan.ts";
import { recorder } from "../recorder.ts";
import type { Chart } from "./panel.ts";

/** Does owning still win? Money only, from the same series as the alerts. */
export function rentOrOwnCharts(plan: MonitoringPlan): readonly Chart[] {
  const { own } = recorder(plan);
  const week = (record: string): string => `avg_over_time(${own(record)}[7d])`;
  const breakEven =
    plan.figures?.breakEven === undefined
      ? []
      : [{ expr: own("breakeven:plan_break_even_utilization"), legend: "break-even" }];
  return [
    {
      title: "Saving per month",
      description: "Staying less owning over the last 7 days, at a month's length. Negative: renting would be cheaper.",
      unit: "currencyUSD",
      kind: "stat",
      curves: [{ expr: `730 * ${week("breakeven:saving:usd_per_hour")}`, legend: "saving" }],
    },
    {
      title: "Saved in the shown range",
      description: "Sum of the hourly savings over the range of this dashboard.",
      unit: "currencyUSD",
      kind: "stat",
      curves: [
        {
          expr: `avg_over_time(${own("breakeven:saving:usd_per_hour")}[$__range]) * $__range_s / 3600`,
          legend: "saved",
        },
      ],
    },
    {
      title: "Utilization",
      description:
        "Share of the paid GPUs' planned capacity that answered requests, last 7 days, and where both bills meet.",
      unit: "percentunit",
      kind: "stat",
      curves: [{ expr: own("breakeven:utilization:ratio7d"), legend: "last 7 days" }, ...breakEven],
    },
    {
      title: "Traffic against forecast",
      description: "Requests of the last 7 days over the forecast, weighted by what they would cost on the API.",
      unit: "percentunit",
      kind: "stat",
      curves: [{ expr: own("breakeven:traffic_vs_forecast:ratio7d"), legend: "of forecast" }],
    },
    {
      title: "Owning and staying",
      description: "What the platform costs per hour, and what the same tokens would cost on the API.",
      unit: "currencyUSD",
      min: 0,
      curves: [
        { expr: own("breakeven:owning:usd_per_hour"), legend: "owning" },
        { expr: `sum(${own("breakeven:staying:usd_per_hour")})`, legend: "staying" },
      ],
    },
    {
      title: "Cost per million tokens, last 7 days",
      description: "Own answers, the same tokens at API prices, and what was really rented.",
      unit: "currencyUSD",
      min: 0,
      curves: [{ expr: own("breakeven:usd_per_million_tokens:avg7d"), legend: "{{route}}" }],
    },
    {
      title: "Where the money goes",
      description: "GPU pools, everything else that is owned (people included), and the API, per hour.",
      unit: "currencyUSD",
      min: 0,
      curves: [
        { expr: own("breakeven:fleet:usd_per_hour"), legend: "pool {{pool}}" },
        { expr: own("breakeven:plan_other_usd_per_hour"), legend: "platform and people" },
        { expr: own("breakeven:api_spend:usd_per_hour"), legend: "API, {{task}}" },
      ],
    },
    {
      title: "Utilization over time",
      description: "Below the break-even line the fleet costs more than the API.",
      unit: "percentunit",
      min: 0,
      curves: [{ expr: own("breakeven:utilization:ratio"), legend: "utilization" }, ...breakEven],
    },
    {
      title: "Requests per day",
      description: "Each task's requests, mean of 7 days, and the forecast of the config with its growth.",
      unit: "short",
      min: 0,
      curves: [
        { expr: own("breakeven:requests:per_day_avg7d"), legend: "{{task}}" },
        { expr: own("breakeven:plan_requests_per_day"), legend: "{{task}} forecast" },
      ],
    },
    {
      title: "Prices the plan used",
      description: "Node-hours by pool; the legend has the day of the price.",
      unit: "currencyUSD",
      min: 0,
      curves: [{ expr: own("breakeven:plan_node_usd_per_hour"), legend: "{{pool}}, {{price_date}}" }],
    },
  ];
}
