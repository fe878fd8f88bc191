import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { SYSTEM_DISK_GIB, VOLUME_TAG } from "../config/marks.ts";
import type { PlatformConfig } from "../config/platform.ts";
import { eksKubeconfig } from "./eks-kubeconfig.ts";
import { logRetentionDays } from "./log-retention.ts";
import { amiType } from "./node-ami.ts";
import { nodeLaunchTemplate } from "./node-launch-template.ts";
import { serviceRole } from "./service-role.ts";

export interface ClusterArgs {
  /** Version, access and system nodes. Plain values only: they decide the price, so a preview must know them. */
  readonly cluster: Extract<PlatformConfig["cluster"], { kind: "eks" }>;
  /** Private subnets in at least two zones. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** What the cluster is for; `prod` is protected from deletion. */
  readonly environment: PlatformConfig["environment"];
  /** Days that control-plane logs are kept; rounded up to a period that CloudWatch offers. */
  readonly logRetentionDays: number;
  /** Expected control-plane logs in GB per month. They are billed by volume, which no other property states. */
  readonly controlPlaneLogsGBPerMonth: number;
  /**
   * Tags of everything in the cluster.
   * @default none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * An EKS cluster with the nodes that run the gateway, monitoring and system pods. Secrets are encrypted with a key of
 * its own, network policies are enforced, volumes come from the encrypted storage class `gp3`, and instance metadata, and
 * with it the role of the nodes, is out of reach of pods.
 *
 * The identity that deploys the stack administers the cluster, as it has to create Kubernetes resources in the same
 * deployment; do not list it under `adminRoleArns` as well, EKS refuses a second entry. With a private API server the
 * deployment has to run inside the network or reach it through a VPN.
 *
 * ### Cost
 * The control plane by the hour, the system nodes and their disks, one KMS key, and control-plane logs by volume. The
 * cluster is upgraded by force at the end of standard support, so it never pays the sixfold price of extended support.
 *
 * @example
 * const cluster = new Cluster("chat", {
 *   cluster: config.cluster,
 *   subnetIds: network.privateSubnetIds,
 *   environment: "prod",
 *   logRetentionDays: 30,
 *   controlPlaneLogsGBPerMonth: 20,
 * });
 */
export class Cluster extends pulumi.ComponentResource {
  readonly clusterName: pulumi.Output<string>;
  readonly endpoint: pulumi.Output<string>;
  /** Kubernetes version of the control plane. */
  readonly version: pulumi.Output<string>;
  /** Security group of the control plane and of all nodes. */
  readonly clusterSecurityGroupId: pulumi.Output<string>;
  /** Role for further node groups; known once nodes with it can join and work. */
  readonly nodeRoleArn: pulumi.Output<string>;
  /** Where load balancers find the nodes of the gateway. */
  readonly systemAutoscalingGroupName: pulumi.Output<string>;
  /** For Kubernetes resources of this cluster; usable once system nodes and cluster DNS run. */
  readonly provider: k8s.Provider;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("breakeven:index:Cluster", name, args, opts);
    const parent = { parent: this };
    const { tags, cluster, environment } = args;
    const clusterName = clusterNameOf(name, pulumi.getStack());

    const role = (role: string, service: string, policies: readonly string[]) =>
      serviceRole(`${name}-${role}`, { service, policies, tags }, this);
    const controlPlane = role("control-plane", "eks.amazonaws.com", ["AmazonEKSClusterPolicy"]);
    const nodeRole = role("node", "ec2.amazonaws.com", NODE_POLICIES);

    const key = new aws.kms.Key(
      `${name}-secrets`,
      { description: `Kubernetes secrets of ${clusterName}`, enableKeyRotation: true, tags },
      parent,
    );
    new aws.kms.Alias(`${name}-secrets`, { name: `alias/${clusterName}-secrets`, targetKeyId: key.keyId }, parent);

