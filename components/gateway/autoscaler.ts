import type { types } from "@pulumi/kubernetes";
import type { GatewaySize } from "./sizing.ts";

/** Streams are relayed by one process per pod: beyond this share of its core, tokens begin to wait. Unit: percent. */
const CPU_PERCENT = 60;

/** CPU is requests and streamed events in one figure. Up fast, down slowly: a pod that stops waits for its streams. */
export const gatewayAutoscaler = (
  deployment: string,
  { replicas, maxReplicas }: GatewaySize,
): types.input.autoscaling.v2.HorizontalPodAutoscalerSpec => ({
  scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
  minReplicas: replicas,
  maxReplicas,
  metrics: [
    { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: CPU_PERCENT } } },
  ],
  behavior: {
    scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: "Percent", value: 100, periodSeconds: 15 }] },
    scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: "Pods", value: 1, periodSeconds: 60 }] },
  },
});
