import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { PlatformConfig } from "../config/platform.ts";
import { Cluster } from "./cluster.ts";
import { type GatewayRole, NODE_PORTS } from "./gateway/service.ts";
import { GpuNodePool } from "./gpu-node-pool.ts";
import { LoadBalancer } from "./load-balancer.ts";
import { Network } from "./network.ts";
import type { InstancePool } from "./node-group-shape.ts";
import { devicePlugin } from "./vllm/device-plugin.ts";

/** Where Kubernetes objects go. */
export interface Site {
  readonly provider: k8s.Provider;
  /** What must be there before pods with GPUs can run. */
  readonly ready: readonly pulumi.Resource[];
  /** Makes the load balancer of a gateway, where it gets one, and returns its address. */
  readonly expose?: (role: GatewayRole) => pulumi.Output<string> | undefined;
}

type EksConfig = Extract<PlatformConfig["cluster"], { kind: "eks" }>;
type ExistingConfig = Extract<PlatformConfig["cluster"], { kind: "existing" }>;

/** The site the config asks for; its resources are children of `parent`. */
export const siteOf = (name: string, config: PlatformConfig, parent: pulumi.Resource): Site =>
  config.cluster.kind === "eks"
    ? eksSite(name, config, config.cluster, parent)
    : existingSite(name, config.cluster, parent);

/** Network, cluster and GPU pools in a region of AWS. */
function eksSite(name: string, config: PlatformConfig, eks: EksConfig, parent: pulumi.Resource): Site {
  const { environment, loadBalancer, monitoring } = config;
  const tags = { "breakeven:platform": name, "breakeven:environment": environment };
  const region = new aws.Provider(`${name}-aws`, { region: eks.region as aws.Region }, { parent });
  const inRegion = { parent, providers: [region] };
  const pools = Object.entries(config.pools);

  const requiredZones = [...new Set(pools.flatMap(([, { zones }]) => zones))].sort();
  const network = new Network(`${name}-network`, { region: eks.region, ...eks.network, requiredZones, tags }, inRegion);
  const cluster = new Cluster(
    name,
    {
      cluster: eks,
      subnetIds: network.privateSubnetIds,
      environment,
      logRetentionDays: monitoring.retentionDays,
      controlPlaneLogsGBPerMonth: monitoring.controlPlaneLogsGBPerMonth,
      tags,
    },
    // Nodes and pods reach the internet through the network's gateways and routes.
    { ...inRegion, dependsOn: [network] },
  );

  const nodePools = pools.map(
    ([pool, poolConfig]) =>
      new GpuNodePool(
        `${name}-${pool}`,
        {
          pool,
          config: instancePool(pool, poolConfig),
          clusterName: cluster.clusterName,
          kubernetesVersion: cluster.version,
          nodeRoleArn: cluster.nodeRoleArn,
          subnetIds: network.privateSubnetIds,
          zoneNames: network.zoneNames,
          tags,
        },
        inRegion,
      ),
  );
  const inCluster = { parent, provider: cluster.provider };
  const plugins =
    nodePools.length === 0 ? [] : [new k8s.helm.v3.Release(`${name}-device-plugin`, devicePlugin, inCluster)];

  const { exposure, ...listener } = loadBalancer;
  const expose = (role: GatewayRole): pulumi.Output<string> | undefined =>
    exposure === "none"
      ? undefined
      : new LoadBalancer(
          // AWS allows few characters.
          role === "restricted" ? `${name}-lb-own` : `${name}-lb`,
          {
            ...listener,
            exposure,
            vpcId: network.vpcId,
            vpcCidr: network.cidr,
            subnetIds: exposure === "public" ? network.publicSubnetIds : network.privateSubnetIds,
            nodePort: NODE_PORTS[role],
            autoscalingGroupName: cluster.systemAutoscalingGroupName,
            nodeSecurityGroupId: cluster.clusterSecurityGroupId,
            environment,
            drainSeconds: config.gateway.timeoutSeconds,
            tags,
          },
          inRegion,
        ).url;
  return { provider: cluster.provider, ready: [...nodePools, ...plugins], expose };
}

/** A cluster that is already there, found through a kubeconfig. */
const existingSite = (name: string, { context, kubeconfigPath }: ExistingConfig, parent: pulumi.Resource): Site => ({
  provider: new k8s.Provider(`${name}-kubernetes`, { context, kubeconfig: kubeconfigPath }, { parent }),
  ready: [],
});

function instancePool(name: string, pool: PlatformConfig["pools"][string]): InstancePool {
  const { hardware } = pool;
  if (hardware.kind === "instance") return { ...pool, hardware };
  throw new Error(`pool "${name}" is ${hardware.kind} hardware; on a cluster of kind "eks" pools are instances`);
}