    // EKS writes to this name; created first, as EKS would otherwise create it without an end of retention.
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-control-plane`,
      {
        name: `/aws/eks/${clusterName}/cluster`,
        retentionInDays: logRetentionDays(args.logRetentionDays),
        tags: { ...tags, [VOLUME_TAG]: String(args.controlPlaneLogsGBPerMonth) },
      },
      parent,
    );

    const eks = new aws.eks.Cluster(
      `${name}-eks`,
      {
        name: clusterName,
        version: cluster.kubernetesVersion,
        roleArn: controlPlane.role.arn,
        accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
        vpcConfig: {
          subnetIds: [...args.subnetIds],
          endpointPrivateAccess: true,
          endpointPublicAccess: cluster.publicEndpoint,
          ...(cluster.publicEndpoint ? { publicAccessCidrs: publicAccessCidrs(cluster) } : {}),
        },
        encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
        enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
        upgradePolicy: { supportType: "STANDARD" },
        ...WITHOUT_AUTO_MODE,
        bootstrapSelfManagedAddons: false,
        deletionProtection: environment === "prod",
        tags,
      },
      { parent: this, dependsOn: [...controlPlane.attachments, logs] },
    );

    for (const principalArn of cluster.adminRoleArns) {
      const admin = `${name}-admin-${principalName(principalArn)}`;
      const entry = new aws.eks.AccessEntry(admin, { clusterName: eks.name, principalArn, tags }, parent);
      const association = {
        clusterName: eks.name,
        principalArn: entry.principalArn,
        policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        accessScope: { type: "cluster" },
      };
      new aws.eks.AccessPolicyAssociation(admin, association, parent);
    }

    const addon = (addonName: string, settings: AddonSettings = {}, dependsOn: pulumi.Resource[] = []) =>
      new aws.eks.Addon(
        `${name}-${addonName}`,
        { clusterName: eks.name, addonName, ...settings, tags },
        { parent: this, dependsOn },
      );
    const neededByNodes = [
      // Off by default, and network policies would silently allow everything.
      addon("vpc-cni", { configurationValues: JSON.stringify({ enableNetworkPolicy: "true" }) }),
      addon("kube-proxy"),
      addon("eks-pod-identity-agent"),
    ];

    const systemTags = { ...tags, "breakeven:role": "system" };
    const template = new aws.ec2.LaunchTemplate(
      `${name}-system`,
      nodeLaunchTemplate({ diskGiB: SYSTEM_DISK_GIB, tags: { Name: `${name}-system`, ...systemTags } }),
      parent,
    );
    const { instanceType, count } = cluster.systemNodes;
    const systemNodes = new aws.eks.NodeGroup(
      `${name}-system`,
      {
        clusterName: eks.name,
        version: eks.version,
        nodeRoleArn: nodeRole.role.arn,
        subnetIds: [...args.subnetIds],
        amiType: amiType(instanceType, "system"),
        capacityType: "ON_DEMAND",
        instanceTypes: [instanceType],
        launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
        scalingConfig: { minSize: count, desiredSize: count, maxSize: count },
        updateConfig: { maxUnavailable: 1 },
        nodeRepairConfig: { enabled: true },
        tags: systemTags,
      },
      { parent: this, dependsOn: [...nodeRole.attachments, ...neededByNodes] },
    );

    const volumes = role("volumes", "pods.eks.amazonaws.com", VOLUME_POLICIES);
    const neededByPods = [
      addon("coredns", {}, [systemNodes]),
      // Autoscalers by CPU read it; a cluster has none by itself.
      addon("metrics-server", {}, [systemNodes]),
      addon(
        "aws-ebs-csi-driver",
        { podIdentityAssociations: [{ serviceAccount: "ebs-csi-controller-sa", roleArn: volumes.role.arn }] },
        [systemNodes, ...volumes.attachments],
      ),
    ];

    const kubeconfig = pulumi
      .all([eks.name, eks.endpoint, eks.certificateAuthority])
      .apply(([clusterName, endpoint, { data }]) =>
        eksKubeconfig({ clusterName, region: cluster.region, endpoint, certificateAuthority: data }),
      );
    this.provider = new k8s.Provider(
      `${name}-kubernetes`,
      // The identifier keeps a rewritten kubeconfig from replacing everything in the cluster.
      { kubeconfig, clusterIdentifier: eks.endpoint },
      { parent: this, dependsOn: neededByPods },
    );
    new k8s.storage.v1.StorageClass(`${name}-gp3`, GP3_STORAGE_CLASS, { parent: this, provider: this.provider });

    this.clusterName = eks.name;
    this.endpoint = eks.endpoint;
    this.version = eks.version;
    this.clusterSecurityGroupId = eks.vpcConfig.clusterSecurityGroupId;
    this.nodeRoleArn = after([...nodeRole.attachments, ...neededByNodes], nodeRole.role.arn);
    this.systemAutoscalingGroupName = systemNodes.resources.apply(
      (resources) => resources[0]?.autoscalingGroups[0]?.name ?? "",
    );
    this.registerOutputs({
      clusterName: this.clusterName,
      endpoint: this.endpoint,
      version: this.version,
      clusterSecurityGroupId: this.clusterSecurityGroupId,
      nodeRoleArn: this.nodeRoleArn,
      systemAutoscalingGroupName: this.systemAutoscalingGroupName,
    });
  }
}

/** Auto Mode adds a fee to every node. Left unsaid, a preview would not know; EKS takes the three only together. */
const WITHOUT_AUTO_MODE = {
  computeConfig: { enabled: false },
  kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: false } },
  storageConfig: { blockStorage: { enabled: false } },
};

type AddonSettings = Omit<aws.eks.AddonArgs, "addonName" | "clusterName">;

/** What a node needs: join the cluster, give pods addresses, pull images. No shell, no metadata for pods. */
const NODE_POLICIES = ["AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryPullOnly"];
const VOLUME_POLICIES = ["service-role/AmazonEBSCSIDriverPolicy"];

/** The default class of volumes; without one, claims that name no class wait for ever. */
const GP3_STORAGE_CLASS: k8s.storage.v1.StorageClassArgs = {
  metadata: { name: "gp3", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  provisioner: "ebs.csi.aws.com",
  parameters: { type: "gp3", encrypted: "true" },
  // The disk is made in the zone the pod landed in.
  volumeBindingMode: "WaitForFirstConsumer",
  allowVolumeExpansion: true,
};

/** Unique in the account: EKS and its log group are found by name. */
const clusterNameOf = (name: string, stack: string): string => `${name}-${stack}`.replace(/[^A-Za-z0-9_-]/g, "-");

/** `arn:aws:iam::123456789012:role/team/admin` becomes `123456789012-role-team-admin`. */
const principalName = (arn: string): string => arn.split(":").slice(4).join("-").replaceAll("/", "-");

function publicAccessCidrs({ publicAccessCidrs: ranges }: ClusterArgs["cluster"]): string[] {
  if (ranges.length > 0) return ranges;
  throw new Error("the API server is public and publicAccessCidrs is empty; list the ranges that may reach it");
}

/** The value, with a dependency on resources that must exist before it is used and outlive its users. */
const after = (resources: readonly pulumi.CustomResource[], value: pulumi.Output<string>): pulumi.Output<string> =>
  pulumi.all([value, pulumi.all(resources.map(({ id }) => id))]).apply(([first]) => first);
