import type { MonitoringPlan } from "../plan.ts";
import { series } from "../promql.ts";
import { recorder } from "../recorder.ts";
import type { Chart } from "./panel.ts";

/** The GPUs of this platform's pods, as the DCGM exporter sees them. */
export function gpuCharts(plan: MonitoringPlan): readonly Chart[] {
  const { own } = recorder(plan);
  const byGpu = (metric: string): string =>
    `avg by (Hostname, gpu, exported_pod) (${series(metric, { exported_namespace: plan.namespace })})`;
  const legend = "{{exported_pod}} {{Hostname}}/{{gpu}}";
  const charts: readonly Chart[] = [
    {
      title: "GPU busy",
      description: "Share of the time a kernel ran. High for any decoding at all: no measure of spare capacity.",
      unit: "percent",
      min: 0,
      curves: [{ expr: byGpu("DCGM_FI_DEV_GPU_UTIL"), legend }],
    },
    {
      title: "Memory used",
      description: "Weights, KV cache and the rest.",
      unit: "decmbytes",
      min: 0,
      curves: [{ expr: byGpu("DCGM_FI_DEV_FB_USED"), legend }],
    },
    {
      title: "Temperature",
      description: "Hot GPUs lower their clocks.",
      unit: "celsius",
      min: 0,
      curves: [{ expr: byGpu("DCGM_FI_DEV_GPU_TEMP"), legend }],
    },
    {
      title: "Power",
      description: "Draw of each GPU.",
      unit: "watt",
      min: 0,
      curves: [{ expr: byGpu("DCGM_FI_DEV_POWER_USAGE"), legend }],
    },
    {
      title: "Errors",
      description: "Last Xid of each GPU; zero is none.",
      unit: "short",
      min: 0,
      curves: [{ expr: byGpu("DCGM_FI_DEV_XID_ERRORS"), legend }],
    },
  ];
  if (plan.figures === undefined) return charts;
  return [
    ...charts,
    {
      title: "Nodes",
      description: "Nodes of each pool, never fewer than are paid for.",
      unit: "short",
      min: 0,
      curves: [{ expr: own("breakeven:pool_nodes:count"), legend: "{{pool}}" }],
    },
  ];
}
