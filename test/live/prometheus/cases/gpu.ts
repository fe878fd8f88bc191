import { type AlertCase, always, noise } from "./case.ts";

const gpu = (metric: string): string =>
  `${metric}{gpu="3", Hostname="node-1", exported_namespace="llm", exported_pod="qwen-0", namespace="monitoring", pod="dcgm-1"}`;
const labels = (severity: string) => ({ severity, platform: "llm" });
const onGpu = {
  gpu: "3",
  Hostname: "node-1",
  exported_namespace: "llm",
  exported_pod: "qwen-0",
  namespace: "monitoring",
  pod: "dcgm-1",
};
const pending = 'kube_pod_status_phase{namespace="llm", pod="qwen-1", phase="Pending"}';
const asking = {
  'kube_pod_container_resource_requests{namespace="llm", pod="qwen-1", resource="nvidia_com_gpu"}': always(1),
};

export const gpuCases: readonly AlertCase[] = [
  {
    alert: "GpuIdle",
    name: "fires after a day without work",
    minutes: 1800,
    step: 5,
    series: { [gpu("DCGM_FI_DEV_GPU_UTIL")]: always(1) },
    fires: [
      {
        labels: { ...labels("info"), exported_pod: "qwen-0" },
        summary: "The GPUs of qwen-0 are idle",
        description: "The GPUs of qwen-0 worked 1.0 % of the last day (limit 5 %) and are paid for all of it.",
      },
    ],
  },
  {
    alert: "GpuIdle",
    name: "is silent through an idle night",
    minutes: 2880,
    step: 5,
    series: { [gpu("DCGM_FI_DEV_GPU_UTIL")]: `${"60x143 0x143 ".repeat(2)}60x10` },
    at: [1500, 2100, 2400, 2800],
  },
  {
    alert: "GpuXidError",
    name: "fires with the number of the error",
    minutes: 10,
    series: { [gpu("DCGM_FI_DEV_XID_ERRORS")]: always(79) },
    fires: [
      {
        labels: { ...labels("warning"), ...onGpu },
        summary: "GPU 3 of node-1 reports an error",
        description:
          "GPU 3 of node-1 reports Xid 79. Some are the application's fault (13, 31, 43, 45), others a broken GPU or link (48, 63, 64, 74, 79, 94, 95).",
      },
    ],
  },
  {
    alert: "GpuXidError",
    name: "is silent without one",
    minutes: 10,
    series: { [gpu("DCGM_FI_DEV_XID_ERRORS")]: always(0) },
  },
  {
    alert: "GpuRowRemapFailed",
    name: "fires on broken memory",
    minutes: 10,
    series: { [gpu("DCGM_FI_DEV_ROW_REMAP_FAILURE")]: always(1) },
    fires: [
      {
        labels: { ...labels("critical"), ...onGpu },
        summary: "GPU 3 of node-1 has broken memory",
        description:
          "GPU 3 of node-1 could not remap a memory row. It gives wrong results or none and must be replaced.",
      },
    ],
  },
  {
    alert: "GpuRowRemapFailed",
    name: "is silent on sound memory",
    minutes: 10,
    series: { [gpu("DCGM_FI_DEV_ROW_REMAP_FAILURE")]: always(0) },
  },
  {
    alert: "GpuPodPending",
    name: "fires for a pod that waits for GPUs",
    minutes: 30,
    series: { [pending]: always(1), ...asking },
    fires: [
      {
        labels: { ...labels("warning"), namespace: "llm", pod: "qwen-1", phase: "Pending" },
        summary: "qwen-1 waits for GPUs",
        description:
          "qwen-1 has been waiting for GPUs for 15 minutes. There is no node for it, or the cloud has none to sell; its traffic goes to the API meanwhile.",
      },
    ],
  },
  { alert: "GpuPodPending", name: "is silent for pods without GPUs", minutes: 30, series: { [pending]: always(1) } },
  {
    alert: "GpuPodPending",
    name: "is silent for a pod that is placed in time",
    minutes: 40,
    series: { [pending]: "1x12 0x40", ...asking },
    at: [14, 20, 39],
  },
  {
    alert: "GpuXidError",
    name: "is no matter of utilisation",
    minutes: 30,
    series: { [gpu("DCGM_FI_DEV_GPU_UTIL")]: noise(50, 50, 31) },
  },
];
