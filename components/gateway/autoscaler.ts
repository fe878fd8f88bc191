import type { types } from "@pulumi/kubernetes";
import { BUSY_SHARE, type GatewaySize } from "../../config/gateway-size.ts";

/** What KEDA asks. */
export interface StreamMetrics {
  readonly prometheusUrl: string;
  readonly namespace: string;
}

const CPU_PERCENT = Math.round(100 * BUSY_SHARE);
const POLLING_SECONDS = 15;
/** Four scrapes. */
const RATE_WINDOW = "1m";

/** Up fast, down slowly: a pod that stops waits for its streams. */
const behavior: types.input.autoscaling.v2.HorizontalPodAutoscalerBehavior = {
  scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: "Percent", value: 100, periodSeconds: 15 }] },
  scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] },
};

/** Where there is no KEDA. CPU is requests and streamed events in one figure. */
export const cpuAutoscaler = (
  deployment: string,
  { replicas, maxReplicas }: GatewaySize,
): types.input.autoscaling.v2.HorizontalPodAutoscalerSpec => ({
  scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
  minReplicas: replicas,
  maxReplicas,
  metrics: [
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: CPU_PERCENT } } },
  ],
  behavior,
});

/** PromQL: events of streams all pods of a gateway relay. Unit: events per second. */
export const streamedEvents = (gateway: string, namespace: string): string =>
  `sum(rate(gateway_streamed_events_total{namespace="${namespace}", pod=~"${gateway}-.+"}[${RATE_WINDOW}]))`;

/**
 * Spec of a KEDA ScaledObject: whichever of CPU and streamed events asks for more pods decides. Without Prometheus CPU alone
 * scales up, and nothing goes down.
 */
export function eventAutoscaler(
  deployment: string,
  { replicas, maxReplicas, eventsPerSecondPerPod }: GatewaySize,
  { prometheusUrl, namespace }: StreamMetrics,
) {
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
    minReplicaCount: replicas,
    maxReplicaCount: maxReplicas,
    pollingInterval: POLLING_SECONDS,
    advanced: { horizontalPodAutoscalerConfig: { behavior } },
    triggers: [
      { type: "cpu", metricType: "Utilization", metadata: { value: String(CPU_PERCENT) } },
      {
        type: "prometheus",
        name: "streamed-events",
        metricType: "AverageValue",
        metadata: {
          serverAddress: prometheusUrl,
          query: streamedEvents(deployment, namespace),
          threshold: String(Math.round(eventsPerSecondPerPod)),
        },
      },
    ],
  };
}
