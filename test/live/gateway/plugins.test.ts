import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { metricsConfig } from "../../../components/gateway/metrics.ts";
import { obtainPython } from "../../../sandbox/gateway/python.ts";

const FOLDER = "components/gateway/plugins";

describe("the plug-ins of the gateway", () => {
  it("keep to the rules of ruff", async () => {
    const { ruff } = await obtainPython();
    for (const command of [["check"], ["format", "--check"]])
      expect(() => execFileSync(ruff, [...command, FOLDER], { stdio: "pipe" })).not.toThrow();
  });

  it("run without litellm's proprietary package", () => {
    const locked = readFileSync("sandbox/gateway/python/requirements.txt", "utf8");
    expect(locked).toMatch(/^litellm==/m);
    expect(locked).not.toMatch(/^litellm-enterprise/m);
  });

  it("count with labels LiteLLM knows: one wrong name would turn all metrics off", async () => {
    const { python } = await obtainPython();
    const check = `
import json, sys
from litellm.types.integrations.prometheus import PrometheusMetricLabels
wrong = []
for group in json.load(sys.stdin):
    for metric in group["metrics"]:
        known = set(PrometheusMetricLabels.get_labels(metric))
        wrong += [f"{metric}: {label}" for label in group.get("include_labels", []) if label not in known]
print(json.dumps(wrong))`;
    const wrong = (config: unknown) =>
      JSON.parse(
        execFileSync(python, ["-c", check], {
          input: JSON.stringify(config),
          encoding: "utf8",
          env: { ...process.env, LITELLM_LOCAL_MODEL_COST_MAP: "True" },
        })
          .trim()
          .split("\n")
          .at(-1) ?? "",
      );
    expect(wrong(metricsConfig)).toEqual([]);
    expect(wrong([{ metrics: ["litellm_spend_metric"], include_labels: ["teem"] }])).toEqual([
      "litellm_spend_metric: teem",
    ]);
  });
});
