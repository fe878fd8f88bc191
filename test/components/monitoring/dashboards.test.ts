import { describe, expect, it } from "vitest";
import { dashboard } from "../../../components/monitoring/dashboards/panel.ts";
import { boards, dashboardFiles } from "../../../components/monitoring/dashboards.ts";
import { monitoringPlan } from "./plan.ts";

const plan = monitoringPlan();

describe("dashboards", () => {
  it("keep their addresses, which Grafana takes up to 40 characters", () => {
    expect(boards(plan).map(({ uid }) => uid)).toEqual([
      "llm-rent-or-own-llm",
      "llm-serving-llm",
      "llm-gpus-llm",
      "llm-gateway-llm",
    ]);
    for (const { uid } of boards(monitoringPlan({ namespace: "a".repeat(63) }))) expect(uid).toHaveLength(40);
  });

  it("place panels side by side without overlap", () => {
    for (const board of boards(plan)) {
      const { panels } = dashboard(board);
      for (const [index, { gridPos: a }] of panels.entries())
        for (const { gridPos: b } of panels.slice(index + 1)) {
          const isApart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
          expect(isApart, board.title).toBe(true);
        }
    }
  });

  it("explain every panel and look at one platform only", () => {
    for (const { charts } of boards(plan))
      for (const { title, description, curves } of charts) {
        expect(description, title).not.toBe("");
        for (const { expr } of curves) expect(expr, title).toMatch(/(platform|namespace|exported_namespace)="llm"/);
      }
  });

  it("are files of JSON, of hardware only where there is some", () => {
    for (const [name, text] of Object.entries(dashboardFiles(plan))) expect(`${JSON.parse(text).uid}.json`).toBe(name);
    const apiOnly = monitoringPlan({ config: { ...plan.config, models: {}, pools: {} }, figures: undefined });
    expect(boards(apiOnly).map(({ title }) => title)).toEqual(["Gateway and fallback: llm"]);
  });

  it("name no metric that vLLM has dropped", () => {
    expect(JSON.stringify(boards(plan))).not.toMatch(/gpu_cache_usage_perc|time_per_output_token|gpu_prefix_cache/);
  });
});
