import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { GpuNodePool, type GpuNodePoolArgs } from "../../components/gpu-node-pool.ts";
import type { InstancePool } from "../../components/node-group-shape.ts";
import { poolSchema } from "../../config/pool.ts";
import { type MockOptions, onlyOf, resolved, resourcesOf } from "./mocks.ts";

type Hardware = Partial<InstancePool["hardware"]>;

const args = (hardware: Hardware = {}, pool: object = {}): GpuNodePoolArgs => ({
  pool: "h100",
  config: poolSchema.parse({
    hardware: { kind: "instance", instanceType: "p5.48xlarge", ...hardware },
    maxNodes: 2,
    ...pool,
  }) as InstancePool,
  clusterName: "chat",
  kubernetesVersion: "1.35",
  nodeRoleArn: "arn:aws:iam::123456789012:role/nodes",
  subnetIds: ["subnet-a", "subnet-b"],
  zoneNames: ["us-east-1a", "us-east-1b"],
  tags: { team: "chat" },
});

async function create(given: GpuNodePoolArgs = args(), options?: MockOptions) {
  const resources = await resourcesOf(() => new GpuNodePool("chat-h100", given), options);
  return { group: onlyOf(resources, "NodeGroup"), template: onlyOf(resources, "LaunchTemplate") };
}

const block: Hardware = { purchase: "capacity-block", capacityReservationId: "cr-0123456789abcdef0" };

