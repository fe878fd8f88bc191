import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { amiType } from "./node-ami.ts";
import {
  capacityType,
  checkCapacityBlock,
  GPU_TAINT,
  gpuLabels,
  type InstancePool,
  poolTags,
  scaling,
} from "./node-group-shape.ts";
import { nodeLaunchTemplate } from "./node-launch-template.ts";
import { subnetsOfPool } from "./subnets-of-pool.ts";

export interface GpuNodePoolArgs {
  /** Name of the pool, as models refer to it. */
  readonly pool: string;
  /** Hardware, purchase option and size. Plain values only: they decide the price, so a preview must know them. */
  readonly config: InstancePool;
  /** EKS cluster that the nodes join. */
  readonly clusterName: pulumi.Input<string>;
  /** Kubernetes version of the nodes, e.g. `1.35`. */
  readonly kubernetesVersion: pulumi.Input<string>;
  /** IAM role of the nodes. */
  readonly nodeRoleArn: pulumi.Input<string>;
  /** Private subnets, one per zone. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Zones of the subnets, in the same order. */
  readonly zoneNames: pulumi.Input<readonly string[]>;
  /**
   * Adapters for traffic between nodes, where a replica spans several, and the nodes' security group.
   * @default none
   */
  readonly efa?: { readonly interfaces: number; readonly securityGroupId: pulumi.Input<string> } | undefined;
  /**
   * Zones that have the instance type; a pool without them is refused in the preview.
   * @default nobody asks, and AWS refuses
   */
  readonly offeredZones?: pulumi.Input<readonly string[]> | undefined;
  /**
   * Tags of the node group, its instances and their disks.
   * @default none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A group of like GPU nodes with NVIDIA's driver. Only pods that tolerate the taint `nvidia.com/gpu` run there; they
 * find the pool by the label `breakeven.dev/pool`. Where the instance type has local NVMe disks, images and model
 * weights live on those.
 *
 * The pool always runs `maxNodes`; nodes that come and go are an `ElasticGpuPool`. Updates replace nodes one at a time and
 * take the old one away first, as there may be no spare GPU to be had. A capacity block must be scaled to zero before its
 * nodes are updated.
 *
 * ### Cost
 * Node-hours of the instance type at the price of its purchase option, and the root disks. This is most of the bill.
 *
 * @example
 * const pool = new GpuNodePool("chat-h100", {
 *   pool: "h100",
 *   config: config.pools.h100,
 *   clusterName: cluster.clusterName,
 *   kubernetesVersion: cluster.version,
 *   nodeRoleArn: cluster.nodeRoleArn,
 *   subnetIds: network.privateSubnetIds,
 *   zoneNames: network.zoneNames,
 * });
 */
export class GpuNodePool extends pulumi.ComponentResource {
  readonly nodeGroupName: pulumi.Output<string>;
  readonly autoscalingGroupName: pulumi.Output<string>;

  constructor(name: string, args: GpuNodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("breakeven:index:GpuNodePool", name, args, opts);
    const { pool, config } = args;
    if (config.scaling === "elastic") throw new Error(`pool "${pool}" is elastic; make an ElasticGpuPool of it`);
    checkCapacityBlock(pool, config);
    const { instanceType, purchase, capacityReservationId } = config.hardware;
    const isBlock = purchase === "capacity-block";
    const tags = { ...args.tags, ...poolTags(pool, config) };

    const template = new aws.ec2.LaunchTemplate(
      `${name}-nodes`,
      nodeLaunchTemplate({
        diskGiB: config.diskGiB,
        tags: { Name: name, ...tags },
        image: config.image,
        usesLocalDisks: config.localDisks ?? true,
        ...(capacityReservationId === undefined
          ? {}
          : { reservation: { id: capacityReservationId, ...(isBlock ? { block: { instanceType } } : {}) } }),
        efa: args.efa,
      }),
      { parent: this },
    );

    const nodes = new aws.eks.NodeGroup(
      `${name}-nodes`,
      {
        clusterName: args.clusterName,
        version: args.kubernetesVersion,
        nodeRoleArn: args.nodeRoleArn,
        subnetIds: subnetsOfPool(args),
        amiType: amiType(instanceType, "gpu", config.image),
        capacityType: capacityType(purchase),
        ...(isBlock ? {} : { instanceTypes: [instanceType] }),
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        scalingConfig: scaling(config),
        updateConfig: { maxUnavailable: 1, updateStrategy: "MINIMAL" },
        nodeRepairConfig: { enabled: true },
        labels: gpuLabels(pool, config),
        taints: [GPU_TAINT],
        tags,
      },
      { parent: this },
    );

    this.nodeGroupName = nodes.nodeGroupName;
    this.autoscalingGroupName = nodes.resources.apply((resources) => resources[0]?.autoscalingGroups[0]?.name ?? "");
    this.registerOutputs({ nodeGroupName: this.nodeGroupName, autoscalingGroupName: this.autoscalingGroupName });
  }
}
