import { describe, expect, it } from "vitest";
import { declaredItems } from "../../config/declared-items.ts";
import { decide } from "../../economics/decide.ts";
import { DAYS_PER_MONTH } from "../../economics/units.ts";
import { declaredInput, plannedStack } from "../../policies/assess.ts";
import { differences } from "../../policies/compare-plans.ts";
import { ownerSettings } from "../../policies/owner-settings.ts";
import type { PlannedResource } from "../../policies/read.ts";
import { endpointStore } from "../config/bases.ts";
import { itemsOf, prodGraph, resource, stackConfig, TODAY, UNKNOWN } from "./graphs.ts";

type Store = NonNullable<
  NonNullable<Parameters<NonNullable<Parameters<typeof stackConfig>[1]>>[0]["gateway"]>["captureStore"]
>;

const capturing = (captureStore: Store = { kind: "s3" }) =>
  stackConfig("prod", (raw) => {
    raw.gateway = { ...raw.gateway, captureStore };
    for (const task of Object.values(raw.tasks)) task.capture = { share: 0.2 };
  });
const bucket = (tags: unknown = { "breakeven:holds": "captured-answers" }) =>
  resource("aws:s3/bucket:Bucket", "captured", { tags });
const rule = { id: "expire", status: "Enabled", filter: {}, expiration: { days: 90 } };
const lifecycle = (...rules: object[]) =>
  resource("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "captured", {
    bucket: UNKNOWN,
    rules,
  });

const reasons = (...resources: readonly PlannedResource[]): string =>
  itemsOf(...resources)
    .map((item) => (item.kind === "unpriced" ? item.reason : item.kind))
    .join("; ");

describe("buckets of captured answers", () => {
  it("are billed by writes, and by how long their rules keep what comes in", () => {
    expect(itemsOf(bucket(), lifecycle(rule))).toMatchObject([
      { kind: "usage", sku: "s3-put-1000", driver: "captured-answers", unitsEach: 0.001 },
      { kind: "usage", sku: "s3-standard-gb-month", driver: "captured", unitsEach: 90 / DAYS_PER_MONTH },
    ]);
  });

  it.each([
    ["without a tag that says what they hold", bucket({}), /tag breakeven:holds is not set/],
    ["with something else in them", bucket({ "breakeven:holds": "logs" }), /is "logs"; expected "captured-answers"/],
    ["with an unknown tag", bucket(UNKNOWN), /can't be known/],
    ["that keep everything", lifecycle(), /no enabled rule deletes all objects/],
    ["whose rule is off", lifecycle({ ...rule, status: "Disabled" }), /no enabled rule/],
    ["whose rule is for a part", lifecycle({ ...rule, filter: { prefix: "old/" } }), /no enabled rule/],
    ["that move objects", lifecycle({ ...rule, transitions: [{ days: 30 }] }), /other storage classes/],
    ["with unknown rules", lifecycle({ ...rule, expiration: { days: UNKNOWN } }), /can't be known/],
  ])("%s are unpriced", (_, target, reason) => {
    expect(reasons(target)).toMatch(reason);
  });
});

describe("a plan with captured answers", () => {
  const planned = (config: ReturnType<typeof capturing>, ...added: readonly PlannedResource[]) => {
    const stack = plannedStack([...prodGraph(config), ...added], ownerSettings({ today: TODAY }));
    if (!stack.ok) throw new Error(stack.reason);
    return stack.value;
  };
  const monthly = (input: Parameters<typeof decide>[0]): number => {
    const decision = decide(input);
    if (!("projection" in decision)) throw new Error(decision.kind);
    return decision.projection.owningUsdPerMonth;
  };

  it("costs the same as declared and as planned, and more than without", () => {
    const { declared, input } = planned(capturing(), bucket(), lifecycle(rule));
    const without = planned(stackConfig("prod"));
    expect(monthly(input)).toBeCloseTo(monthly(declaredInput(declared)), 6);
    expect(monthly(input)).toBeGreaterThan(monthly(without.input) + 1);
  });

  it("differs from the declared one where nothing deletes what it keeps", () => {
    const { planned: items } = planned(capturing(), bucket());
    expect(differences(declaredItems(capturing()), items)).toEqual([
      "storage of captured answers: declared, not in the plan",
    ]);
  });

  it("is billed at stated prices on a store that is there, which is no resource of the plan", () => {
    const config = capturing(endpointStore);
    const { declared, input } = planned(config);
    expect(differences(declaredItems(config), planned(config).planned)).toEqual([]);
    expect(monthly(input)).toBeCloseTo(monthly(declaredInput(declared)), 6);
    expect(monthly(input)).toBeGreaterThan(monthly(planned(stackConfig("prod")).input));
  });
});
