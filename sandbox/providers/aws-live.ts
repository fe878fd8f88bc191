/** The AWS provider where there is a cluster: it is the EKS cluster, and node groups put nodes into it. */

import { join } from "node:path";
import { loadCatalog } from "../../catalog/load.ts";
import { Kubectl } from "../cluster/kubectl.ts";
import type { LiveCluster } from "../cluster/live-cluster.ts";
import { type NodeShape, nodeObject } from "../cluster/nodes.ts";
import { awsProvider } from "./aws.ts";
import type { LocalProvider } from "./local-provider.ts";
import type { Properties } from "./values.ts";

const CLUSTER = "aws:eks/cluster:Cluster";
const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const SUBNET = "aws:ec2/subnet:Subnet";

export function liveAwsProvider(cluster: LiveCluster): LocalProvider {
  const recorded = awsProvider();
  const { kubectl: executable, kubeconfig, dir } = cluster;
  const kubectl = new Kubectl({ executable, kubeconfig, cacheDir: join(dir, "discovery") });
  /** Zones by the id of a subnet, for subnets of this run. */
  const zones = new Map<string, string>();

  const live = (type: string, outputs: Properties): Properties =>
    type === CLUSTER
      ? { ...outputs, endpoint: cluster.server, certificateAuthority: { data: cluster.certificateAuthority } }
      : outputs;
  const resize = async (group: string, inputs: Properties): Promise<void> => {
    const nodes = nodesOf(group, inputs as unknown as NodeGroup, zones);
    const gone = await kubectl.list("nodes", undefined, `${GROUP_LABEL}=${group}`);
    const names = new Set(nodes.map(({ name }) => name));
    await removeNodes(gone.map(({ metadata }) => metadata.name).filter((name) => !names.has(name)));
    for (const node of nodes) await kubectl.apply(nodeObject(node));
  };
  const removeNodes = async (names: readonly string[]): Promise<void> => {
    if (names.length > 0) await kubectl.run(["delete", "nodes", ...names, "--ignore-not-found"]);
  };

  return {
    ...recorded,

    async create(resource, inputs, isPreview) {
      const { id, outputs } = recorded.create(resource, inputs, isPreview);
      if (isPreview) return { id, outputs };
      if (resource.type === SUBNET) zones.set(id, String(outputs.availabilityZone));
      if (resource.type === NODE_GROUP) await resize(groupOf(id), inputs);
      return { id, outputs: live(resource.type, outputs) };
    },

    async update(resource, inputs, olds, isPreview) {
      const outputs = recorded.update(resource, inputs, olds, isPreview);
      if (isPreview) return outputs;
      if (resource.type === NODE_GROUP) await resize(groupOf(String(olds.id)), inputs);
      return live(resource.type, outputs);
    },

    async read(resource, id, known) {
      const { outputs } = recorded.create(resource, known, false);
      return { ...outputs, ...known, ...("id" in outputs ? { id } : {}) };
    },

    async remove(resource, known) {
      if (resource.type !== NODE_GROUP) return;
      const nodes = await kubectl.list("nodes", undefined, `${GROUP_LABEL}=${groupOf(String(known.id))}`);
      await removeNodes(nodes.map(({ metadata }) => metadata.name));
    },
  };
}

const GROUP_LABEL = "eks.amazonaws.com/nodegroup";

/** The id of a node group is `<cluster>:<group>`. */
const groupOf = (id: string): string => id.split(":").at(-1) ?? id;

interface NodeGroup {
  readonly capacityType?: string;
  readonly instanceTypes?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly { key: string; value?: string; effect: string }[];
  readonly scalingConfig: { readonly desiredSize: number };
  readonly subnetIds: readonly string[];
}

const EFFECTS: Readonly<Record<string, string>> = {
  NO_SCHEDULE: "NoSchedule",
  NO_EXECUTE: "NoExecute",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
};

/** The nodes that EKS would start, spread over the group's zones, with the labels that it adds. */
function nodesOf(group: string, inputs: NodeGroup, zones: ReadonlyMap<string, string>): NodeShape[] {
  const type = inputs.instanceTypes?.[0] ?? "t3.medium";
  const facts = loadCatalog().instanceTypes.find(({ name }) => name === type);
  if (facts === undefined) throw new Error(`the sandbox does not know the size of ${type}; add it to the catalogue`);
  return Array.from({ length: inputs.scalingConfig.desiredSize }, (_, index) => {
    const subnet = inputs.subnetIds[index % inputs.subnetIds.length] ?? "";
    return {
      name: `${group}-${index}`,
      cpu: facts.vcpu,
      memoryGiB: facts.memoryGiB,
      gpus: facts.gpuCount,
      labels: {
        ...inputs.labels,
        [GROUP_LABEL]: group,
        "eks.amazonaws.com/capacityType": inputs.capacityType ?? "ON_DEMAND",
        "node.kubernetes.io/instance-type": type,
        "topology.kubernetes.io/zone": zones.get(subnet) ?? "unknown",
      },
      taints: (inputs.taints ?? []).map(({ effect, ...taint }) => ({ ...taint, effect: EFFECTS[effect] ?? effect })),
    };
  });
}
