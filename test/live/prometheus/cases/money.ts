import { RECHECK_METRICS } from "../../../../components/monitoring/recheck-metrics.ts";
import { type AlertCase, always } from "./case.ts";
import { node, target } from "./traffic.ts";

const labels = (severity: string) => ({ severity, platform: "llm" });
const STEP = 30;
const SAMPLES_PER_DAY = 1440 / STEP;
const EIGHT_DAYS = { minutes: 8 * 1440, step: STEP };
const recheck = (metric: keyof typeof RECHECK_METRICS): string => `${RECHECK_METRICS[metric]}{platform="llm"}`;

export const moneyCases: readonly AlertCase[] = [
  {
    alert: "SelfHostingCostsMoreThanApi",
    name: "fires when a week of thin traffic cost more than the API",
    ...EIGHT_DAYS,
    series: { ...target("chat-on-qwen", 3, STEP), ...node },
    at: [6 * 1440, 8 * 1440],
    fires: [
      {
        labels: labels("warning"),
        summary: "Owning llm has cost more than the API for a week",
        description:
          "Over the last 7 days own hardware cost more than the API would have for the same tokens: -12644 USD a month at this rate, negative is a loss.",
      },
    ],
  },
  {
    alert: "SelfHostingCostsMoreThanApi",
    name: "is silent while owning pays",
    ...EIGHT_DAYS,
    series: { ...target("chat-on-qwen", 10, STEP), ...node },
  },
  {
    alert: "SelfHostingCostsMoreThanApi",
    name: "does not judge while the gateway is down: cost is unknown, not zero",
    ...EIGHT_DAYS,
    series: { 'up{namespace="llm", container="litellm", pod="gateway-0"}': always(0), ...node },
  },
  {
    alert: "SelfHostingCostsMoreThanApi",
    name: "does not flap over nights in which owning loses",
    ...EIGHT_DAYS,
    series: { ...dayAndNight(), ...node },
    at: Array.from({ length: 64 }, (_, index) => index * 180),
  },
  {
    alert: "TrafficBelowForecast",
    name: "fires below the volume at which both bills meet",
    ...EIGHT_DAYS,
    series: { ...target("chat-on-qwen", 3, STEP), ...node },
    at: [8 * 1440],
    fires: [
      {
        labels: labels("warning"),
        summary: "The traffic of llm is below its forecast",
        description:
          "Traffic of the last 7 days, weighted by what it would cost on the API, is 30% of the forecast; below 60 % (the volume at which both bills meet) the hardware does not pay.",
      },
    ],
  },
  {
    alert: "TrafficBelowForecast",
    name: "is silent above it",
    ...EIGHT_DAYS,
    series: { ...target("chat-on-qwen", 7, STEP), ...node },
  },
  {
    alert: "ApiPriceDropMakesRentingCheaper",
    name: "fires when the re-check blocks",
    minutes: 20,
    series: { [recheck("blocked")]: always(1) },
    fires: [
      {
        labels: labels("warning"),
        summary: "At today's prices llm would be blocked",
        description:
          "The re-check of the deployed plan with fresh prices blocks it: what was cheaper to own when it was deployed is now cheaper to rent. Its report names the lines.",
      },
    ],
  },
  {
    alert: "ApiPriceDropMakesRentingCheaper",
    name: "is silent when it passes",
    minutes: 20,
    series: { [recheck("blocked")]: always(0) },
  },
  {
    alert: "PriceRecheckMissing",
    name: "fires when the nightly run has stopped",
    minutes: 5 * 1440,
    step: 30,
    series: { [recheck("checkedAt")]: always(0) },
    fires: [
      {
        labels: labels("info"),
        summary: "The prices of llm are not re-checked",
        description:
          "The last re-check with fresh prices is 5.0 days old (limit 3); a fall of API prices would go unseen.",
      },
    ],
  },
  {
    alert: "PriceRecheckMissing",
    name: "is silent after a run of last night",
    minutes: 1440,
    step: 30,
    series: { [recheck("checkedAt")]: always(0) },
  },
  {
    alert: "RentOrOwnUnknown",
    name: "fires when the gateway's metrics are missing",
    minutes: 120,
    series: node,
    fires: [
      {
        labels: labels("warning"),
        summary: "Nobody knows whether owning llm pays",
        description:
          "The saving cannot be computed: the gateway's metrics, or the node counts of kube-state-metrics for elastic pools, are missing. Cost is unknown, not zero.",
      },
    ],
  },
  {
    alert: "RentOrOwnUnknown",
    name: "is silent for a gateway that is up and has no traffic yet",
    minutes: 120,
    series: { 'up{namespace="llm", container="litellm", pod="gateway-0"}': always(1), ...node },
  },
];

/** Sixteen hours at 14 requests a second, eight at one: owning loses every night and wins on the whole. */
function dayAndNight(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(target("chat-on-qwen", 1, STEP)).map(([name, text]) => {
      const perSample = Number(/^0\+(\d+)x/.exec(text)?.[1] ?? Number.NaN);
      if (Number.isNaN(perSample)) return [name, text];
      let total = 0;
      const values = Array.from({ length: 8 * SAMPLES_PER_DAY + 1 }, (_, sample) => {
        const isDay = sample % SAMPLES_PER_DAY < (SAMPLES_PER_DAY * 2) / 3;
        total += perSample * (isDay ? 14 : 1);
        return total;
      });
      return [name, values.join(" ")];
    }),
  );
}
