import { describe, expect, it } from "vitest";
import { declaredItems } from "../../config/declared-items.ts";
import { decide } from "../../economics/decide.ts";
import { HOURS_PER_MONTH } from "../../economics/units.ts";
import { declaredInput, plannedStack } from "../../policies/assess.ts";
import { differences } from "../../policies/compare-plans.ts";
import { ownerSettings } from "../../policies/owner-settings.ts";
import type { PlannedResource } from "../../policies/read.ts";
import { itemsOf, prodGraph, resource, stackConfig, TODAY, UNKNOWN } from "./graphs.ts";

const SKU = "elasticache-valkey-t4g-small-hour";
/** Not a list price: what the test states. */
const usd = 0.03;
const managed = () =>
  stackConfig("prod", (raw) => {
    raw.gateway = { ...raw.gateway, redis: { kind: "elasticache", nodeType: "cache.t4g.small", nodes: 2 } };
    const price = { sku: SKU, region: "us-east-1", usd, source: "price list of the test", date: TODAY };
    raw.economics = { ...raw.economics, priceOverrides: { ...raw.economics?.priceOverrides, services: [price] } };
  });
const group = (props: object = {}): PlannedResource =>
  resource("aws:elasticache/replicationGroup:ReplicationGroup", "redis", {
    engine: "valkey",
    nodeType: "cache.t4g.small",
    numCacheClusters: 2,
    authToken: UNKNOWN,
    snapshotRetentionLimit: 0,
    ...props,
  });

describe("a managed Redis", () => {
  it("is billed by the hour of every node", () => {
    expect(itemsOf(group())).toEqual([
      {
        kind: "service",
        resource: 'elasticache ReplicationGroup "redis"',
        label: "ElastiCache nodes",
        sku: SKU,
        region: "us-east-1",
        quantityPerMonth: 2 * HOURS_PER_MONTH,
      },
    ]);
  });

  it.each([
    ["an unknown node type", { nodeType: UNKNOWN }, /nodeType: .*can't be known/],
    ["no number of nodes", { numCacheClusters: undefined }, /numCacheClusters is not set; expected a number/],
    ["shards", { numNodeGroups: 3 }, /numNodeGroups have no price here/],
    ["snapshots", { snapshotRetentionLimit: 7 }, /snapshots have no price here/],
  ])("with %s is unpriced", (_, props, reason) => {
    const [item] = itemsOf(group(props));
    expect(item?.kind === "unpriced" ? item.reason : item?.kind).toMatch(reason);
  });

  it("costs the same as declared and as planned: nodes x hours x the stated price", () => {
    const config = managed();
    const monthly = (input: Parameters<typeof decide>[0]): number => {
      const decision = decide(input);
      if (!("projection" in decision)) throw new Error(decision.kind);
      return decision.projection.owningUsdPerMonth;
    };
    const read = (config: ReturnType<typeof managed>, ...added: readonly PlannedResource[]) => {
      const stack = plannedStack([...prodGraph(config), ...added], ownerSettings({ today: TODAY }));
      if (!stack.ok) throw new Error(stack.reason);
      return stack.value;
    };
    const { declared, input, planned } = read(config, group());
    expect(differences(declaredItems(config), planned)).toEqual([]);
    expect(monthly(input)).toBeCloseTo(monthly(declaredInput(declared)), 6);
    expect(monthly(input) - monthly(read(stackConfig("prod")).input)).toBeCloseTo(2 * HOURS_PER_MONTH * usd, 6);
    expect(differences(declaredItems(config), read(config).planned)).toEqual([
      `ElastiCache nodes: declared ${2 * HOURS_PER_MONTH} per month, planned 0`,
    ]);
  });

  it("blocks a plan without a price: nothing is taken for zero", () => {
    const unpriced = decide({ ...declaredOf(), items: itemsOf(group({ nodeType: "cache.r7g.large" })) });
    expect(unpriced).toMatchObject({ kind: "unpriced" });
    expect(JSON.stringify(unpriced)).toContain("elasticache-valkey-r7g-large-hour");
  });
});

function declaredOf() {
  const stack = plannedStack(prodGraph(), ownerSettings({ today: TODAY }));
  if (!stack.ok) throw new Error(stack.reason);
  return stack.value.input;
}
