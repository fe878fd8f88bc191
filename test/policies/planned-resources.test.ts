import { describe, expect, it } from "vitest";
import { plannedItems } from "../../policies/planned-resources.ts";
import { itemsOf, reasonOf, resource, UNKNOWN } from "./graphs.ts";

describe("other resources", () => {
  it("of a type without an adapter are unpriced unless known to be free or declared free by the owner", () => {
    const database = resource("aws:rds/instance:Instance", "db", { instanceClass: "db.r6g.large" });
    expect(reasonOf(itemsOf(database))).toBe(
      'rds Instance "db": type aws:rds/instance:Instance has no price adapter and is not on the list of free types',
    );
    expect(itemsOf(resource("aws:ec2/vpc:Vpc", "vpc", {}))).toEqual([]);
    expect(plannedItems([database], { region: "us-east-1" }, ["aws:rds/*"])).toEqual([]);
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
