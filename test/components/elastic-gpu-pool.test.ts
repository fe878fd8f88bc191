import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { ElasticGpuPool } from "../../components/elastic-gpu-pool.ts";
import { karpenterPolicy } from "../../components/karpenter/policy.ts";
import { capacityTypes, ec2NodeClass } from "../../components/karpenter/shapes.ts";
import type { InstancePool } from "../../components/node-group-shape.ts";
import { poolSchema } from "../../config/pool.ts";
import { onlyOf, resourcesOf } from "./mocks.ts";

const pool = (hardware: object = {}, more: object = {}) =>
  poolSchema.parse({
    hardware: { kind: "instance", instanceType: "g6e.12xlarge", ...hardware },
    scaling: "elastic",
    maxNodes: 3,
    ...more,
  }) as InstancePool;

const create = (config = pool(), preview = false) =>
  resourcesOf(
    () => {
      const controller = new pulumi.ComponentResource("test:index:Controller", "karpenter");
      new ElasticGpuPool("chat-l40s", {
        pool: "l40s",
        config,
        controller,
        nodeRoleArn: "arn:aws:iam::123456789012:role/chat-node",
        securityGroupId: "sg-nodes",
        subnetIds: ["subnet-a", "subnet-b"],
        zoneNames: ["us-east-1a", "us-east-1b"],
        tags: { team: "chat" },
      });
    },
    { preview },
  );

describe("capacity types", () => {
  const reservation = { capacityReservationId: "cr-0123456789abcdef0" };
  it.each([
    [pool(), ["on-demand"]],
    [pool({ purchase: "spot" }), ["spot"]],
    [pool({ purchase: "spot" }, { onDemandFallback: true }), ["spot", "on-demand"]],
    [pool(reservation), ["reserved", "on-demand"]],
  ])("are tried from what is paid already to what is always there: %#", (config, expected) => {
    expect(capacityTypes(config)).toEqual(expected);
  });
});

describe("ElasticGpuPool", () => {
  it("makes nodes of one type up to the most, and ends them only when they are empty", async () => {
    const { spec, metadata } = onlyOf(await create(), "NodePool").inputs;
    expect(metadata).toMatchObject({ name: "l40s", annotations: { "breakeven.dev/min-nodes": "0" } });
    expect(spec.limits).toEqual({ nodes: "3" });
    expect(spec.disruption).toMatchObject({ consolidationPolicy: "WhenEmpty", consolidateAfter: "300s" });
    expect(spec.template.spec.requirements).toContainEqual({
      key: "node.kubernetes.io/instance-type",
      operator: "In",
      values: ["g6e.12xlarge"],
    });
    expect(spec.template.spec.nodeClassRef).toEqual({ group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "l40s" });
  });

  it("keeps other pods away and lets the device plugin and models find the nodes, as fixed pools do", async () => {
    const { template } = onlyOf(await create(), "NodePool").inputs["spec"];
    expect(template.spec.taints).toEqual([{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }]);
    expect(template.metadata.labels).toEqual({
      "nvidia.com/gpu.present": "true",
      "breakeven.dev/image": "al2023",
      "breakeven.dev/pool": "l40s",
    });
  });

  it("has encrypted disks, private addresses, metadata out of reach of pods, and local disks for weights", async () => {
    const { spec } = onlyOf(await create(), "EC2NodeClass").inputs;
    expect(spec).toMatchObject({
      role: "chat-node",
      associatePublicIPAddress: false,
      instanceStorePolicy: "RAID0",
      metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
      subnetSelectorTerms: [{ id: "subnet-a" }, { id: "subnet-b" }],
      securityGroupSelectorTerms: [{ id: "sg-nodes" }],
    });
    expect(spec.blockDeviceMappings).toEqual([
      {
        deviceName: "/dev/xvda",
        rootVolume: true,
        ebs: { volumeType: "gp3", encrypted: true, deleteOnTermination: true, volumeSize: "300Gi" },
      },
    ]);
  });

  it("runs only in the zones of the pool", async () => {
    const resources = await create(pool({}, { zones: ["us-east-1b"] }));
    expect(onlyOf(resources, "EC2NodeClass").inputs["spec"].subnetSelectorTerms).toEqual([{ id: "subnet-b" }]);
    expect(onlyOf(resources, "NodePool").inputs["spec"].template.spec.requirements).toContainEqual({
      key: "topology.kubernetes.io/zone",
      operator: "In",
      values: ["us-east-1b"],
    });
  });

  it("never names network interfaces, with which Karpenter finds no reserved capacity", () => {
    const place = { nodeRoleName: "node", subnetIds: [], securityGroupId: "sg", tags: {} };
    expect(ec2NodeClass("l40s", pool({ capacityReservationId: "cr-0123456789abcdef0" }), place)).not.toHaveProperty(
      "networkInterfaces",
    );
  });

  it("states everything that decides the price in a preview", async () => {
    const resources = await create(pool(), true);
    expect(onlyOf(resources, "EC2NodeClass").inputs["spec"].blockDeviceMappings[0].ebs.volumeSize).toBe("300Gi");
    expect(onlyOf(resources, "NodePool").inputs["spec"].limits).toEqual({ nodes: "3" });
  });
});

describe("Karpenter's permissions", () => {
  const policy = JSON.parse(
    karpenterPolicy({
      region: "us-east-1",
      clusterName: "chat",
      nodeRoleArn: "arn:aws:iam::123456789012:role/chat-node",
    }),
  ) as { Statement: { Sid: string; Action: string[]; Resource: string | string[]; Condition?: object }[] };
  const statement = (sid: string) => policy.Statement.find(({ Sid }) => Sid === sid);

  it("change and end only what carries the cluster's tag", () => {
    for (const { Sid, Action, Condition } of policy.Statement.filter(({ Action }) =>
      Action.some((action) => /:(Terminate|Delete|Remove|Add|Tag|CreateTags)/.test(action)),
    ))
      expect(JSON.stringify(Condition), `${Sid} ${Action}`).toContain("kubernetes.io/cluster/chat");
  });

  it("pass on the one role of the nodes, to EC2 alone", () => {
    expect(statement("PassNodeRole")).toMatchObject({
      Resource: "arn:aws:iam::123456789012:role/chat-node",
      Condition: { StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] } },
    });
  });

  it("reach everywhere only to look", () => {
    for (const { Action } of policy.Statement.filter(({ Resource }) => Resource === "*"))
      for (const action of Action) expect(action).toMatch(/:(Describe|Get|List)/);
  });
});
