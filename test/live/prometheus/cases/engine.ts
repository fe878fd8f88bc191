import { type AlertCase, always, growing, noise } from "./case.ts";

const qwen = (metric: string, replica = 0): string =>
  `${metric}{namespace="llm", model_name="qwen", pod="qwen-${replica}"}`;
const running = { [qwen("vllm:num_requests_running")]: always(8) };
const labels = (severity: string) => ({ severity, platform: "llm", model_name: "qwen" });

/** A latency histogram of ten samples a second, so many of them above every target. */
function latency(metric: string, slowShare: number, perSample = 600): Readonly<Record<string, string>> {
  const bucket = (le: string, share: number): readonly [string, string] => [
    `${metric}_bucket{namespace="llm", model_name="qwen", pod="qwen-0", le="${le}"}`,
    growing(perSample * share),
  ];
  const fast = 1 - slowShare;
  return Object.fromEntries([bucket("0.01", fast), bucket("10", fast), bucket("20", 1), bucket("+Inf", 1)]);
}

const TTFT = "vllm:time_to_first_token_seconds";
const ITL = "vllm:inter_token_latency_seconds";

export const engineCases: readonly AlertCase[] = [
  {
    alert: "VllmEngineGone",
    name: "fires ten minutes after the last replica",
    minutes: 40,
    series: { [qwen("vllm:num_requests_running")]: `${"3 ".repeat(20)}stale` },
    at: [29, 31],
    fires: [
      {
        labels: labels("critical"),
        summary: "No replica of qwen serves metrics",
        description:
          "Model qwen should run at least 2 replicas and none is seen. Its tasks are answered by the API, at API prices; restricted tasks fail.",
      },
    ],
  },
  { alert: "VllmEngineGone", name: "is silent while one replica runs", minutes: 40, series: running },
  {
    alert: "VllmQueueHigh",
    name: "fires when more than five wait per replica",
    minutes: 20,
    series: {
      ...running,
      [qwen("vllm:num_requests_running", 1)]: always(8),
      [qwen("vllm:num_requests_waiting")]: always(6),
      [qwen("vllm:num_requests_waiting", 1)]: always(8),
    },
    fires: [
      {
        labels: { severity: "warning", platform: "llm", model_name: "qwen" },
        summary: "Requests wait for qwen",
        description:
          "7.0 requests wait per replica of qwen (limit 5). It has too few replicas for its traffic, or one of them is slow.",
      },
    ],
  },
  {
    alert: "VllmQueueHigh",
    name: "does not flap on a noisy queue below its limit with short peaks",
    minutes: 300,
    series: { ...running, [qwen("vllm:num_requests_waiting")]: `${noise(3, 1.9, 150)} 9 9 8 ${noise(3, 1.9, 150)}` },
    at: Array.from({ length: 300 }, (_, minute) => minute),
  },
  {
    alert: "VllmKvCacheFull",
    name: "fires above nine tenths",
    minutes: 30,
    series: { [qwen("vllm:kv_cache_usage_perc")]: always(0.95) },
    fires: [
      {
        labels: labels("warning"),
        summary: "The KV cache of qwen is nearly full",
        description:
          "95% of the KV cache of qwen is in use (limit 90 %). Longer prompts than planned, or too many sequences at once; answers will be interrupted.",
      },
    ],
  },
  {
    alert: "VllmKvCacheFull",
    name: "does not flap on a noisy cache that touches its limit",
    minutes: 300,
    series: { [qwen("vllm:kv_cache_usage_perc")]: noise(0.8, 0.15, 301) },
    at: Array.from({ length: 300 }, (_, minute) => minute),
  },
  {
    alert: "VllmPreempting",
    name: "fires when answers are interrupted",
    minutes: 30,
    series: { [qwen("vllm:num_preemptions_total")]: growing(30) },
    fires: [
      {
        labels: labels("warning"),
        summary: "qwen interrupts answers",
        description:
          "0.50 answers of qwen per second are interrupted and computed again (limit 0.1): GPU hours that answer nobody.",
      },
    ],
  },
  {
    alert: "VllmPreempting",
    name: "is silent for a few, and over a restart of the counter",
    minutes: 60,
    series: { [qwen("vllm:num_preemptions_total")]: "0+3x30 0+3x30" },
  },
  {
    alert: "TtftSloBurnFast",
    name: "fires when most prompts are answered late",
    minutes: 90,
    series: latency(TTFT, 0.9),
    fires: [
      {
        labels: labels("critical"),
        summary: "qwen misses its time to first token",
        description:
          "90% of qwen's samples of time to first token in 1h are above its target (objective 95 %, alert above 72 %), and the last 5m are no better.",
      },
    ],
  },
  { alert: "TtftSloBurnFast", name: "is silent within the objective", minutes: 90, series: latency(TTFT, 0.04) },
  {
    alert: "TtftSloBurnSlow",
    name: "fires when a part of the prompts is answered late for hours",
    minutes: 420,
    series: latency(TTFT, 0.4),
    fires: [
      {
        labels: labels("warning"),
        summary: "qwen misses its time to first token",
        description:
          "40% of qwen's samples of time to first token in 6h are above its target (objective 95 %, alert above 30 %), and the last 30m are no better.",
      },
    ],
  },
  { alert: "TtftSloBurnSlow", name: "is silent within the objective", minutes: 420, series: latency(TTFT, 0.04) },
  {
    alert: "ItlSloBurnFast",
    name: "fires when most tokens come late",
    minutes: 90,
    series: latency(ITL, 0.8),
    fires: [
      {
        labels: labels("critical"),
        summary: "qwen misses its time between tokens",
        description:
          "80% of qwen's samples of time between tokens in 1h are above its target (objective 95 %, alert above 72 %), and the last 5m are no better.",
      },
    ],
  },
  { alert: "ItlSloBurnFast", name: "is silent within the objective", minutes: 90, series: latency(ITL, 0.04) },
  {
    alert: "ItlSloBurnSlow",
    name: "fires when a part of the tokens comes late for hours",
    minutes: 420,
    series: latency(ITL, 0.5),
    fires: [
      {
        labels: labels("warning"),
        summary: "qwen misses its time between tokens",
        description:
          "50% of qwen's samples of time between tokens in 6h are above its target (objective 95 %, alert above 30 %), and the last 30m are no better.",
      },
    ],
  },
  { alert: "ItlSloBurnSlow", name: "is silent within the objective", minutes: 420, series: latency(ITL, 0.04) },
  {
    alert: "TtftSloBurnFast",
    name: "ends soon after a recovery although the long window still holds the bad time",
    minutes: 80,
    series: { ...latency(TTFT, 0), ...recovered(TTFT) },
    at: [79],
  },
];

/** An hour of late answers, then only prompt ones. */
function recovered(metric: string): Readonly<Record<string, string>> {
  const bucket = (le: string): string =>
    `${metric}_bucket{namespace="llm", model_name="qwen", pod="qwen-0", le="${le}"}`;
  const late = "0+0x60 0+600x40";
  return { [bucket("0.01")]: late, [bucket("10")]: late, [bucket("20")]: "0+600x100", [bucket("+Inf")]: "0+600x100" };
}
