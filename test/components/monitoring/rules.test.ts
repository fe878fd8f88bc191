import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../../catalog/load.ts";
import { gatewayTargets } from "../../../components/gateway/targets.ts";
import { runbookAnchor } from "../../../components/monitoring/alerts/alert.ts";
import type { MonitoringPlan } from "../../../components/monitoring/plan.ts";
import { alerts, ruleGroups, rulesYaml } from "../../../components/monitoring/rules.ts";
import { figuresOf } from "../../../config/plan-figures.ts";
import { stackConfig } from "../../policies/graphs.ts";
import { monitoringPlan } from "./plan.ts";

const plan = monitoringPlan();
const definitions = (of: MonitoringPlan = plan) => Object.values(alerts(of)).flat();
const names = (of: MonitoringPlan) => definitions(of).map(({ alert }) => alert);
const series = (of: MonitoringPlan) => ruleGroups(of).flatMap(({ rules }) => rules);

/** A plan as index.ts makes it of a committed stack. */
function stackPlan(stack: string): MonitoringPlan {
  const config = stackConfig(stack);
  const models = Object.fromEntries(
    Object.entries(config.models).map(([name, { maxConcurrentSequences, slo }]) => [
      name,
      { url: `http://${name}`, replicas: 1, maxConcurrentSequences, slo },
    ]),
  );
  const targets = gatewayTargets({ tasks: config.tasks, models, ...config.gateway });
  return { namespace: `breakeven-${stack}`, config, targets, figures: figuresOf(config, loadCatalog()) };
}

describe("alerts", () => {
  it("say what is wrong, what it means, and which section of the runbook helps", () => {
    const headings =
      readFileSync(new URL("../../../docs/runbook.md", import.meta.url), "utf8").match(/^## .+$/gm) ?? [];
    for (const { alert, summary, description } of definitions()) {
      expect(summary.length, alert).toBeLessThan(80);
      expect(description.length, alert).toBeGreaterThan(summary.length);
      expect(headings, alert).toContain(`## ${alert}`);
    }
    expect(headings.map((heading) => heading.slice(3)).sort()).toEqual(names(plan).sort());
  });

  it("link to an anchor of the stated runbook", () => {
    const monitoring = { ...plan.config.monitoring, runbookUrl: "https://wiki.example/llm" };
    const rules = series(monitoringPlan({ config: { ...plan.config, monitoring } }));
    const gone = rules.find((rule) => "alert" in rule && rule.alert === "VllmEngineGone");
    expect(gone).toMatchObject({ annotations: { runbook_url: "https://wiki.example/llm#vllmenginegone" } });
    expect(runbookAnchor("GpuIdle")).toBe("gpuidle");
  });

  it("take their limits from the config and the break-even", () => {
    const [money] = Object.values(alerts(plan)).slice(-1);
    expect(money?.find(({ alert }) => alert === "TrafficBelowForecast")?.expr).toContain("< 0.6 and");
    const never = monitoringPlan({ figures: { ...plan.figures, breakEven: undefined } as MonitoringPlan["figures"] });
    expect(definitions(never).find(({ alert }) => alert === "TrafficBelowForecast")?.expr).toContain("< 0.8 and");
    const seconds = series(plan).filter((rule) => "record" in rule && rule.record.includes("ttft_above_target"));
    expect(seconds[0]?.expr).toContain("histogram_fraction(0, 2, ");
  });

  it("leave out what there is nothing of", () => {
    const apiOnly = stackPlan("dev");
    expect(names(apiOnly).filter((name) => /Vllm|Gpu|Slo|SelfHosting/.test(name))).toEqual([]);
    expect(names(monitoringPlan({ figures: undefined }))).not.toContain("SelfHostingCostsMoreThanApi");
  });
});

describe("the plan's series", () => {
  it("carry the prices the plan used, with their days", () => {
    const prices = series(stackPlan("prod")).filter(
      (rule) => "record" in rule && rule.record === "breakeven:plan_node_usd_per_hour",
    );
    expect(prices).toEqual([
      {
        record: "breakeven:plan_node_usd_per_hour",
        expr: "vector(34.6752)",
        labels: { platform: "breakeven-prod", pool: "h100", price_date: "2026-09-25" },
      },
    ]);
  });

  it.each(["dev", "prod", "onprem", "overbuilt"])("of %s name their platform everywhere", (stack) => {
    const of = stackPlan(stack);
    for (const rule of series(of)) expect(rule.labels["platform"]).toBe(of.namespace);
  });

  it("know which target of the gateway belongs to which task, model and route", () => {
    expect(plan.targets).toEqual([
      { id: "chat-on-qwen", task: "chat", model: "qwen", route: "own" },
      { id: "chat-ext", task: "chat", model: "openai/gpt-6.1-terra", route: "api" },
      { id: "chat-waiting-on-qwen", task: "chat", model: "qwen", route: "own" },
      { id: "chat-local-on-qwen", task: "chat", model: "qwen", route: "own" },
      { id: "chat-ext-direct", task: "chat", model: "openai/gpt-6.1-terra", route: "api-again" },
    ]);
  });

  it("are the same in every preview of a commit", () => {
    expect(rulesYaml(stackPlan("prod"))).toBe(rulesYaml(stackPlan("prod")));
  });

  it("end what the config says ends, justifications included", () => {
    const ends = series(stackPlan("onprem")).filter(
      (rule) => "record" in rule && rule.record === "breakeven:plan_expires_timestamp_seconds",
    );
    expect(ends.map(({ labels }) => labels["what"])).toEqual(["justification restricted-data"]);
  });
});
