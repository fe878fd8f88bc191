import { describe, expect, it } from "vitest";
import { metricsConfig } from "../../../components/gateway/metrics.ts";
import { images } from "../../../components/images.ts";
import { boards } from "../../../components/monitoring/dashboards.ts";
import names from "../../../components/monitoring/metric-names/names.json" with { type: "json" };
import { ruleGroups } from "../../../components/monitoring/rules.ts";
import { monitoringPlan } from "./plan.ts";

const plan = monitoringPlan();
const expressions = [
  ...ruleGroups(plan).flatMap(({ rules }) => rules.map(({ expr }) => expr)),
  ...boards(plan).flatMap(({ charts }) => charts.flatMap(({ curves }) => curves.map(({ expr }) => expr))),
].join("\n");

/** Names of the series a metric is served as. */
function served(name: string, kind: string): readonly string[] {
  if (kind === "counter") return [name.endsWith("_total") ? name : `${name}_total`];
  return kind === "histogram" ? ["bucket", "sum", "count"].map((part) => `${name}_${part}`) : [name];
}

describe.each(Object.entries(names))("metrics of %s", (engine, { version, metrics }) => {
  const known = new Set(Object.entries(metrics).flatMap(([name, kind]) => served(name, kind)));

  it("were read from the pinned release", () => {
    expect(images[engine as keyof typeof names].tag).toBe(`v${version}`);
  });

  it("have the names that rules and dashboards use", () => {
    const used = new Set(expressions.match(engine === "vllm" ? /vllm:\w+/g : /litellm_\w+/g));
    expect(used.size).toBeGreaterThan(5);
    for (const name of used) expect(known, name).toContain(name);
  });
});

describe("the gateway's metrics configuration", () => {
  it("names only metrics that LiteLLM defines: one wrong name turns all of them off", () => {
    for (const name of metricsConfig.flatMap(({ metrics }) => metrics))
      expect(names.litellm.metrics).toHaveProperty(name);
  });
});
