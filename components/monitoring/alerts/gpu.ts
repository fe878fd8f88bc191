import type { MonitoringPlan } from "../plan.ts";
import { series } from "../promql.ts";
import { recorder } from "../recorder.ts";
import type { AlertDefinition } from "./alert.ts";

/** Percent of the time a kernel ran. It stays high for any decoding at all, so lower means no work. */
const IDLE_PERCENT = 5;

/** Alerts of GPUs and of pods that wait for them; names of metrics as the DCGM exporter and kube-state-metrics serve them. */
export function gpuAlerts(plan: MonitoringPlan): readonly AlertDefinition[] {
  if (Object.keys(plan.config.models).length === 0) return [];
  const { raw } = recorder(plan);
  // The exporter names the pod on a GPU; Prometheus keeps that beside the exporter's own pod.
  const ofPods = (metric: string): string => series(metric, { exported_namespace: plan.namespace });
  return [
    {
      alert: "GpuIdle",
      severity: "info",
      expr: `avg by (exported_pod) (avg_over_time(${ofPods("DCGM_FI_DEV_GPU_UTIL")}[1d])) < ${IDLE_PERCENT}`,
      for: "1h",
      keepFiringFor: "1h",
      summary: "The GPUs of {{ $labels.exported_pod }} are idle",
      description: `The GPUs of {{ $labels.exported_pod }} worked {{ $value | printf "%.1f" }} % of the last day (limit ${IDLE_PERCENT} %) and are paid for all of it.`,
    },
    {
      alert: "GpuXidError",
      severity: "warning",
      expr: `${series("DCGM_FI_DEV_XID_ERRORS")} > 0`,
      for: "1m",
      summary: "GPU {{ $labels.gpu }} of {{ $labels.Hostname }} reports an error",
      description:
        "GPU {{ $labels.gpu }} of {{ $labels.Hostname }} reports Xid {{ $value }}. Some are the application's fault (13, 31, 43, 45), others a broken GPU or link (48, 63, 64, 74, 79, 94, 95).",
    },
    {
      alert: "GpuRowRemapFailed",
      severity: "critical",
      expr: `${series("DCGM_FI_DEV_ROW_REMAP_FAILURE")} > 0`,
      for: "1m",
      summary: "GPU {{ $labels.gpu }} of {{ $labels.Hostname }} has broken memory",
      description:
        "GPU {{ $labels.gpu }} of {{ $labels.Hostname }} could not remap a memory row. It gives wrong results or none and must be replaced.",
    },
    {
      alert: "GpuPodPending",
      severity: "warning",
      expr: `${raw("kube_pod_status_phase", { phase: "Pending" })} == 1 and on (namespace, pod) ${raw("kube_pod_container_resource_requests", { resource: "nvidia_com_gpu" })}`,
      for: "15m",
      summary: "{{ $labels.pod }} waits for GPUs",
      description:
        "{{ $labels.pod }} has been waiting for GPUs for 15 minutes. There is no node for it, or the cloud has none to sell; its traffic goes to the API meanwhile.",
    },
  ];
}
