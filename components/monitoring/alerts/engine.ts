import type { MonitoringPlan } from "../plan.ts";
import { figure } from "../promql.ts";
import { recorder } from "../recorder.ts";
import { BURN_RATES, LATENCIES } from "../slo-rules.ts";
import type { AlertDefinition } from "./alert.ts";

/** Waiting requests per replica: a queue that a replica works off within its latency target is shorter. */
const MAX_WAITING = 5;
/** Above it the next long prompt makes vLLM interrupt answers. */
const MAX_KV_CACHE = 0.9;
/** Interrupted answers per second; each is computed again. */
const MAX_PREEMPTIONS = 0.1;

const percent = (share: number): string => `${figure(share * 100)} %`;
const MODEL = "{{ $labels.model_name }}";

/** Alerts of the model servers; names of metrics as vLLM 0.30 serves them. */
export function engineAlerts(plan: MonitoringPlan): readonly AlertDefinition[] {
  if (Object.keys(plan.config.models).length === 0) return [];
  const { own, raw } = recorder(plan);
  const perReplica = `count by (model_name) (${raw("vllm:num_requests_running")})`;
  return [
    {
      alert: "VllmEngineGone",
      severity: "critical",
      expr: `${own("breakeven:plan_min_replicas")} > 0 unless on (model_name) ${perReplica}`,
      // A single replica that is replaced loads its weights for minutes.
      for: "10m",
      summary: `No replica of ${MODEL} serves metrics`,
      description: `Model ${MODEL} should run at least {{ $value }} replicas and none is seen. Its tasks are answered by the API, at API prices; restricted tasks fail.`,
    },
    {
      alert: "VllmQueueHigh",
      severity: "warning",
      expr: `sum by (model_name) (${raw("vllm:num_requests_waiting")}) / ${perReplica} > ${MAX_WAITING}`,
      for: "5m",
      keepFiringFor: "5m",
      summary: `Requests wait for ${MODEL}`,
      description: `{{ $value | printf "%.1f" }} requests wait per replica of ${MODEL} (limit ${MAX_WAITING}). It has too few replicas for its traffic, or one of them is slow.`,
    },
    {
      alert: "VllmKvCacheFull",
      severity: "warning",
      expr: `avg by (model_name) (${raw("vllm:kv_cache_usage_perc")}) > ${MAX_KV_CACHE}`,
      for: "10m",
      keepFiringFor: "10m",
      summary: `The KV cache of ${MODEL} is nearly full`,
      description: `{{ $value | humanizePercentage }} of the KV cache of ${MODEL} is in use (limit ${percent(MAX_KV_CACHE)}). Longer prompts than planned, or too many sequences at once; answers will be interrupted.`,
    },
    {
      alert: "VllmPreempting",
      severity: "warning",
      expr: `sum by (model_name) (rate(${raw("vllm:num_preemptions_total")}[5m])) > ${MAX_PREEMPTIONS}`,
      for: "10m",
      keepFiringFor: "10m",
      summary: `${MODEL} interrupts answers`,
      description: `{{ $value | printf "%.2f" }} answers of ${MODEL} per second are interrupted and computed again (limit ${MAX_PREEMPTIONS}): GPU hours that answer nobody.`,
    },
    ...Object.entries(LATENCIES).flatMap(([latency, { name }]) => burnAlerts(plan, latency, name)),
  ];
}

const SEVERITIES = { fast: "critical", slow: "warning" } as const;

function burnAlerts(plan: MonitoringPlan, latency: string, name: string): readonly AlertDefinition[] {
  const { own } = recorder(plan);
  const budget = 1 - plan.config.monitoring.alerts.sloObjective;
  const prefix = latency === "ttft" ? "Ttft" : "Itl";
  return Object.entries(BURN_RATES).map(([speed, { factor, long, short }]): AlertDefinition => {
    // A budget of a third or more can never burn at 14 times its rate.
    const limit = Math.min(factor * budget, 0.95);
    const above = (window: string): string =>
      `${own(`breakeven:${latency}_above_target:ratio_rate${window}`)} > ${figure(limit)}`;
    return {
      alert: `${prefix}SloBurn${speed === "fast" ? "Fast" : "Slow"}`,
      severity: SEVERITIES[speed as keyof typeof SEVERITIES],
      expr: `${above(long)} and ${above(short)}`,
      for: "2m",
      keepFiringFor: "5m",
      summary: `${MODEL} misses its ${name}`,
      description: `{{ $value | humanizePercentage }} of ${MODEL}'s samples of ${name} in ${long} are above its target (objective ${percent(1 - budget)}, alert above ${percent(limit)}), and the last ${short} are no better.`,
    };
  });
}
