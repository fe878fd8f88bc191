import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Compared, decide } from "../../economics/decide.ts";
import { reportText } from "../../economics/report-text.ts";
import { declaredInput, declaredPlan } from "../../policies/assess.ts";
import { cheaperThanApi } from "../../policies/cheaper-than-api.ts";
import { ownerSettings } from "../../policies/owner-settings.ts";
import { savingsAreCertain } from "../../policies/savings-are-certain.ts";
import {
  nodeGroup,
  platform,
  prodGraph,
  resource,
  resourceViolations,
  stackConfig,
  stackViolations,
  TODAY,
  UNKNOWN,
} from "./graphs.ts";

const prod = stackConfig("prod");
const overbuilt = platform(stackConfig("overbuilt"));
const justified = (expires: string) =>
  stackConfig("overbuilt", (raw) => {
    raw.economics = {
      justifications: [{ exception: "latency-floor", reason: "50 ms to the first token", owner: "CTO", expires }],
    };
  });

describe("the guard on the declared plan", () => {
  it("blocks an over-built platform before any child exists", async () => {
    const [violation] = await resourceViolations(cheaperThanApi, overbuilt);
    await expect(violation).toMatchFileSnapshot("golden/overbuilt-declared.txt");
  });

  it("prices the production platform as its README shows", async () => {
    const declared = declaredPlan(platform(prod), ownerSettings({ today: TODAY }));
    if (!declared.ok) throw new Error(declared.reason);
    const input = declaredInput(declared);
    const report = reportText(decide(input) as Compared, input, "Pulumi.prod.yaml, as declared");
    await expect(report).toMatchFileSnapshot("golden/prod-declared.txt");
    expect(readFileSync(new URL("../../README.md", import.meta.url), "utf8")).toContain(report);
  });

  it("lets the production platform pass and ignores other resources", async () => {
    expect(await resourceViolations(cheaperThanApi, platform(prod))).toEqual([]);
    expect(await resourceViolations(cheaperThanApi, nodeGroup("h100"))).toEqual([]);
  });

  it("blocks a platform whose config cannot be read or is wrong, and says what", async () => {
    expect(
      await resourceViolations(cheaperThanApi, resource("breakeven:index:Platform", "p", { config: UNKNOWN })),
    ).toEqual([expect.stringContaining("the config of the platform is not a plain value")]);
    expect(await resourceViolations(cheaperThanApi, resource("breakeven:index:Platform", "p", {}))).toEqual([
      expect.stringContaining("breakeven:platform:"),
    ]);
  });
});

describe("the guard on the planned graph", () => {
  it("lets the production graph pass", async () => {
    expect(await stackViolations(cheaperThanApi, prodGraph())).toEqual([]);
  });

  it("blocks a stack without a platform and says what to set", async () => {
    expect(await stackViolations(cheaperThanApi, [nodeGroup("h100")])).toEqual([
      expect.stringMatching(
        /no resource of type breakeven:index:Platform.*set breakeven:platform in Pulumi\.<stack>\.yaml/,
      ),
    ]);
  });

  it("prices a node group added by hand, and blocks when owning no longer wins", async () => {
    const byHand = nodeGroup("by-hand", { labels: {}, tags: {} });
    const [violation, ...others] = await stackViolations(cheaperThanApi, [...prodGraph(), byHand]);
    expect(others).toEqual([]);
    expect(violation).toContain("BLOCK: owning costs more than staying on the API.");
    expect(violation).toContain('1x p5.48xlarge on-demand (eks NodeGroup "by-hand")');
  });

  it("blocks when the planned graph is not the declared plan", async () => {
    const larger = prodGraph().map((item) =>
      item.name === "h100" ? nodeGroup("h100", { scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 2 } }) : item,
    );
    const violations = await stackViolations(cheaperThanApi, larger);
    expect(violations[0]).toContain(
      "The planned graph is not the declared plan:\n  pool h100: declared 1-1x p5.48xlarge",
    );
  });

  it("withholds the verdict when a node count is unknown", async () => {
    const unknown = prodGraph().map((item) =>
      item.name === "h100" ? nodeGroup("h100", { scalingConfig: { minSize: 1, maxSize: UNKNOWN } }) : item,
    );
    expect((await stackViolations(cheaperThanApi, unknown)).join("\n")).toMatch(
      /No verdict: .*\n {2}eks NodeGroup "h100": scalingConfig\.maxSize/,
    );
  });
});

