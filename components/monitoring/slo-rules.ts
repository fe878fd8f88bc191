import type { MonitoringPlan } from "./plan.ts";
import { figure, type RecordingRule } from "./promql.ts";
import { recorder } from "./recorder.ts";

const MILLISECONDS_PER_SECOND = 1000;

/** Pairs of windows of a multi-window burn-rate alert: the long one says it matters, the short one that it goes on. */
export const BURN_RATES = {
  fast: { factor: 14.4, long: "1h", short: "5m" },
  slow: { factor: 6, long: "6h", short: "30m" },
} as const;

const WINDOWS = Object.values(BURN_RATES).flatMap(({ long, short }) => [short, long]);

/** The two latencies with a target, as vLLM measures them. */
export const LATENCIES = {
  ttft: { metric: "vllm:time_to_first_token_seconds", target: "ttftMs", name: "time to first token" },
  itl: { metric: "vllm:inter_token_latency_seconds", target: "tpotMs", name: "time between tokens" },
} as const;

/** Share of samples above the model's own target, by window. `histogram_fraction` needs no bucket at the target. */
export function sloRules(plan: MonitoringPlan): readonly RecordingRule[] {
  const to = recorder(plan);
  return Object.entries(LATENCIES).flatMap(([latency, { metric, target }]) =>
    Object.entries(plan.config.models).flatMap(([model, { slo }]) =>
      WINDOWS.map((window) => {
        const buckets = `sum by (le) (rate(${to.raw(`${metric}_bucket`, { model_name: model })}[${window}]))`;
        const seconds = figure(slo[target] / MILLISECONDS_PER_SECOND);
        return to.rule(
          `breakeven:${latency}_above_target:ratio_rate${window}`,
          `1 - histogram_fraction(0, ${seconds}, ${buckets})`,
          { model_name: model },
        );
      }),
    ),
  );
}
