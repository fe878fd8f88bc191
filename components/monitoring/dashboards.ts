import { gatewayCharts } from "./dashboards/gateway.ts";
import { gpuCharts } from "./dashboards/gpus.ts";
import { type Board, dashboard } from "./dashboards/panel.ts";
import { rentOrOwnCharts } from "./dashboards/rent-or-own.ts";
import { servingCharts } from "./dashboards/serving.ts";
import type { MonitoringPlan } from "./plan.ts";

const UID_LENGTH = 40;

/** The boards of a platform; those of hardware only where there is some. */
export function boards(plan: MonitoringPlan): readonly Board[] {
  const board = (subject: string, title: string, from: string, charts: Board["charts"]): Board => ({
    uid: `${subject}-${plan.namespace}`.slice(0, UID_LENGTH),
    title: `${title}: ${plan.namespace}`,
    from,
    charts,
  });
  const hasModels = Object.keys(plan.config.models).length > 0;
  return [
    ...(plan.figures !== undefined && plan.figures.pools.length > 0
      ? [board("llm-rent-or-own", "Rent or own", "now-30d", rentOrOwnCharts(plan))]
      : []),
    ...(hasModels
      ? [
          board("llm-serving", "Serving SLOs", "now-6h", servingCharts(plan)),
          board("llm-gpus", "GPUs", "now-6h", gpuCharts(plan)),
        ]
      : []),
    board("llm-gateway", "Gateway and fallback", "now-6h", gatewayCharts(plan)),
  ];
}

/** The boards as files Grafana loads, by name. */
export const dashboardFiles = (plan: MonitoringPlan): Readonly<Record<string, string>> =>
  Object.fromEntries(boards(plan).map((board) => [`${board.uid}.json`, `${JSON.stringify(dashboard(board))}\n`]));
