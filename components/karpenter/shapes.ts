import { BOTTLEROCKET_ROOT_GIB, MAX_NODES_ANNOTATION, MIN_NODES_ANNOTATION, POOL_LABEL } from "../../config/marks.ts";
import { EMPTY_NODE_SECONDS } from "../../config/start-up.ts";
import { ami } from "../node-ami.ts";
import { GPU_TAINT, gpuLabels, type InstancePool, poolTags } from "../node-group-shape.ts";

/**
 * How nodes are bought, in the order Karpenter tries it: what is reserved is paid anyway, spot is cheapest, on-demand is
 * there most often.
 */
export function capacityTypes({ hardware, onDemandFallback }: InstancePool): readonly string[] {
  const { purchase, capacityReservationId } = hardware;
  return [
    ...(capacityReservationId === undefined ? [] : ["reserved"]),
    ...(purchase === "spot" ? ["spot"] : []),
    ...(purchase !== "spot" || onDemandFallback ? ["on-demand"] : []),
  ];
}

export interface NodeClassPlace {
  readonly nodeRoleName: string;
  readonly subnetIds: readonly string[];
  readonly securityGroupId: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Spec of an EC2NodeClass: what a node is made of. */
export function ec2NodeClass(pool: string, config: InstancePool, place: NodeClassPlace) {
  const { hardware, diskGiB, image } = config;
  const { family, alias, dataDevice } = ami(image);
  const { capacityReservationId } = hardware;
  const encrypted = { volumeType: "gp3", encrypted: true, deleteOnTermination: true };
  const disk = { ...encrypted, volumeSize: `${diskGiB}Gi` };
  return {
    amiFamily: family,
    amiSelectorTerms: [{ alias }],
    role: place.nodeRoleName,
    subnetSelectorTerms: place.subnetIds.map((id) => ({ id })),
    securityGroupSelectorTerms: [{ id: place.securityGroupId }],
    ...(capacityReservationId === undefined
      ? {}
      : { capacityReservationSelectorTerms: [{ id: capacityReservationId }] }),
    associatePublicIPAddress: false,
    metadataOptions: {
      httpEndpoint: "enabled",
      httpProtocolIPv6: "disabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    },
    blockDeviceMappings:
      dataDevice === undefined
        ? [{ deviceName: "/dev/xvda", rootVolume: true, ebs: disk }]
        : [
            {
              deviceName: "/dev/xvda",
              rootVolume: true,
              ebs: { ...encrypted, volumeSize: `${BOTTLEROCKET_ROOT_GIB}Gi` },
            },
            { deviceName: dataDevice, ebs: disk },
          ],
    ...(config.localDisks === false ? {} : { instanceStorePolicy: "RAID0" }),
    tags: { ...place.tags, ...poolTags(pool, config) },
  };
}

/** Spec of a NodePool. Only empty nodes go: moving a model costs minutes of a paid GPU. Taken from awslabs/ai-on-eks. */
export function nodePool(pool: string, config: InstancePool, zoneNames: readonly string[]) {
  const requirement = (key: string, values: readonly string[]) => ({ key, operator: "In", values });
  return {
    template: {
      metadata: { labels: gpuLabels(pool, config) },
      spec: {
        nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: pool },
        requirements: [
          requirement("karpenter.sh/capacity-type", capacityTypes(config)),
          requirement("node.kubernetes.io/instance-type", [config.hardware.instanceType]),
          ...(zoneNames.length === 0 ? [] : [requirement("topology.kubernetes.io/zone", zoneNames)]),
        ],
        taints: [{ key: GPU_TAINT.key, value: GPU_TAINT.value, effect: "NoSchedule" }],
        expireAfter: "720h",
        terminationGracePeriod: "24h",
      },
    },
    limits: { nodes: String(config.maxNodes) },
    disruption: {
      consolidationPolicy: "WhenEmpty",
      consolidateAfter: `${EMPTY_NODE_SECONDS}s`,
      budgets: [{ nodes: "10%" }],
    },
  };
}

/** Metadata of both objects. The bounds are said here, as policies read them and Karpenter has no least number. */
export const poolMetadata = (pool: string, { minNodes, maxNodes }: InstancePool) => ({
  name: pool,
  labels: { "app.kubernetes.io/part-of": "breakeven", [POOL_LABEL]: pool },
  annotations: { [MIN_NODES_ANNOTATION]: String(minNodes), [MAX_NODES_ANNOTATION]: String(maxNodes) },
});
