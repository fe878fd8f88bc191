import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { DeploymentFacts } from "../config/deployment-facts.ts";
import type { PlatformConfig } from "../config/platform.ts";
import type { Cluster } from "./cluster.ts";
import { devicePlugin, efaDevicePlugin, leaderWorkerSetChart } from "./cluster-charts.ts";
import { ElasticGpuPool } from "./elastic-gpu-pool.ts";
import { GpuNodePool } from "./gpu-node-pool.ts";
import { Karpenter } from "./karpenter.ts";
import type { Network } from "./network.ts";
import { ami } from "./node-ami.ts";
import type { InstancePool } from "./node-group-shape.ts";
import { zonesWith } from "./subnets-of-pool.ts";

/** Where GPU pools are made. */
export interface Place {
  readonly name: string;
  readonly config: PlatformConfig;
  readonly facts: DeploymentFacts;
  readonly network: Network;
  readonly cluster: Cluster;
  readonly tags: Readonly<Record<string, string>>;
  readonly inRegion: { readonly parent: pulumi.Resource; readonly providers: pulumi.ProviderResource[] };
}

/** Fixed pools are node groups; elastic ones are Karpenter's. Returns what must be there before pods with GPUs can run. */
export function gpuPools(place: Place): readonly pulumi.Resource[] {
  const { name, config, facts, network, cluster, tags, inRegion } = place;
  const inCluster = { parent: inRegion.parent, provider: cluster.provider };
  const plugins = charts(config, facts).map(
    ([role, release]) => new k8s.helm.v3.Release(`${name}-${role}`, release(config.cluster.registryMirror), inCluster),
  );
  const subnets = { subnetIds: network.privateSubnetIds, zoneNames: network.zoneNames };
  const nodes = { nodeRoleArn: cluster.nodeRoleArn, ...subnets, tags };
  const pools = Object.entries(config.pools).map(
    ([pool, poolConfig]) => [pool, instancePool(pool, poolConfig)] as const,
  );
  const offeredOf = ({ hardware }: InstancePool) =>
    zonesWith(hardware.instanceType, regionOf(config), { parent: inRegion.parent, provider: inRegion.providers[0] });
  const grouped = pools.filter(([pool]) => multiNodePools(config, facts).includes(pool));
  // Adapters bypass the system's network: AWS wants the group to name itself, the range of the internet is not enough.
  if (grouped.some(([pool]) => (facts.pools[pool]?.efaInterfaces ?? 0) > 0))
    new aws.vpc.SecurityGroupEgressRule(
      `${name}-between-nodes`,
      {
        securityGroupId: cluster.clusterSecurityGroupId,
        referencedSecurityGroupId: cluster.clusterSecurityGroupId,
        ipProtocol: "-1",
        tags,
      },
      { parent: inRegion.parent, provider: inRegion.providers[0] },
    );
  const efaOf = (pool: string) => {
    const interfaces = grouped.some(([other]) => other === pool) ? (facts.pools[pool]?.efaInterfaces ?? 0) : 0;
    return interfaces === 0 ? undefined : { interfaces, securityGroupId: cluster.clusterSecurityGroupId };
  };
  const fixed = pools
    .filter(([, { scaling }]) => scaling === "fixed")
    .map(
      ([pool, poolConfig]) =>
        new GpuNodePool(
          `${name}-${pool}`,
          {
            pool,
            config: poolConfig,
            clusterName: cluster.clusterName,
            kubernetesVersion: cluster.version,
            ...nodes,
            offeredZones: offeredOf(poolConfig),
            efa: efaOf(pool),
          },
          inRegion,
        ),
    );
  const elastic = pools.filter(([, { scaling }]) => scaling === "elastic");
  if (elastic.length === 0) return [...fixed, ...plugins];
  const { release } = new Karpenter(
    `${name}-karpenter`,
    {
      region: regionOf(config),
      clusterName: cluster.clusterName,
      nodeRoleArn: cluster.nodeRoleArn,
      provider: cluster.provider,
      registryMirror: config.cluster.registryMirror,
      tags,
    },
    inRegion,
  );
  const pooled = elastic.map(
    ([pool, poolConfig]) =>
      new ElasticGpuPool(
        `${name}-${pool}`,
        {
          pool,
          config: poolConfig,
          controller: release,
          securityGroupId: cluster.clusterSecurityGroupId,
          ...nodes,
          offeredZones: offeredOf(poolConfig),
        },
        inCluster,
      ),
  );
  return [...fixed, ...pooled, ...plugins];
}

const regionOf = ({ cluster }: PlatformConfig): string => (cluster.kind === "eks" ? cluster.region : "");

/** Pools on which a replica spans nodes. */
const multiNodePools = (config: PlatformConfig, facts: DeploymentFacts): readonly string[] =>
  Object.values(config.models).flatMap(({ pool, gpusPerReplica }) =>
    gpusPerReplica > (facts.pools[pool]?.gpusPerNode ?? gpusPerReplica) ? [pool] : [],
  );

/** Charts that GPU nodes and models need, by role. */
function charts(config: PlatformConfig, facts: DeploymentFacts): readonly (readonly [string, typeof devicePlugin])[] {
  const spanning = multiNodePools(config, facts);
  const hasAdapters = spanning.some((pool) => (facts.pools[pool]?.efaInterfaces ?? 0) > 0);
  return [
    ...(Object.values(config.pools).some(({ image }) => !ami(image).hasDevicePlugin)
      ? [["device-plugin", devicePlugin] as const]
      : []),
    ...(hasAdapters ? [["efa-device-plugin", efaDevicePlugin] as const] : []),
    ...(spanning.length > 0 ? [["leader-worker-set", leaderWorkerSetChart] as const] : []),
  ];
}

function instancePool(name: string, pool: PlatformConfig["pools"][string]): InstancePool {
  const { hardware } = pool;
  if (hardware.kind === "instance") return { ...pool, hardware };
  throw new Error(`pool "${name}" is ${hardware.kind} hardware; on a cluster of kind "eks" pools are instances`);
}
