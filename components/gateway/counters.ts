import type { types } from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { PlatformConfig } from "../../config/platform.ts";
import type { RedisAddress } from "./pod.ts";
import { REDIS_PORT, Redis, redisLabels } from "./redis.ts";

/** A Redis made outside the cluster. */
export interface ManagedCounters {
  readonly host: pulumi.Input<string>;
  /** A secret. */
  readonly password: pulumi.Input<string>;
  /** Range its addresses are in. */
  readonly cidr: string;
}

const egressTo = (cidr: string, port: number) => [{ to: [{ ipBlock: { cidr } }], ports: [{ protocol: "TCP", port }] }];

/** Where the pods of a gateway count together. */
export interface SharedCounters {
  readonly address: RedisAddress;
  readonly password: pulumi.Input<string>;
  readonly egress: types.input.networking.v1.NetworkPolicyEgressRule[];
}

/** The Redis of this gateway: made beside it, or one that is there. */
export function sharedCounters(
  name: string,
  {
    gateway: { redis },
    namespace,
    redisPassword,
    managedRedis,
    registryMirror,
  }: {
    readonly gateway: Pick<PlatformConfig["gateway"], "redis">;
    readonly namespace: string;
    readonly redisPassword?: pulumi.Input<string> | undefined;
    readonly managedRedis?: ManagedCounters | undefined;
    readonly registryMirror?: string | undefined;
  },
  clientLabels: Readonly<Record<string, string>>,
  parent: pulumi.ResourceOptions,
): SharedCounters | undefined {
  if (redis === undefined) return undefined;
  if (redis.kind === "endpoint") {
    const { host, port, cidr } = redis;
    return { address: { host, port }, password: redisPassword ?? "", egress: egressTo(cidr, port) };
  }
  if (redis.kind === "elasticache") {
    if (managedRedis === undefined)
      throw new Error('gateway.redis is "elasticache" and there is no managedRedis; give its address');
    const { host, password, cidr } = managedRedis;
    return { address: { host, port: REDIS_PORT }, password, egress: egressTo(cidr, REDIS_PORT) };
  }
  const redisName = `${name}-redis`;
  const password = new random.RandomPassword(`${redisName}-password`, { length: 32, special: false }, parent).result;
  const { host } = new Redis(
    redisName,
    { namespace, clientLabels, secretName: `${name}-environment`, registryMirror },
    parent,
  );
  const to = [{ podSelector: { matchLabels: redisLabels(redisName) } }];
  return {
    address: { host, port: REDIS_PORT },
    password,
    egress: [{ to, ports: [{ protocol: "TCP", port: REDIS_PORT }] }],
  };
}
