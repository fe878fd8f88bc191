import { type AlertCase, always, noise } from "./case.ts";
import { node, target } from "./traffic.ts";

const UP = 'up{namespace="llm", container="litellm", pod="gateway-0"}';
const certificate = 'certmanager_certificate_expiration_timestamp_seconds{namespace="llm", name="gateway"}';
const labels = (severity: string) => ({ severity, platform: "llm" });
const DAYS = 86_400;

export const gatewayCases: readonly AlertCase[] = [
  {
    alert: "GatewayDown",
    name: "fires when no pod is reached",
    minutes: 10,
    series: { [UP]: "1x3 0x20" },
    fires: [
      {
        labels: labels("critical"),
        summary: "No gateway of llm answers",
        description:
          "Prometheus reaches no gateway pod. Clients get no answers, and traffic and cost are unknown meanwhile.",
      },
    ],
  },
  { alert: "GatewayDown", name: "is silent while one pod is up", minutes: 10, series: { [UP]: always(1) } },
  {
    alert: "ApiShareHigh",
    name: "fires when a fifth of the answers comes from the API and a twentieth was planned",
    minutes: 120,
    series: { ...target("chat-on-qwen", 8, 1), ...target("chat-ext", 2, 1) },
    fires: [
      {
        labels: { ...labels("warning"), task: "chat" },
        summary: "The API answers more of chat than planned",
        description:
          "The API's share of chat is 15% above the plan's (margin 10 %). Own replicas are short, ill or put aside, and each answer is paid for twice: GPUs and API.",
      },
    ],
  },
  {
    alert: "ApiShareHigh",
    name: "is silent within the margin",
    minutes: 120,
    series: { ...target("chat-on-qwen", 9, 1), ...target("chat-ext", 1, 1) },
  },
  {
    alert: "ApiSpendAbovePlan",
    name: "fires when a day costs more than planned",
    minutes: 1600,
    step: 5,
    series: { ...target("chat-on-qwen", 8, 5), ...target("chat-ext", 1, 5) },
    fires: [
      {
        labels: labels("warning"),
        summary: "The API bill is above the plan's",
        description: "The API cost 259.20 USD in the last day; the plan expects 120.00 USD (margin 25 %).",
      },
    ],
  },
  {
    alert: "ApiSpendAbovePlan",
    name: "is silent when cached tokens keep the bill low",
    minutes: 1600,
    step: 5,
    series: {
      ...target("chat-on-qwen", 8, 5),
      ...target("chat-ext", 0.5, 5, { input: 1000, cached: 900, output: 100 }),
    },
  },
  {
    alert: "ApiSpendNearCap",
    name: "fires at four fifths of the cap",
    minutes: 1600,
    step: 5,
    series: { ...target("chat-on-qwen", 8, 5), ...target("chat-ext-direct", 0.7, 5) },
    fires: [
      {
        labels: labels("critical"),
        summary: "The API bill nears its daily cap",
        description:
          "The API cost 181.44 USD in the last day, of a cap of 200 USD. At the cap the gateway may refuse what own models cannot answer.",
      },
    ],
  },
  {
    alert: "ApiSpendNearCap",
    name: "is silent below",
    minutes: 1600,
    step: 5,
    series: { ...target("chat-on-qwen", 8, 5), ...target("chat-ext", 0.5, 5), ...node },
  },
  {
    alert: "ValidityEnds",
    name: "fires two weeks before",
    minutes: 20 * 1440,
    step: 60,
    series: {},
    at: [20 * 1440],
    fires: [
      {
        labels: { ...labels("warning"), what: "API key of openai" },
        summary: "API key of openai ends soon",
        description:
          "API key of openai is valid for another 11.0 days (reported below 14). Renew it and state the new day under monitoring.expires, or its requests fail.",
      },
    ],
  },
  { alert: "ValidityEnds", name: "is silent long before", minutes: 10 * 1440, step: 60, series: {} },
  {
    alert: "CertificateExpires",
    name: "fires when it was not renewed",
    minutes: 120,
    series: { [certificate]: always(10 * DAYS + 7200) },
    fires: [
      {
        labels: { ...labels("warning"), namespace: "llm", name: "gateway" },
        summary: "Certificate gateway expires soon",
        description:
          "Certificate gateway is valid for another 10.0 days (reported below 14) and was not renewed in time. Clients refuse the gateway once it ends.",
      },
    ],
  },
  {
    alert: "CertificateExpires",
    name: "is silent for a fresh one",
    minutes: 120,
    series: { [certificate]: always(60 * DAYS) },
  },
  {
    alert: "ApiShareHigh",
    name: "does not flap on noisy traffic around the planned share",
    minutes: 600,
    series: { ...target("chat-on-qwen", 9, 1), ...noisyTarget("chat-ext", 600) },
    at: Array.from({ length: 60 }, (_, index) => index * 10),
  },
];

/** A counter whose rate jumps between nothing and two answers a second. */
function noisyTarget(id: string, samples: number): Readonly<Record<string, string>> {
  let total = 0;
  const values = noise(60, 60, samples)
    .split(" ")
    .map((value) => {
      total += Number(value);
      return total.toFixed(0);
    });
  const [name = ""] = Object.keys(target(id, 1, 1)).filter((key) => key.includes("success"));
  return { [name]: values.join(" ") };
}
