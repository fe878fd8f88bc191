import { describe, expect, it } from "vitest";
import { itemsOf, nodeGroup, reasonOf, resource, UNKNOWN } from "./graphs.ts";

describe("node groups", () => {
  it("are priced by type, size, purchase and disk", () => {
    expect(itemsOf(nodeGroup("h100", { scalingConfig: { minSize: 1, desiredSize: 2, maxSize: 4 } }))).toEqual([
      {
        kind: "nodes",
        resource: 'eks NodeGroup "h100"',
        pool: "h100",
        hardware: { kind: "instance", region: "us-east-1", instanceType: "p5.48xlarge", purchase: "commit-1y" },
        minNodes: 1,
        maxNodes: 4,
        scaling: "elastic",
      },
      {
        kind: "service",
        resource: 'eks NodeGroup "h100"',
        label: "node disks",
        sku: "ebs-gp3-gb-month",
        region: "us-east-1",
        quantityPerMonth: 1200,
      },
    ]);
  });

  it.each([
    [
      "an unknown instance type",
      { instanceTypes: [UNKNOWN] },
      /instanceTypes: string value at \.instanceTypes\.0 can't be known during preview; give a plain value/,
    ],
    ["an unknown list of types", { instanceTypes: UNKNOWN }, /can't be known during preview/],
    ["several types", { instanceTypes: ["p5.48xlarge", "p4d.24xlarge"] }, /name exactly one type/],
    [
      "an unknown node count",
      { scalingConfig: { minSize: 1, maxSize: UNKNOWN } },
      /scalingConfig\.maxSize: .* can't be known/,
    ],
    ["no node count", { scalingConfig: undefined }, /scalingConfig\.minSize is not set; expected a number/],
    ["an unknown purchase tag", { tags: { "breakeven:purchase": UNKNOWN } }, /can't be known/],
    [
      "spot claimed as a commitment",
      { capacityType: "SPOT" },
      /tag breakeven:purchase is "commit-1y"; with capacityType SPOT expected one of spot/,
    ],
    ["a maximum below the minimum", { scalingConfig: { minSize: 4, maxSize: 1 } }, /scalingConfig is out of order/],
    [
      "more wanted nodes than the maximum",
      { scalingConfig: { minSize: 0, desiredSize: 20, maxSize: 1 } },
      /out of order/,
    ],
    ["a negative maximum", { scalingConfig: { minSize: -2, desiredSize: -2, maxSize: -2 } }, /out of order/],
    ["an unknown capacity type", { capacityType: "FREE" }, /expected one of ON_DEMAND, SPOT, CAPACITY_BLOCK/],
  ])("with %s are unpriced", (_, props, reason) => {
    expect(reasonOf(itemsOf(nodeGroup("h100", props)))).toMatch(reason);
  });

  it("pay for every disk of their template, and have no price with one that is not plain gp3", () => {
    const withDisks = (...disks: readonly object[]) => {
      const template = resource("aws:ec2/launchTemplate:LaunchTemplate", "t", {
        blockDeviceMappings: disks.map((ebs) => ({ ebs })),
      });
      return itemsOf({ ...nodeGroup("h100"), propertyDependencies: { launchTemplate: [template] } });
    };
    const gp3 = { volumeSize: 100, volumeType: "gp3" };
    expect(withDisks(gp3, { ...gp3, volumeSize: 900 })[1]).toMatchObject({ quantityPerMonth: 1000 });
    expect(reasonOf(withDisks(gp3, { volumeSize: 64_000, volumeType: "io2" }))).toMatch(/not plain gp3/);
    expect(reasonOf(withDisks({ ...gp3, iops: 16_000 }))).toMatch(/not plain gp3/);
    expect(reasonOf(itemsOf({ ...nodeGroup("h100"), propertyDependencies: {} }))).toMatch(/not part of this stack/);
  });

  it("without a purchase tag are bought on demand", () => {
    expect(itemsOf(nodeGroup("h100", { tags: {} }))[0]).toMatchObject({ hardware: { purchase: "on-demand" } });
  });
});

describe("pools of Karpenter", () => {
  const requirement = (key: string, ...values: string[]) => ({ key, operator: "In", values });
  const pool = (spec: object = {}, annotations: object = { "breakeven.dev/min-nodes": "1" }) =>
    resource("kubernetes:karpenter.sh/v1:NodePool", "l40s", {
      metadata: { annotations },
      spec: {
        limits: { nodes: "4" },
        template: {
          metadata: { labels: { "breakeven.dev/pool": "l40s" } },
          spec: {
            requirements: [
              requirement("karpenter.sh/capacity-type", "on-demand"),
              requirement("node.kubernetes.io/instance-type", "g6e.12xlarge"),
            ],
          },
        },
        ...spec,
      },
    });
  const requiring = (...requirements: object[]) => pool({ template: { spec: { requirements } } });
  const type = requirement("node.kubernetes.io/instance-type", "g6e.12xlarge");

  it("are priced by type, purchase and the most nodes there may be", () => {
    expect(itemsOf(pool())).toEqual([
      {
        kind: "nodes",
        resource: 'kubernetes NodePool "l40s"',
        pool: "l40s",
        hardware: { kind: "instance", region: "us-east-1", instanceType: "g6e.12xlarge", purchase: "on-demand" },
        minNodes: 1,
        maxNodes: 4,
        scaling: "elastic",
      },
    ]);
  });

  it.each([
    [["spot"], "spot"],
    [["spot", "on-demand"], "on-demand"],
    [["reserved", "spot"], "on-demand"],
  ])("bought as any of %j cost the dearest", (types, purchase) => {
    expect(itemsOf(requiring(requirement("karpenter.sh/capacity-type", ...types), type))[0]).toMatchObject({
      hardware: { purchase },
    });
  });

  it.each([
    ["no limit", pool({ limits: {} }), /limits\.nodes is not set/],
    ["an unknown limit", pool({ limits: { nodes: UNKNOWN } }), /can't be known/],
    ["a limit that is no number", pool({ limits: { nodes: "many" } }), /expected a whole number/],
    ["no least number", pool({}, {}), /annotation breakeven\.dev\/min-nodes is not set/],
    ["an open type", requiring(requirement("karpenter.sh/capacity-type", "spot")), /instance-type has to name/],
    [
      "several types",
      requiring(
        requirement("karpenter.sh/capacity-type", "spot"),
        requirement("node.kubernetes.io/instance-type", "g6e.xlarge", "p5.48xlarge"),
      ),
      /name exactly one type/,
    ],
    ["an open purchase", requiring(type), /capacity-type has to name its values/],
    [
      "a type that is excluded instead of named",
      requiring(requirement("karpenter.sh/capacity-type", "spot"), { ...type, operator: "NotIn" }),
      /operator In/,
    ],
  ])("with %s are unpriced", (_, given, reason) => {
    expect(reasonOf(itemsOf(given))).toMatch(reason);
  });

  it("pay for the disks of as many nodes as there may be", () => {
    const nodeClass = (ebs: object, annotations: object = { "breakeven.dev/max-nodes": "4" }) =>
      itemsOf(
        resource("kubernetes:karpenter.k8s.aws/v1:EC2NodeClass", "l40s", {
          metadata: { annotations },
          spec: { blockDeviceMappings: [{ ebs }, { ebs: { volumeSize: "4Gi", volumeType: "gp3" } }] },
        }),
      );
    const gp3 = { volumeSize: "300Gi", volumeType: "gp3" };
    expect(nodeClass(gp3)).toMatchObject([{ sku: "ebs-gp3-gb-month", quantityPerMonth: 4 * 304 }]);
    expect(reasonOf(nodeClass({ ...gp3, iops: 16_000 }))).toMatch(/not plain gp3/);
    expect(reasonOf(nodeClass(gp3, {}))).toMatch(/max-nodes is not set/);
  });
});