describe("the platform owner", () => {
  it("wins over the stack's claims", async () => {
    const strict = { minApiPriceDeclinePerYear: 0.9, maxMonthlyGrowth: 0 };
    expect(await resourceViolations(cheaperThanApi, platform(prod), strict)).toEqual([
      expect.stringContaining("BLOCK"),
    ]);
    const growing = stackConfig("prod", (raw) => {
      for (const task of Object.values(raw.tasks)) Object.assign(task, { requestsPerDay: 200_000, monthlyGrowth: 0.4 });
    });
    expect(await resourceViolations(cheaperThanApi, platform(growing))).toEqual([]);
    expect(await resourceViolations(cheaperThanApi, platform(growing), { maxMonthlyGrowth: 0.02 })).toEqual([
      expect.stringContaining("BLOCK"),
    ]);
  });

  it("wins with prices over the stack's own overrides", async () => {
    const row = {
      region: "us-east-1",
      instanceType: "p5.48xlarge",
      purchase: "commit-1y" as const,
      source: "quote",
      date: "2026-11-20",
    };
    const claimed = stackConfig("overbuilt", (raw) => {
      raw.economics = { priceOverrides: { offerings: [{ ...row, purchase: "on-demand", usdPerHour: 0.01 }] } };
      Object.values(raw.tasks).forEach((task) => {
        task.requestsPerDay = 300_000;
        task.apiModel = "openai/gpt-6.1-sol";
        task.selfHosted = [{ model: "support", share: 0.85 }];
      });
      raw.economics.baseline = "current";
    });
    expect(await resourceViolations(cheaperThanApi, platform(claimed))).toEqual([]);
    const owner = { priceOverrides: { offerings: [{ ...row, purchase: "on-demand", usdPerHour: 55.04 }] } };
    expect(await resourceViolations(cheaperThanApi, platform(claimed), owner)).toEqual([
      expect.stringContaining("BLOCK"),
    ]);
  });

  it("may refuse prices and failure costs a stack claims", async () => {
    const row = {
      name: "openai/gpt-6.1-terra",
      inputUsdPerMillion: 50,
      outputUsdPerMillion: 500,
      source: "me",
      date: "2026-11-20",
    };
    const dear = stackConfig("overbuilt", (raw) => {
      raw.economics = { priceOverrides: { apiModels: [row] } };
    });
    expect(await resourceViolations(cheaperThanApi, platform(dear))).toEqual([]);
    expect(await resourceViolations(cheaperThanApi, platform(dear), { allowPriceOverrides: false })).toHaveLength(1);
    const failing = stackConfig("overbuilt", (raw) => {
      for (const task of Object.values(raw.tasks))
        Object.assign(task, { failureUsd: 1, successRate: { api: 0.5, selfHosted: 1 } });
    });
    expect(await resourceViolations(cheaperThanApi, platform(failing))).toEqual([]);
    expect(await resourceViolations(cheaperThanApi, platform(failing), { maxFailureUsd: 0.001 })).toHaveLength(1);
  });

  it("may refuse justifications", async () => {
    expect(await resourceViolations(cheaperThanApi, platform(justified("2027-01-31")))).toEqual([]);
    expect(
      await resourceViolations(cheaperThanApi, platform(justified("2027-01-31")), { allowJustifications: false }),
    ).toHaveLength(1);
  });
});

describe("a justification", () => {
  it("turns a block into a recorded advisory until it expires", async () => {
    expect(await resourceViolations(cheaperThanApi, platform(justified("2026-11-20")))).toHaveLength(1);
    expect(await resourceViolations(cheaperThanApi, platform(justified("2099-01-01")))).toHaveLength(1);
    const onDemand = { scalingConfig: { minSize: 3, desiredSize: 3, maxSize: 3 }, tags: {} };
    const graph = prodGraph(justified("2027-01-31")).map((item) =>
      item.name === "h100" ? nodeGroup("h100", onDemand) : item,
    );
    const [record] = await stackViolations(savingsAreCertain, graph);
    expect(record).toContain(
      "Allowed by a recorded justification: latency-floor until 2027-01-31 (CTO): 50 ms to the first token",
    );
    expect(record).toContain("BLOCK: owning costs more");
  });
});
