import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { runbookAnchor } from "../../../components/monitoring/alerts/alert.ts";
import { alerts, ruleGroups, rulesYaml } from "../../../components/monitoring/rules.ts";
import { monitoringPlan } from "../../components/monitoring/plan.ts";
import type { AlertCase } from "./cases/case.ts";
import { engineCases } from "./cases/engine.ts";
import { gatewayCases } from "./cases/gateway.ts";
import { gpuCases } from "./cases/gpu.ts";
import { moneyCases } from "./cases/money.ts";
import { tool } from "./tools.ts";

const run = promisify(execFile);
const cases = [...engineCases, ...gatewayCases, ...gpuCases, ...moneyCases];
const plan = monitoringPlan();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "breakeven-rules-"));
  writeFileSync(join(folder, "rules.yaml"), rulesYaml(plan));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One case as promtool takes it. */
function testFile({ alert, minutes, step = 1, series, at = [minutes], fires = [] }: AlertCase): string {
  const annotations = { runbook_url: `docs/runbook.md#${runbookAnchor(alert)}` };
  const fired = fires.map(({ labels, ...text }) => ({
    exp_labels: labels,
    exp_annotations: { ...text, ...annotations },
  }));
  const [last] = at.slice(-1);
  return stringify({
    rule_files: ["rules.yaml"],
    evaluation_interval: `${step}m`,
    // Long steps outlive the look-back, so what is recorded must come before what reads it.
    group_eval_order: ruleGroups(plan).map(({ name }) => name),
    tests: [
      {
        interval: `${step}m`,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: at.map((minute) => ({
          eval_time: `${minute}m`,
          alertname: alert,
          // Earlier looks are for silence before the alert is due.
          exp_alerts: minute === last ? fired : [],
        })),
      },
    ],
  });
}

async function promtool(...args: string[]): Promise<string> {
  try {
    return (await run(tool("promtool"), args, { cwd: folder })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${stdout}\n${stderr}`);
  }
}

describe("the rules", () => {
  it("are accepted by promtool, lints included", async () => {
    const output = await promtool("check", "rules", "--lint=all", "--lint-fatal", "rules.yaml");
    expect(output).toMatch(/SUCCESS: \d+ rules found/);
  });

  it("have a firing and a silent case for every alert", () => {
    const names = Object.values(alerts(plan))
      .flat()
      .map(({ alert }) => alert);
    for (const name of names) {
      const mine = cases.filter(({ alert }) => alert === name);
      expect(
        mine.some(({ fires = [] }) => fires.length > 0),
        `${name} fires`,
      ).toBe(true);
      expect(
        mine.some(({ fires = [] }) => fires.length === 0),
        `${name} is silent`,
      ).toBe(true);
    }
    expect(cases.map(({ alert }) => alert).filter((alert) => !names.includes(alert))).toEqual([]);
  });
});

describe.each([...new Set(cases.map(({ alert }) => alert))])("%s", (alert) => {
  it.each(cases.filter((one) => one.alert === alert))("$name", async (one) => {
    const file = `${alert}-${one.name.replace(/[^a-z]+/gi, "-")}.yaml`;
    writeFileSync(join(folder, file), testFile(one));
    expect(await promtool("test", "rules", file)).toContain("SUCCESS");
  });
});
