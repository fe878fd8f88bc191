import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { CACHE_ENGINE } from "../config/cache-nodes.ts";
import { REDIS_PORT } from "./gateway/redis.ts";

export interface ManagedRedisArgs {
  /** Node type of ElastiCache, e.g. `cache.t4g.small`. */
  readonly nodeType: string;
  /** Nodes, each in a zone of its own; with more than one the others take over when the first is lost. */
  readonly nodes: number;
  readonly vpcId: pulumi.Input<string>;
  /** Private subnets. */
  readonly subnetIds: readonly pulumi.Input<string>[];
  /** Security group of the nodes whose pods connect; nobody else may. */
  readonly clientSecurityGroupId: pulumi.Input<string>;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/**
 * Counters of gateways in ElastiCache (Valkey): encrypted in transit and at rest, with a token, reachable from the cluster's
 * nodes alone. No snapshots: counters are worth nothing a day later.
 *
 * ### Cost
 * The node type's price by the hour, for every node.
 *
 * @example
 * new ManagedRedis("llm-redis", { nodeType: "cache.t4g.small", nodes: 2, vpcId, subnetIds, clientSecurityGroupId });
 */
export class ManagedRedis extends pulumi.ComponentResource {
  readonly host: pulumi.Output<string>;
  /** Secret. */
  readonly password: pulumi.Output<string>;

  constructor(name: string, args: ManagedRedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("breakeven:index:ManagedRedis", name, args, opts);
    const parent = { parent: this };
    const { nodeType, nodes, vpcId, subnetIds, clientSecurityGroupId, tags } = args;
    const token = new random.RandomPassword(`${name}-token`, { length: 48, special: false }, parent);
    const subnets = new aws.elasticache.SubnetGroup(name, { subnetIds: [...subnetIds], tags }, parent);
    const group = new aws.ec2.SecurityGroup(
      name,
      { vpcId, description: "Counters of the gateway", tags: { Name: name, ...tags } },
      parent,
    );
    new aws.vpc.SecurityGroupIngressRule(
      name,
      {
        securityGroupId: group.id,
        referencedSecurityGroupId: clientSecurityGroupId,
        ipProtocol: "tcp",
        fromPort: REDIS_PORT,
        toPort: REDIS_PORT,
        tags,
      },
      parent,
    );
    const cache = new aws.elasticache.ReplicationGroup(
      name,
      {
        description: "Counters of the gateway",
        engine: CACHE_ENGINE,
        nodeType,
        numCacheClusters: nodes,
        automaticFailoverEnabled: nodes > 1,
        multiAzEnabled: nodes > 1,
        port: REDIS_PORT,
        subnetGroupName: subnets.name,
        securityGroupIds: [group.id],
        transitEncryptionEnabled: true,
        atRestEncryptionEnabled: true,
        authToken: token.result,
        snapshotRetentionLimit: 0,
        tags,
      },
      parent,
    );
    this.host = cache.primaryEndpointAddress;
    this.password = pulumi.secret(token.result);
    this.registerOutputs({ host: this.host });
  }
}
