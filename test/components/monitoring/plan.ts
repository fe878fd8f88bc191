import { gatewayTargets } from "../../../components/gateway/targets.ts";
import type { MonitoringPlan } from "../../../components/monitoring/plan.ts";
import { type PlatformInput, platformSchema } from "../../../config/platform.ts";
import type { PlanFigures } from "../../../economics/plan-figures.ts";

const input: PlatformInput = {
  environment: "prod",
  cluster: { kind: "eks", region: "us-east-1" },
  pools: { h100: { hardware: { kind: "instance", instanceType: "p5.48xlarge" }, maxNodes: 1 } },
  models: {
    qwen: {
      catalogModel: "Qwen3-32B",
      pool: "h100",
      replicas: { min: 2, max: 8 },
      slo: { ttftMs: 2000, tpotMs: 50 },
    },
  },
  tasks: {
    chat: {
      requestsPerDay: 864_000,
      inputTokensPerRequest: 1000,
      outputTokensPerRequest: 100,
      cachedInputShare: 0.5,
      apiModel: "openai/gpt-6.1-terra",
      selfHosted: [{ model: "qwen", share: 1 }],
    },
  },
  monitoring: {
    alerts: { apiUsdPerDay: 200 },
    expires: [{ what: "API key of openai", date: "1970-02-01" }],
  },
  operations: { engineerUsdPerHour: 95 },
};

/** Ten requests a second on one node of 8 GPUs, in round figures: staying 75.60, owning 40 US dollars an hour. */
export const figures: PlanFigures = {
  day: "1970-01-01",
  pools: [{ name: "h100", usdPerNodeHour: 30, priceDate: "1970-01-01", gpusPerNode: 8, paidNodes: 1, isFixed: true }],
  otherUsdPerHour: 10,
  apiUsdPerHour: 5,
  tasks: [
    {
      name: "chat",
      requestsPerDay: 864_000,
      monthlyGrowth: 0,
      cachedInputShare: 0.5,
      stayingUsdPerRequest: 0.0021,
      staying: {
        inputUsdPerMillion: 2,
        cachedInputUsdPerMillion: 0.2,
        outputUsdPerMillion: 10,
        priceDate: "1970-01-01",
      },
      api: {
        "openai/gpt-6.1-terra": {
          inputUsdPerMillion: 2,
          cachedInputUsdPerMillion: 0.2,
          outputUsdPerMillion: 10,
          priceDate: "1970-01-01",
        },
      },
      apiShare: 0.05,
      replicas: [{ model: "qwen", requestsPerSecond: 2, gpusPerReplica: 1 }],
    },
  ],
  breakEven: { volume: 0.6, utilization: 0.4 },
};

/** The plan of a platform with one hybrid task; tests change one thing at a time. */
export function monitoringPlan(changes: Partial<MonitoringPlan> = {}): MonitoringPlan {
  const config = platformSchema.parse(input);
  const models = {
    qwen: { url: "http://vllm", replicas: 8, maxConcurrentSequences: 256, slo: { ttftMs: 2000, tpotMs: 50 } },
  };
  const targets = gatewayTargets({ tasks: config.tasks, models, ...config.gateway });
  return { namespace: "llm", config, targets, figures, ...changes };
}
