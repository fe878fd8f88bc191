import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { BOTTLEROCKET_ROOT_GIB } from "../config/marks.ts";
import type { PoolConfig } from "../config/pool.ts";
import { ami } from "./node-ami.ts";

export interface NodeTemplate {
  /** Root disk in GiB. */
  readonly diskGiB: number;
  /** Tags of the instances and their disks: those of a node group do not reach them. */
  readonly tags: Readonly<Record<string, string>>;
  /** System image. @default Amazon Linux 2023 */
  readonly image?: PoolConfig["image"];
  /**
   * Whether local NVMe disks hold images and pod volumes. Instance types without such disks ignore it.
   * @default no
   */
  readonly usesLocalDisks?: boolean;
  /**
   * Reservation to take the nodes from.
   * @default none
   */
  readonly reservation?: { readonly id: string; readonly block?: { readonly instanceType: string } };
  /**
   * Adapters for traffic between nodes, and the security group that lets the nodes talk.
   * @default none
   */
  readonly efa?: { readonly interfaces: number; readonly securityGroupId: pulumi.Input<string> } | undefined;
}

/** Launch template of nodes: encrypted disks, and instance metadata that needs a token and is out of reach of pods. */
export function nodeLaunchTemplate(template: NodeTemplate): aws.ec2.LaunchTemplateArgs {
  const { diskGiB, tags, usesLocalDisks = false, reservation, efa, image = "al2023" } = template;
  const disk = (deviceName: string, volumeSize: number) => ({
    deviceName,
    ebs: { volumeSize, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
  });
  const { dataDevice } = ami(image);
  return {
    blockDeviceMappings:
      dataDevice === undefined
        ? [disk(ROOT_DEVICE, diskGiB)]
        : [disk(ROOT_DEVICE, BOTTLEROCKET_ROOT_GIB), disk(dataDevice, diskGiB)],
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    tagSpecifications: ["instance", "volume"].map((resourceType) => ({ resourceType, tags })),
    tags,
    ...(usesLocalDisks ? { userData: Buffer.from(LOCAL_DISKS_USER_DATA[image]).toString("base64") } : {}),
    ...(reservation === undefined ? {} : fromReservation(reservation)),
    ...(efa === undefined ? {} : { networkInterfaces: efaInterfaces(efa) }),
  };
}

/** Root device of both system images. */
const ROOT_DEVICE = "/dev/xvda";

/** Capacity blocks are the one case in which EKS wants the instance type here and not in the node group. */
const fromReservation = ({ id, block }: NonNullable<NodeTemplate["reservation"]>) => ({
  ...(block === undefined
    ? {}
    : { instanceType: block.instanceType, instanceMarketOptions: { marketType: "capacity-block" } }),
  capacityReservationSpecification: { capacityReservationTarget: { capacityReservationId: id } },
});

/**
 * The primary interface carries IP, every network card one adapter.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-acc-inst-types.html
 */
function efaInterfaces({ interfaces, securityGroupId }: NonNullable<NodeTemplate["efa"]>) {
  const on = (networkCardIndex: number, deviceIndex: number, interfaceType: string) => ({
    networkCardIndex,
    deviceIndex,
    interfaceType,
    securityGroups: [securityGroupId],
    associatePublicIpAddress: "false",
    deleteOnTermination: "true",
  });
  const adapters = Array.from({ length: interfaces }, (_, card) => on(card, card === 0 ? 1 : 0, "efa-only"));
  return [on(0, 0, "interface"), ...adapters];
}

/** Amazon Linux 2023 reads its node configuration from user data, as one part of a MIME message. */
const AL2023_LOCAL_DISKS = `MIME-Version: 1.0
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

/** Bottlerocket reads settings as TOML. The directories are those Karpenter binds for `instanceStorePolicy: RAID0`. */
const BOTTLEROCKET_LOCAL_DISKS = `[settings.bootstrap-commands.k8s-ephemeral-storage]
commands = [
  ["apiclient", "ephemeral-storage", "init"],
  ["apiclient", "ephemeral-storage", "bind", "--dirs", "/var/lib/containerd", "/var/lib/kubelet", "/var/log/pods"],
]
essential = true
mode = "always"
`;

const LOCAL_DISKS_USER_DATA: Readonly<Record<PoolConfig["image"], string>> = {
  al2023: AL2023_LOCAL_DISKS,
  bottlerocket: BOTTLEROCKET_LOCAL_DISKS,
};