describe("GpuNodePool", () => {
  it("runs NVIDIA nodes of one instance type in the private subnets", async () => {
    const { group } = await create();
    expect(group.parent).toBe("chat-h100");
    expect(group.inputs).toMatchObject({
      clusterName: "chat",
      version: "1.35",
      amiType: "AL2023_x86_64_NVIDIA",
      capacityType: "ON_DEMAND",
      instanceTypes: ["p5.48xlarge"],
      subnetIds: ["subnet-a", "subnet-b"],
    });
  });

  it("states everything that decides the price in a preview", async () => {
    const { group, template } = await create(
      {
        ...args(),
        clusterName: pulumi.output(pulumi.unknown as string),
        nodeRoleArn: pulumi.output(pulumi.unknown as string),
        subnetIds: [pulumi.output(pulumi.unknown as string), pulumi.output(pulumi.unknown as string)],
      },
      { preview: true },
    );
    expect(pulumi.isUnknown(group.inputs["clusterName"])).toBe(true);
    expect(group.inputs).toMatchObject({
      instanceTypes: ["p5.48xlarge"],
      capacityType: "ON_DEMAND",
      scalingConfig: { minSize: 2, desiredSize: 2, maxSize: 2 },
      tags: { "breakeven:purchase": "on-demand" },
      labels: { "breakeven.dev/pool": "h100" },
    });
    expect(template.inputs["blockDeviceMappings"][0].ebs.volumeSize).toBe(300);
  });

  it("keeps other pods away and lets the device plugin and models find the nodes", async () => {
    const { group } = await create();
    expect(group.inputs["taints"]).toEqual([{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }]);
    expect(group.inputs["labels"]).toEqual({
      "nvidia.com/gpu.present": "true",
      "breakeven.dev/image": "al2023",
      "breakeven.dev/pool": "h100",
    });
  });

  it("tags the group, the instances and their disks with pool and purchase option", async () => {
    const { group, template } = await create(args({ purchase: "commit-3y" }));
    const tags = { team: "chat", "breakeven:pool": "h100", "breakeven:purchase": "commit-3y" };
    expect(group.inputs["tags"]).toEqual(tags);
    expect(template.inputs["tagSpecifications"]).toEqual([
      { resourceType: "instance", tags: { Name: "chat-h100", ...tags } },
      { resourceType: "volume", tags: { Name: "chat-h100", ...tags } },
    ]);
  });

  it("encrypts the disk and keeps instance metadata from pods", async () => {
    const { template } = await create(args({}, { diskGiB: 500 }));
    expect(template.inputs["blockDeviceMappings"]).toEqual([
      {
        deviceName: "/dev/xvda",
        ebs: { volumeSize: 500, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
      },
    ]);
    expect(template.inputs["metadataOptions"]).toMatchObject({ httpTokens: "required", httpPutResponseHopLimit: 1 });
  });

  it("puts images and weights on local disks where there are any", async () => {
    const { template } = await create();
    expect(Buffer.from(template.inputs["userData"], "base64").toString()).toContain("strategy: RAID0");
  });

  it("replaces one node at a time without asking for a spare GPU", async () => {
    const { group } = await create();
    expect(group.inputs["updateConfig"]).toEqual({ maxUnavailable: 1, updateStrategy: "MINIMAL" });
  });

  it("is for fixed pools alone", async () => {
    await expect(create(args({}, { scaling: "elastic" }))).rejects.toThrow("make an ElasticGpuPool of it");
  });

  it("takes nodes from an on-demand reservation through the launch template, the type still in the node group", async () => {
    const { group, template } = await create(args({ capacityReservationId: "cr-0123456789abcdef0" }));
    expect(group.inputs).toMatchObject({ capacityType: "ON_DEMAND", instanceTypes: ["p5.48xlarge"] });
    expect(template.inputs["capacityReservationSpecification"]).toEqual({
      capacityReservationTarget: { capacityReservationId: "cr-0123456789abcdef0" },
    });
    expect(template.inputs).not.toHaveProperty("instanceMarketOptions");
  });

  it("gives nodes of replicas that span nodes every adapter, beside an interface for IP", async () => {
    const { template } = await create({ ...args(), efa: { interfaces: 32, securityGroupId: "sg-nodes" } });
    const interfaces = template.inputs["networkInterfaces"];
    expect(interfaces).toHaveLength(33);
    expect(interfaces.slice(0, 3)).toMatchObject([
      { networkCardIndex: 0, deviceIndex: 0, interfaceType: "interface", securityGroups: ["sg-nodes"] },
      { networkCardIndex: 0, deviceIndex: 1, interfaceType: "efa-only" },
      { networkCardIndex: 1, deviceIndex: 0, interfaceType: "efa-only" },
    ]);
    expect((await create()).template.inputs).not.toHaveProperty("networkInterfaces");
  });

  it("runs Bottlerocket with a disk for images and weights of its own, and its local disks made one", async () => {
    const { group, template } = await create(args({}, { image: "bottlerocket" }));
    expect(group.inputs["amiType"]).toBe("BOTTLEROCKET_x86_64_NVIDIA");
    expect(
      template.inputs["blockDeviceMappings"].map(({ deviceName, ebs }: { deviceName: string; ebs: object }) => [
        deviceName,
        (ebs as { volumeSize: number }).volumeSize,
      ]),
    ).toEqual([
      ["/dev/xvda", 4],
      ["/dev/xvdb", 300],
    ]);
    expect(Buffer.from(template.inputs["userData"], "base64").toString()).toContain(
      '["apiclient", "ephemeral-storage", "init"]',
    );
  });

  it("leaves local disks alone where the pool says so", async () => {
    expect((await create(args({}, { localDisks: false }))).template.inputs).not.toHaveProperty("userData");
  });

  it("runs only in the zones of the pool", async () => {
    const { group } = await create(args({}, { zones: ["us-east-1b"] }));
    expect(group.inputs["subnetIds"]).toEqual(["subnet-b"]);
  });

  it("takes capacity blocks through the launch template, which then names the instance type", async () => {
    const { group, template } = await create(args(block, { zones: ["us-east-1a"] }));
    expect(group.inputs["capacityType"]).toBe("CAPACITY_BLOCK");
    expect(group.inputs).not.toHaveProperty("instanceTypes");
    expect(template.inputs).toMatchObject({
      instanceType: "p5.48xlarge",
      instanceMarketOptions: { marketType: "capacity-block" },
      capacityReservationSpecification: {
        capacityReservationTarget: { capacityReservationId: "cr-0123456789abcdef0" },
      },
    });
  });

  it("names the instance type in the node group alone otherwise", async () => {
    const { template } = await create(args({ purchase: "spot" }));
    for (const property of ["instanceType", "instanceMarketOptions", "capacityReservationSpecification"]) {
      expect(template.inputs).not.toHaveProperty(property);
    }
  });

  it("refuses a capacity block without its zone", async () => {
    await expect(create(args(block))).rejects.toThrow("a capacity block is in one zone");
  });

  it("tells the names of its node group and autoscaling group", async () => {
    let pool: GpuNodePool | undefined;
    await resourcesOf(() => {
      pool = new GpuNodePool("chat-h100", args());
    });
    expect(await resolved(pool?.autoscalingGroupName ?? "")).toBe("eks-chat-h100-nodes");
  });
});
