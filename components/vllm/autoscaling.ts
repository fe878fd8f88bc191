import type { ModelConfig } from "../../config/model.ts";

export interface Autoscaling {
  /** Prometheus that KEDA asks. */
  readonly prometheusUrl: string;
  /** Tasks this model answers: their requests at the gateway wake it from zero, where it has no metrics of its own. */
  readonly tasks: readonly string[];
  /** Requests one replica works on within its latency targets. */
  readonly requestsPerReplica: number;
  /** Silence before the last replica goes. */
  readonly coolDownSeconds: number;
}

export interface ScaleTarget {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

const POLLING_SECONDS = 15;
/** Waiting requests per replica that call for another one. Source: vLLM production-stack chart 0.1.12. */
const WAITING_PER_REPLICA = 5;
/** Share of the key-value cache beyond which requests are soon preempted. */
const KV_CACHE_SHARE = 0.8;
/** The gateway's requests are looked at over this window; two scrapes are enough for a rate. */
const WAKE_WINDOW = "2m";

/** PromQL of the triggers. Sums, as KEDA divides them by the replicas that run. */
function queries(namespace: string, model: string, tasks: readonly string[]) {
  const engine = (metric: string) => `sum(${metric}{namespace="${namespace}", model_name="${model}"})`;
  const asked = `litellm_proxy_total_requests_metric_total{namespace="${namespace}", requested_model=~"${tasks.join("|")}"}`;
  return {
    waiting: engine("vllm:num_requests_waiting"),
    running: engine("vllm:num_requests_running"),
    kvCache: engine("vllm:kv_cache_usage_perc"),
    // 1 while anybody asks: one replica, however many requests there are. More is for the engine's own metrics to say.
    wake: `sum(rate(${asked}[${WAKE_WINDOW}])) > bool 0`,
  };
}

/**
 * Spec of a KEDA ScaledObject. Up at once, twice as many within 15 seconds; down one replica a minute after five quiet
 * minutes. When Prometheus is away the replicas that run stay.
 */
export function scaledObject(
  target: ScaleTarget,
  namespace: string,
  model: string,
  { replicas }: Pick<ModelConfig, "replicas">,
  { prometheusUrl, tasks, requestsPerReplica, coolDownSeconds }: Autoscaling,
) {
  const query = queries(namespace, model, tasks);
  const trigger = (name: string, text: string, threshold: number) => ({
    type: "prometheus",
    name,
    metricType: "AverageValue",
    metadata: {
      serverAddress: prometheusUrl,
      query: text,
      threshold: String(threshold),
      activationThreshold: "0",
    },
  });
  return {
    scaleTargetRef: target,
    minReplicaCount: replicas.min,
    maxReplicaCount: replicas.max,
    pollingInterval: POLLING_SECONDS,
    // Only the step to zero waits for it; the steps before are the behaviour below.
    cooldownPeriod: coolDownSeconds,
    fallback: { failureThreshold: 3, replicas: Math.max(1, replicas.min), behavior: "currentReplicasIfHigher" },
    advanced: {
      horizontalPodAutoscalerConfig: {
        behavior: {
          scaleUp: {
            stabilizationWindowSeconds: 0,
            selectPolicy: "Max",
            policies: [
              { type: "Percent", value: 100, periodSeconds: 15 },
              { type: "Pods", value: 1, periodSeconds: 15 },
            ],
          },
          scaleDown: {
            stabilizationWindowSeconds: 300,
            policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
          },
        },
      },
    },
    triggers: [
      trigger("waiting", query.waiting, WAITING_PER_REPLICA),
      trigger("running", query.running, requestsPerReplica),
      trigger("kv-cache", query.kvCache, KV_CACHE_SHARE),
      ...(replicas.min === 0 ? [trigger("wake", query.wake, 1)] : []),
    ],
  };
}
