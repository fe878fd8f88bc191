import type { MonitoringPlan } from "../plan.ts";
import { recorder } from "../recorder.ts";
import { LATENCIES } from "../slo-rules.ts";
import type { Chart } from "./panel.ts";

/** Service levels of the model servers. */
export function servingCharts(plan: MonitoringPlan): readonly Chart[] {
  const { own, raw } = recorder(plan);
  const byModel = (metric: string): string => `sum by (model_name) (${raw(metric)})`;
  const rate = (metric: string): string => `sum by (model_name) (rate(${raw(metric)}[5m]))`;
  const p95 = (metric: string): string =>
    `histogram_quantile(0.95, sum by (le, model_name) (rate(${raw(`${metric}_bucket`)}[5m])))`;
  return [
    {
      title: "Time to first token, p95",
      description: "Measured in vLLM, queue included.",
      unit: "s",
      min: 0,
      curves: [{ expr: p95(LATENCIES.ttft.metric), legend: "{{model_name}}" }],
    },
    {
      title: "Inter-token latency, p95",
      description: "Gap between two tokens of an answer.",
      unit: "s",
      min: 0,
      curves: [{ expr: p95(LATENCIES.itl.metric), legend: "{{model_name}}" }],
    },
    {
      title: "Above target, last hour",
      description: "Share of samples above the model's target; alerts look at how fast the objective's budget burns.",
      unit: "percentunit",
      min: 0,
      curves: Object.keys(LATENCIES).map((latency) => ({
        expr: own(`breakeven:${latency}_above_target:ratio_rate1h`),
        legend: `{{model_name}} ${latency}`,
      })),
    },
    {
      title: "Requests in the engine",
      description: "Waiting ones that do not go away mean too few replicas.",
      unit: "short",
      min: 0,
      curves: [
        { expr: byModel("vllm:num_requests_waiting"), legend: "{{model_name}} waiting" },
        { expr: byModel("vllm:num_requests_running"), legend: "{{model_name}} running" },
      ],
    },
    {
      title: "Tokens per second",
      description: "Prompt tokens read and tokens generated.",
      unit: "short",
      min: 0,
      curves: [
        { expr: rate("vllm:generation_tokens_total"), legend: "{{model_name}} generated" },
        { expr: rate("vllm:prompt_tokens_total"), legend: "{{model_name}} prompt" },
      ],
    },
    {
      title: "KV cache use",
      description: "The fullest replica; near 1 vLLM interrupts answers to make room.",
      unit: "percentunit",
      min: 0,
      curves: [{ expr: `max by (model_name) (${raw("vllm:kv_cache_usage_perc")})`, legend: "{{model_name}}" }],
    },
    {
      title: "Interrupted answers",
      description: "Preemptions per second; each answer is computed again.",
      unit: "reqps",
      min: 0,
      curves: [{ expr: rate("vllm:num_preemptions_total"), legend: "{{model_name}}" }],
    },
    {
      title: "Prompt tokens from the prefix cache",
      description: "Share of prompt tokens that were not computed again.",
      unit: "percentunit",
      min: 0,
      curves: [
        {
          expr: `${rate("vllm:prefix_cache_hits_total")} / ${rate("vllm:prefix_cache_queries_total")}`,
          legend: "{{model_name}}",
        },
      ],
    },
  ];
}
