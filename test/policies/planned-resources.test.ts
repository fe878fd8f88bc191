import { describe, expect, it } from "vitest";
import { declaredItems } from "../../config/declared-items.ts";
import { type DecisionInput, decide } from "../../economics/decide.ts";
import type { PlannedItem } from "../../economics/planned.ts";
import { declaredInput, plannedStack } from "../../policies/assess.ts";
import { differences } from "../../policies/compare-plans.ts";
import { ownerSettings } from "../../policies/owner-settings.ts";
import { plannedItems } from "../../policies/planned-resources.ts";
import { nodeGroup, prodGraph, resource, stackConfig, TODAY, UNKNOWN } from "./graphs.ts";

const context = { region: "us-east-1" };
const itemsOf = (...resources: Parameters<typeof plannedItems>[0][number][]): readonly PlannedItem[] =>
  plannedItems(resources, context);

const reasonOf = (items: readonly PlannedItem[]): string =>
  items.map((item) => (item.kind === "unpriced" ? `${item.resource}: ${item.reason}` : item.kind)).join("; ");

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

describe("other resources", () => {
  it("of a type without an adapter are unpriced unless known to be free or declared free by the owner", () => {
    const database = resource("aws:rds/instance:Instance", "db", { instanceClass: "db.r6g.large" });
    expect(reasonOf(itemsOf(database))).toBe(
      'rds Instance "db": type aws:rds/instance:Instance has no price adapter and is not on the list of free types',
    );
    expect(itemsOf(resource("aws:ec2/vpc:Vpc", "vpc", {}))).toEqual([]);
    expect(plannedItems([database], context, ["aws:rds/*"])).toEqual([]);
  });

  it.each([
    ["aws:cloudwatch/logGroup:LogGroup", {}, /tag breakeven:gb-per-month is not set/],
    ["aws:ebs/volume:Volume", { type: "io2", size: 100 }, /volume type "io2" has no price/],
    ["aws:ebs/volume:Volume", { type: "gp3", size: UNKNOWN }, /size: .* can't be known/],
    ["aws:lb/loadBalancer:LoadBalancer", { loadBalancerType: "gateway", subnets: [] }, /not priced yet/],
    [
      "aws:ec2/instance:Instance",
      { instanceType: UNKNOWN, rootBlockDevice: { volumeSize: 8 } },
      /instanceType: .* can't be known/,
    ],
    [
      "kubernetes:helm.sh/v3:Release",
      { chart: "oci://example.org/charts/minio" },
      /what the chart "oci:\/\/example\.org\/charts\/minio" creates is not known/,
    ],
    [
      "kubernetes:core/v1:PersistentVolumeClaim",
      { spec: { resources: { requests: { storage: "lots" } } } },
      /expected a size such as "50Gi"/,
    ],
    [
      "aws:eks/cluster:Cluster",
      { upgradePolicy: { supportType: "STANDARD" }, controlPlaneScalingConfig: { tier: "tier-8xl" } },
      /controlPlaneScalingConfig has no price/,
    ],
    ["aws:eks/addon:Addon", { addonName: "vendor_product" }, /not known to be free/],
    [
      "aws:ec2/instance:Instance",
      { instanceType: "m7i.large", rootBlockDevice: { volumeSize: 8, volumeType: "io2", iops: 64000 } },
      /root disk is not plain gp3/,
    ],
    [
      "aws:ec2/instance:Instance",
      { instanceType: "m7i.large", rootBlockDevice: { volumeSize: 8, volumeType: "gp3" }, ebsBlockDevices: [{}] },
      /ebsBlockDevices have no price/,
    ],
    ["aws:kms/key:Key", { region: UNKNOWN }, /can't be known/],
    ["kubernetes:core/v1:Service", { spec: { type: "LoadBalancer" } }, /makes the cloud create one nobody sees/],
    [
      "kubernetes:apps/v1:Deployment",
      { spec: { template: { spec: { volumes: [{ ephemeral: {} }] } } } },
      /claim volumes of their own/,
    ],
    [
      "kubernetes:storage.k8s.io/v1:StorageClass",
      { parameters: { type: "gp3", iops: "16000" } },
      /only classes of plain/,
    ],
    [
      "kubernetes:core/v1:PersistentVolumeClaim",
      { spec: { storageClassName: "io2", resources: { requests: { storage: "1Gi" } } } },
      /storage class "io2" has no price/,
    ],
    [
      "kubernetes:apps/v1:StatefulSet",
      {
        spec: {
          volumeClaimTemplates: [{ spec: { storageClassName: "io2", resources: { requests: { storage: "1Gi" } } } }],
        },
      },
      /storage class "io2" has no price/,
    ],
    [
      "kubernetes:apps/v1:StatefulSet",
      { spec: { template: { spec: { volumes: [{ ephemeral: {} }] } } } },
      /claim volumes of their own/,
    ],
    ["kubernetes:monitoring.coreos.com/v1:Prometheus", {}, /has no price adapter/],
    ["kubernetes:helm.sh/v3:Release", { chart: "oci://evil.example/nvidia-device-plugin" }, /creates is not known/],
    [
      "kubernetes:helm.sh/v3:Release",
      {
        chart: "oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack",
        values: { grafana: { persistence: { enabled: true, size: "16Ti" } } },
      },
      /its values grafana\.persistence have no price/,
    ],
    [
      "aws:eks/cluster:Cluster",
      { upgradePolicy: { supportType: "STANDARD" }, computeConfig: { enabled: true } },
      /EKS Auto Mode adds a fee/,
    ],
  ])("%s %j says why it has no price", (type, props, reason) => {
    expect(reasonOf(itemsOf(resource(type, "x", props)))).toMatch(reason);
  });

  it("price claims once per replica, and public addresses per zone", () => {
    const storage = { spec: { resources: { requests: { storage: "100Gi" } } } };
    expect(
      itemsOf(
        resource("kubernetes:apps/v1:StatefulSet", "db", {
          spec: { replicas: 3, volumeClaimTemplates: [storage, storage] },
        }),
      ),
    ).toMatchObject([{ quantityPerMonth: 300 }, { quantityPerMonth: 300 }]);
    expect(itemsOf(resource("kubernetes:core/v1:Service", "s", { spec: { type: "ClusterIP" } }))).toEqual([]);
    const open = resource("aws:lb/loadBalancer:LoadBalancer", "open", {
      loadBalancerType: "network",
      internal: false,
      subnets: [UNKNOWN, UNKNOWN],
    });
    expect(itemsOf(open)).toContainEqual(expect.objectContaining({ sku: "public-ipv4-hour", quantityPerMonth: 1460 }));
  });
});

describe("the declared and the planned plan", () => {
  const config = stackConfig("prod");
  const declared = declaredItems(config);
  const plan = (change: (resources: ReturnType<typeof prodGraph>) => ReturnType<typeof prodGraph>) =>
    plannedItems(change(prodGraph(config)), context);

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
