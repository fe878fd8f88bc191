import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { chartValues } from "./chart-images.ts";
import { charts } from "./images.ts";
import { karpenterPolicy } from "./karpenter/policy.ts";
import { serviceRole } from "./service-role.ts";

export interface KarpenterArgs {
  readonly region: string;
  readonly clusterName: pulumi.Input<string>;
  readonly nodeRoleArn: pulumi.Input<string>;
  /** For the chart and its objects. */
  readonly provider: k8s.Provider;
  /** In front of the chart's image. @default the image comes from its own registry */
  readonly registryMirror?: string | undefined;
  /**
   * Tags of the role.
   * @default none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Karpenter, which makes GPU nodes when pods wait for them and ends them when they are empty. It runs on the system nodes
 * under a role that touches nothing but its own nodes.
 *
 * Spot nodes get no warning here, as there is no interruption queue: what ran on them fails and the gateway asks elsewhere.
 *
 * ### Cost
 * Nothing by itself: two pods on system nodes. The nodes it makes are those of its pools, which are what is paid.
 *
 * @example
 * new Karpenter("chat-karpenter", { region: "us-east-1", clusterName, nodeRoleArn, provider: cluster.provider });
 */
export class Karpenter extends pulumi.ComponentResource {
  /** What node pools wait for: the controller with its types. */
  readonly release: k8s.helm.v3.Release;

  constructor(name: string, args: KarpenterArgs, opts?: pulumi.ComponentResourceOptions) {
    const { provider, ...visible } = args;
    super("breakeven:index:Karpenter", name, visible, opts);
    const parent = { parent: this };
    const { role } = serviceRole(
      `${name}-controller`,
      { service: "pods.eks.amazonaws.com", policies: [], tags: args.tags },
      this,
    );
    const permissions = new aws.iam.RolePolicy(
      `${name}-controller`,
      {
        role: role.name,
        policy: pulumi
          .all([args.clusterName, args.nodeRoleArn])
          .apply(([clusterName, nodeRoleArn]) => karpenterPolicy({ region: args.region, clusterName, nodeRoleArn })),
      },
      parent,
    );
    const identity = new aws.eks.PodIdentityAssociation(
      `${name}-controller`,
      {
        clusterName: args.clusterName,
        namespace: NAMESPACE,
        serviceAccount: SERVICE_ACCOUNT,
        roleArn: role.arn,
        tags: args.tags,
      },
      parent,
    );
    const { chart, version } = charts.karpenter;
    this.release = new k8s.helm.v3.Release(
      name,
      {
        name: "karpenter",
        chart,
        version,
        namespace: NAMESPACE,
        values: chartValues(
          "karpenter",
          {
            serviceAccount: { name: SERVICE_ACCOUNT },
            settings: { clusterName: args.clusterName, eksControlPlane: true },
            controller: { resources: { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "1Gi" } } },
          },
          args.registryMirror,
        ),
      },
      { parent: this, provider, dependsOn: [permissions, identity] },
    );
    this.registerOutputs({});
  }
}

/** Where the chart's API priority lets it work although the cluster is busy. */
const NAMESPACE = "kube-system";
const SERVICE_ACCOUNT = "karpenter";
