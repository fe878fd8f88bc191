import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { DeploymentFacts } from "../config/deployment-facts.ts";
import type { GatewayRole } from "../config/gateway-size.ts";
import type { PlatformConfig } from "../config/platform.ts";
import { hasKeda } from "../config/scaling.ts";
import { CaptureBucket } from "./capture-bucket.ts";
import { Cluster } from "./cluster.ts";
import { keda } from "./cluster-charts.ts";
import type { CaptureStore } from "./gateway/capture.ts";
import type { ManagedCounters } from "./gateway/counters.ts";
import { NODE_PORTS } from "./gateway/service.ts";
import { longestSeconds } from "./gateway/timeouts.ts";
import { gpuPools } from "./gpu-pools.ts";
import type { Statement } from "./iam-policy.ts";
import { LoadBalancer } from "./load-balancer.ts";
import { ManagedRedis } from "./managed-redis.ts";
import { Network } from "./network.ts";
import { podRole } from "./pod-role.ts";
import { podIdentityEgress, s3Egress } from "./pod-security.ts";
import { weightsReader } from "./weights-reader.ts";

/** Where Kubernetes objects go. */
export interface Site {
  readonly provider: k8s.Provider;
  /** What must be there before pods with GPUs can run. */
  readonly ready: readonly pulumi.Resource[];
  /** Makes the load balancer of a gateway, where it gets one, and returns its address. */
  readonly expose?: (role: GatewayRole) => pulumi.Output<string> | undefined;
  /** KEDA; it must outlive what it scales. Undefined where it is there already or there is none. */
  readonly scaler?: pulumi.Resource | undefined;
  /** Makes a service account of this name that may read a folder of S3. */
  readonly mayRead?: (name: string, s3Uri: string, namespace: string) => pulumi.Resource;
  /** Region of AWS. */
  readonly region?: string;
  /** Allows pods of this service account what the statements say; they wait for it. */
  readonly allow?: (
    account: string,
    namespace: string,
    statements: readonly pulumi.Input<Statement>[],
  ) => pulumi.Resource;
  /** Makes a bucket for captured answers, and what its writer must be allowed. */
  readonly keep?: (retentionDays: number) => { readonly store: CaptureStore; readonly write: pulumi.Input<Statement> };
  /** Makes a Redis for the counters of a gateway. */
  readonly count?: (redis: ManagedRedisConfig) => ManagedCounters;
  /** Range of a private S3 endpoint, where there is one. */
  readonly s3Cidr?: string | undefined;
}

/** What the config says of it. */
export type ManagedRedisConfig = Extract<NonNullable<PlatformConfig["gateway"]["redis"]>, { kind: "elasticache" }>;
type EksConfig = Extract<PlatformConfig["cluster"], { kind: "eks" }>;
type ExistingConfig = Extract<PlatformConfig["cluster"], { kind: "existing" }>;

/** The site the config asks for; its resources are children of `parent`. */
export const siteOf = (name: string, config: PlatformConfig, facts: DeploymentFacts, parent: pulumi.Resource): Site =>
  config.cluster.kind === "eks"
    ? eksSite(name, config, config.cluster, facts, parent)
    : existingSite(name, config.cluster, parent);

/** Network, cluster and GPU pools in a region of AWS. */
function eksSite(
  name: string,
  config: PlatformConfig,
  eks: EksConfig,
  facts: DeploymentFacts,
  parent: pulumi.Resource,
): Site {
  const { environment, loadBalancer, monitoring } = config;
  const tags = { "breakeven:platform": name, "breakeven:environment": environment };
  const region = new aws.Provider(`${name}-aws`, { region: eks.region as aws.Region }, { parent });
  const inRegion = { parent, providers: [region] };

  const requiredZones = [...new Set(Object.values(config.pools).flatMap(({ zones }) => zones))].sort();
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
  const place = { name, config, facts, network, cluster, tags, inRegion };
  const inCluster = { parent, provider: cluster.provider };
  const pools = gpuPools(place);
  const scaler = hasKeda(config)
    ? new k8s.helm.v3.Release(`${name}-keda`, keda(eks.registryMirror), inCluster)
    : undefined;

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
            drainSeconds: longestSeconds(config.gateway, config.tasks, config.models),
            tags,
          },
          inRegion,
        ).url;
  const identities = { parent, provider: region };
  const mayRead = (account: string, s3Uri: string, namespace: string) =>
    weightsReader(account, { s3Uri, clusterName: cluster.clusterName, namespace, tags }, identities, inCluster);
  const s3Cidr = eks.network.interfaceEndpoints.includes("s3") ? network.cidr : undefined;
  const allow = (serviceAccount: string, namespace: string, statements: readonly pulumi.Input<Statement>[]) =>
    podRole(
      serviceAccount,
      { clusterName: cluster.clusterName, namespace, serviceAccount, statements, tags },
      identities,
    );
  const keep = (retentionDays: number) => {
    const { bucket, writeStatement: write } = new CaptureBucket(`${name}-captured`, { retentionDays, tags }, inRegion);
    return { store: { bucket, region: eks.region, egress: [s3Egress(s3Cidr), podIdentityEgress] }, write };
  };
  const ready = [...pools, ...(scaler === undefined ? [] : [scaler])];
  const count = ({ nodeType, nodes }: ManagedRedisConfig): ManagedCounters => {
    const { vpcId, privateSubnetIds: subnetIds, cidr } = network;
    const clientSecurityGroupId = cluster.clusterSecurityGroupId;
    const { host, password } = new ManagedRedis(
      `${name}-redis`,
      { nodeType, nodes, vpcId, subnetIds, clientSecurityGroupId, tags },
      inRegion,
    );
    return { host, password, cidr };
  };
  return {
    provider: cluster.provider,
    region: eks.region,
    ready,
    expose,
    scaler,
    mayRead,
    allow,
    keep,
    count,
    s3Cidr,
  };
}

/** A cluster that is already there, found through a kubeconfig. */
const existingSite = (name: string, { context, kubeconfigPath }: ExistingConfig, parent: pulumi.Resource): Site => ({
  provider: new k8s.Provider(`${name}-kubernetes`, { context, kubeconfig: kubeconfigPath }, { parent }),
  ready: [],
});
