import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { PlatformConfig } from "../config/platform.ts";
import { idleTimeoutSeconds, type ListenerShape, listenerShape } from "./listener-shape.ts";

export interface LoadBalancerArgs extends ListenerShape {
  readonly vpcId: pulumi.Input<string>;
  /** Address range of the VPC. */
  readonly vpcCidr: string;
  /** One subnet per zone: public ones for a public load balancer, else private ones. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Autoscaling group whose nodes take the traffic. */
  readonly autoscalingGroupName: pulumi.Input<string>;
  /** Security group of those nodes; it gets a rule for the node port. */
  readonly nodeSecurityGroupId: pulumi.Input<string>;
  /** What the load balancer is for; in `prod` it is protected from deletion. */
  readonly environment: PlatformConfig["environment"];
  /**
   * Port of the gateway's Service on every node.
   * @default 30400
   */
  readonly nodePort?: number;
  /**
   * Path that answers while the gateway runs.
   * @default `/health/liveliness`, which asks neither models nor caches: their trouble must not empty the target group
   */
  readonly healthPath?: string;
  /**
   * Seconds that answers under way get when a node leaves; at most 3600.
   * @default 300
   */
  readonly drainSeconds?: number;
  /**
   * Tags of everything created.
   * @default none
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A network load balancer in front of a gateway's node port. It is internal unless told otherwise; a public one needs a
 * certificate and the ranges that may connect. Only the load balancer reaches the node port, and only the given ranges
 * reach the load balancer.
 *
 * With a certificate, TLS ends here and AWS closes a connection after 350 seconds of silence, whatever
 * `idleTimeoutSeconds` says: answers that take longer have to be streamed.
 *
 * ### Cost
 * The load balancer by the hour and by its capacity units; a public one has one public address per zone.
 *
 * @example
 * const balancer = new LoadBalancer("chat", {
 *   exposure: "internal",
 *   sourceRanges: [],
 *   idleTimeoutSeconds: 600,
 *   vpcId: network.vpcId,
 *   vpcCidr: network.cidr,
 *   subnetIds: network.privateSubnetIds,
 *   autoscalingGroupName: cluster.systemAutoscalingGroupName,
 *   nodeSecurityGroupId: cluster.clusterSecurityGroupId,
 *   environment: "prod",
 * });
 */
export class LoadBalancer extends pulumi.ComponentResource {
  readonly hostname: pulumi.Output<string>;
  /** Base address of the gateway. A certificate is for your own name: point that at `hostname`. */
  readonly url: pulumi.Output<string>;
  /** Longest silence on a connection that the load balancer really allows. */
  readonly idleTimeoutSeconds: number;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("breakeven:index:LoadBalancer", name, args, opts);
    checkName(name);
    const parent = { parent: this };
    const { tags, vpcId, nodePort = GATEWAY_NODE_PORT } = args;
    const listener = listenerShape(args, args.vpcCidr);

    const group = new aws.ec2.SecurityGroup(
      `${name}-nlb`,
      { vpcId, description: "Clients of the gateway", tags: { Name: `${name}-nlb`, ...tags } },
      parent,
    );
    const tcp = (port: number) => ({ ipProtocol: "tcp", fromPort: port, toPort: port, tags });
    for (const range of listener.sourceRanges) {
      const rule = { securityGroupId: group.id, cidrIpv4: range, ...tcp(listener.port) };
      new aws.vpc.SecurityGroupIngressRule(`${name}-from-${range.replaceAll(/[./]/g, "-")}`, rule, parent);
    }
    const toNodes = { securityGroupId: group.id, referencedSecurityGroupId: args.nodeSecurityGroupId };
    new aws.vpc.SecurityGroupEgressRule(`${name}-to-nodes`, { ...toNodes, ...tcp(nodePort) }, parent);
    const atNodes = { securityGroupId: args.nodeSecurityGroupId, referencedSecurityGroupId: group.id };
    new aws.vpc.SecurityGroupIngressRule(`${name}-at-nodes`, { ...atNodes, ...tcp(nodePort) }, parent);

    const balancer = new aws.lb.LoadBalancer(
      `${name}-nlb`,
      {
        loadBalancerType: "network",
        internal: args.exposure === "internal",
        subnets: [...args.subnetIds],
        securityGroups: [group.id],
        enableCrossZoneLoadBalancing: true,
        enableDeletionProtection: args.environment === "prod",
        tags,
      },
      parent,
    );
    const targets = new aws.lb.TargetGroup(
      `${name}-tg`,
      {
        vpcId,
        targetType: "instance",
        port: nodePort,
        protocol: "TCP",
        // Otherwise pods on a target node cannot reach the gateway through its own load balancer.
        preserveClientIp: "false",
        deregistrationDelay: args.drainSeconds ?? DRAIN_SECONDS,
        healthCheck: {
          protocol: "HTTP",
          path: args.healthPath ?? HEALTH_PATH,
          interval: 10,
          timeout: 5,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
        },
        tags,
      },
      parent,
    );
    new aws.lb.Listener(
      `${name}-listener`,
      {
        loadBalancerArn: balancer.arn,
        port: listener.port,
        ...listener.protocol,
        defaultActions: [{ type: "forward", targetGroupArn: targets.arn }],
        tags,
      },
      parent,
    );
    new aws.autoscaling.Attachment(
      `${name}-nodes`,
      { autoscalingGroupName: args.autoscalingGroupName, lbTargetGroupArn: targets.arn },
      parent,
    );

    this.hostname = balancer.dnsName;
    this.url = pulumi.interpolate`${listener.scheme}://${balancer.dnsName}`;
    this.idleTimeoutSeconds = idleTimeoutSeconds(args);
    this.registerOutputs({ hostname: this.hostname, url: this.url, idleTimeoutSeconds: this.idleTimeoutSeconds });
  }
}

/** Node port of the gateway's Service. */
export const GATEWAY_NODE_PORT = 30400;
const HEALTH_PATH = "/health/liveliness";
const DRAIN_SECONDS = 300;

/** AWS allows 32 characters, of which Pulumi needs eight to keep names unique and this component four. */
const LONGEST_NAME = 20;

function checkName(name: string): void {
  if (name.length <= LONGEST_NAME) return;
  throw new Error(`load balancer name "${name}" has ${name.length} characters; use at most ${LONGEST_NAME}`);
}
