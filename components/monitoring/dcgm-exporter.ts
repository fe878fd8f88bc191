import { POOL_LABEL } from "../../config/marks.ts";

/** Values of the DCGM exporter: on the GPU nodes of every pool, whatever their taints, and scraped. */
export const dcgmExporterValues = (labels: Readonly<Record<string, string>>) => ({
  serviceMonitor: { enabled: true, interval: "15s", honorLabels: false, additionalLabels: labels },
  // The chart tolerates control planes only.
  tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: POOL_LABEL, operator: "Exists" }] }],
      },
    },
  },
});
