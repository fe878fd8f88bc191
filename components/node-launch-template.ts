import type * as aws from "@pulumi/aws";

export interface NodeTemplate {
  /** Root disk in GiB. */
  readonly diskGiB: number;
  /** Tags of the instances and their disks: those of a node group do not reach them. */
  readonly tags: Readonly<Record<string, string>>;
  /**
   * Whether local NVMe disks hold images and pod volumes. Instance types without such disks ignore it.
   * @default no
   */
  readonly usesLocalDisks?: boolean;
  /**
   * Capacity block to take the nodes from.
   * @default none
   */
  readonly capacityBlock?: { readonly instanceType: string; readonly reservationId: string };
}

/** Launch template of nodes: encrypted disks, and instance metadata that needs a token and is out of reach of pods. */
export function nodeLaunchTemplate(template: NodeTemplate): aws.ec2.LaunchTemplateArgs {
  const { diskGiB, tags, usesLocalDisks = false, capacityBlock } = template;
  return {
    blockDeviceMappings: [
      {
        deviceName: ROOT_DEVICE,
        ebs: { volumeSize: diskGiB, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
      },
    ],
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
    tags,
    ...(usesLocalDisks ? { userData: Buffer.from(LOCAL_DISKS_USER_DATA).toString("base64") } : {}),
    ...(capacityBlock === undefined ? {} : fromCapacityBlock(capacityBlock)),
  };
}

/** Root device of Amazon Linux 2023. */
const ROOT_DEVICE = "/dev/xvda";

/** Capacity blocks are the one case in which EKS wants the instance type here and not in the node group. */
const fromCapacityBlock = ({ instanceType, reservationId }: NonNullable<NodeTemplate["capacityBlock"]>) => ({
  instanceType,
  instanceMarketOptions: { marketType: "capacity-block" },
  capacityReservationSpecification: { capacityReservationTarget: { capacityReservationId: reservationId } },
});

/** Amazon Linux 2023 reads its node configuration from user data, as one part of a MIME message. */
const LOCAL_DISKS_USER_DATA = `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="//"

--//
Content-Type: application/node.eks.aws

---
apiVersion: node.eks.aws/v1alpha1
kind: NodeConfig
spec:
  instance:
    localStorage:
      strategy: RAID0

--//--
`;
