import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DOMParser } from "@xmldom/xmldom";
import { describe, expect, it } from "vitest";
import { metricsConfig } from "../../../components/gateway/metrics.ts";
import { obtainPython } from "../../../sandbox/gateway/python.ts";

const FOLDER = "components/gateway/plugins";
const TESTS = "test/components/gateway/plugins";
const LIMIT_MS = 110_000;

interface Case {
  readonly module: string;
  readonly name: string;
  /** What pytest says of a failure. */
  readonly failure: string | undefined;
}

/** Runs pytest on the installed LiteLLM, without a proxy. Throws with its output when it could not run all tests. */
async function pytest(): Promise<readonly Case[]> {
  const { python } = await obtainPython();
  const folder = mkdtempSync(join(tmpdir(), "breakeven-pytest-"));
  try {
    const report = join(folder, "report.xml");
    const args = ["-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", `--junit-xml=${report}`, TESTS];
    const { status, stdout, stderr } = spawnSync(python, args, {
      encoding: "utf8",
      timeout: LIMIT_MS,
      env: { PATH: process.env.PATH, HOME: folder, PYTHONDONTWRITEBYTECODE: "1" },
    });
    // 0: all passed, 1: some failed; anything else is no result.
    if (status !== 0 && status !== 1) throw new Error(`pytest ended with ${status}:\n${stdout}${stderr}`);
    const suite = new DOMParser().parseFromString(readFileSync(report, "utf8"), "text/xml");
    return [...suite.getElementsByTagName("testcase")].map((test) => ({
      module: test.getAttribute("classname")?.split(".").at(-1) ?? "",
      name: test.getAttribute("name") ?? "",
      failure: [...test.getElementsByTagName("failure"), ...test.getElementsByTagName("error")]
        .map(({ textContent }) => textContent)
        .at(0) as string | undefined,
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// One test here for each of theirs, so that they count and fail by name.
const byModule = Map.groupBy(await pytest(), ({ module }) => module);

describe.each([...byModule.keys()])("%s", (module) => {
  it.each(byModule.get(module) ?? [])("$name", ({ failure }) => {
    if (failure !== undefined) expect.fail(failure);
  });
});

describe("the plug-ins of the gateway", () => {
  it("keep to the rules of ruff", async () => {
    const { ruff } = await obtainPython();
    for (const command of [["check"], ["format", "--check"]])
      expect(() => execFileSync(ruff, [...command, FOLDER, TESTS], { stdio: "pipe" })).not.toThrow();
  });

  it("all have tests", () => {
    const files = readdirSync(FOLDER).filter((file) => file.endsWith(".py"));
    const tested = [...byModule.keys()].map((module) => `${module.replace("test_", "")}.py`);
    expect(tested.sort()).toEqual(files.sort());
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
