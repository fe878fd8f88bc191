import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ec2NodeClass, nodePool, poolMetadata } from "./karpenter/shapes.ts";
import type { InstancePool } from "./node-group-shape.ts";
import { subnetsOfPool } from "./subnets-of-pool.ts";

export interface ElasticGpuPoolArgs {
  /** Name of the pool, as models refer to it. */
  readonly pool: string;
  /** Hardware, purchase option and size. Plain values only: they decide the price, so a preview must know them. */
  readonly config: InstancePool;
  /** Karpenter, which must outlive its pools. */
  readonly controller: pulumi.Resource;
  /** IAM role of the nodes. */
  readonly nodeRoleArn: pulumi.Input<string>;
  /** Security group of the nodes. */
  readonly securityGroupId: pulumi.Input<string>;
  /** Private subnets, one per zone. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Zones of the subnets, in the same order. */
  readonly zoneNames: pulumi.Input<readonly string[]>;
  /**
   * Zones that have the instance type; a pool without them is refused in the preview.
   * @default nobody asks, and AWS refuses
   */
  readonly offeredZones?: pulumi.Input<readonly string[]> | undefined;
  /**
   * Tags of the instances and their disks.
   * @default none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * GPU nodes that come when pods wait for them and go when they are empty, down to none: a NodePool of Karpenter and its
 * node class. At most `maxNodes` exist at a time. Nodes have encrypted disks, instance metadata out of reach of pods, and no
 * public address; local NVMe disks, where the type has them, hold images and weights.
 *
 * ### Cost
 * Node-hours of the instance type while a node exists, at the price of the dearest way it may be bought, and its disk.
 *
 * @example
 * new ElasticGpuPool("chat-l40s", {
 *   pool: "l40s", config: config.pools.l40s, controller: karpenter.release, nodeRoleArn: cluster.nodeRoleArn, securityGroupId: cluster.clusterSecurityGroupId,
 *   subnetIds: network.privateSubnetIds, zoneNames: network.zoneNames,
 * }, { provider: cluster.provider });
 */
export class ElasticGpuPool extends pulumi.ComponentResource {
  constructor(name: string, args: ElasticGpuPoolArgs, opts?: pulumi.ComponentResourceOptions) {
    const { controller, ...visible } = args;
    super("breakeven:index:ElasticGpuPool", name, visible, opts);
    const { pool, config, tags = {} } = args;
    const metadata = poolMetadata(pool, config);
    const subnetIds = subnetsOfPool(args);
    // Everything that decides the price stays plain; only where the node is put is not known before the network is.
    const shape = ec2NodeClass(pool, config, { nodeRoleName: "", subnetIds: [], securityGroupId: "", tags });
    const nodeClass = new k8s.apiextensions.CustomResource(
      `${name}-class`,
      {
        apiVersion: "karpenter.k8s.aws/v1",
        kind: "EC2NodeClass",
        metadata,
        spec: {
          ...shape,
          role: pulumi.output(args.nodeRoleArn).apply((arn) => arn.split("/").at(-1) ?? ""),
          subnetSelectorTerms: subnetIds.apply((ids) => ids.map((id) => ({ id }))),
          securityGroupSelectorTerms: [{ id: args.securityGroupId }],
        },
      },
      { parent: this, dependsOn: [controller] },
    );
    new k8s.apiextensions.CustomResource(
      `${name}-pool`,
      { apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata, spec: nodePool(pool, config, config.zones) },
      { parent: this, dependsOn: [controller, nodeClass] },
    );
    this.registerOutputs({});
  }
}
