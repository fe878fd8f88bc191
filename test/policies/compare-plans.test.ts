import { describe, expect, it } from "vitest";
import { declaredItems } from "../../config/declared-items.ts";
import { type DecisionInput, decide } from "../../economics/decide.ts";
import { declaredInput, plannedStack } from "../../policies/assess.ts";
import { differences } from "../../policies/compare-plans.ts";
import { ownerSettings } from "../../policies/owner-settings.ts";
import { itemsOf, nodeGroup, prodGraph, stackConfig, TODAY } from "./graphs.ts";

describe("the declared and the planned plan", () => {
  const config = stackConfig("prod");
  const declared = declaredItems(config);
  const plan = (change: (resources: ReturnType<typeof prodGraph>) => ReturnType<typeof prodGraph>) =>
    itemsOf(...change(prodGraph(config)));

  it("agree for the components' own graph", () => {
    expect(
      differences(
        declared,
        plan((resources) => resources),
      ),
    ).toEqual([]);
  });

  it("do not mind names and parents", () => {
    const renamed = plan((resources) =>
      resources.map((item) => (item.name === "h100" ? nodeGroup("something-else-8f3a") : item)),
    );
    expect(differences(declared, renamed)).toEqual([]);
  });

  it("differ when a pool is missing, of another size, of another type, doubled or undeclared", () => {
    const without = (name: string) => (resources: ReturnType<typeof prodGraph>) =>
      resources.filter((item) => item.name !== name);
    expect(differences(declared, plan(without("h100")))).toContain(
      "pool h100: declared 1-1x p5.48xlarge commit-1y in us-east-1, not in the plan",
    );
    const larger = plan((resources) => [
      ...without("h100")(resources),
      nodeGroup("h100", { scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 4 } }),
    ]);
    expect(differences(declared, larger)).toContain(
      'pool h100: declared 1-1x p5.48xlarge commit-1y in us-east-1, planned 1-4x p5.48xlarge commit-1y in us-east-1 (eks NodeGroup "h100")',
    );
    const undeclared = plan((resources) => [
      ...resources,
      nodeGroup("extra", { labels: { "breakeven.dev/pool": "spare" } }),
    ]);
    expect(differences(declared, undeclared)).toEqual([
      'pool spare: not declared, planned 1-1x p5.48xlarge commit-1y in us-east-1 (eks NodeGroup "extra")',
    ]);
    const doubled = plan((resources) => [...resources, nodeGroup("h100-b")]);
    expect(differences(declared, doubled)).toEqual([
      'pool h100: declared once, planned 2 times (eks NodeGroup "h100", eks NodeGroup "h100-b")',
    ]);
    expect(differences(declared, plan(without("nat-1")))).toEqual([
      "NAT gateways: declared 2190 per month, planned 1460",
    ]);
  });

  it("do not differ for additions outside the pools, which are priced", () => {
    const added = plan((resources) => [...resources, nodeGroup("by-hand", { labels: {}, tags: {} })]);
    expect(differences(declared, added)).toEqual([]);
    expect(added.filter((item) => item.kind === "nodes")).toHaveLength(3);
  });
});

describe("a Redis that is there", () => {
  const usdPerMonth = 730;
  const redis = { kind: "endpoint", host: "redis.example.internal", cidr: "10.9.0.0/24", usdPerMonth } as const;
  const withEndpoint = () =>
    stackConfig("prod", (raw) => {
      raw.gateway = { ...raw.gateway, redis: { ...redis, source: "contract 12", date: TODAY } };
    });
  const monthly = (input: DecisionInput): number => {
    const decision = decide(input);
    if (!("projection" in decision)) throw new Error(decision.kind);
    return decision.projection.owningUsdPerMonth;
  };
  const totals = (config: ReturnType<typeof stackConfig>) => {
    const planned = plannedStack(prodGraph(config), ownerSettings({ today: TODAY }));
    if (!planned.ok) throw new Error(planned.reason);
    const { declared, input } = planned.value;
    return { declared: monthly(declaredInput(declared)), planned: monthly(input) };
  };

  it("is a stated item, with where the figure is from", () => {
    expect(declaredItems(withEndpoint())).toContainEqual({
      kind: "stated",
      resource: "gateway Redis",
      label: "Redis of the gateway",
      usdPerMonth,
      provenance: { source: "contract 12", date: TODAY },
    });
  });

  it("is in the bill of the declared and of the planned stack alike", () => {
    const without = totals(stackConfig("prod"));
    const withRedis = totals(withEndpoint());
    expect(withRedis.declared - without.declared).toBeCloseTo(usdPerMonth, 6);
    expect(withRedis.planned - without.planned).toBeCloseTo(usdPerMonth, 6);
    expect(withRedis.planned).toBeCloseTo(withRedis.declared, 6);
  });
});
