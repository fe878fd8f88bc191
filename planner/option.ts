import type { PlatformConfig } from "../config/platform.ts";
import type { PoolConfig } from "../config/pool.ts";
import type { Catalog } from "../economics/catalog.ts";
import type { Gpu } from "../economics/gpu.ts";
import type { CatalogModel } from "../economics/model.ts";
import type { Precision } from "../economics/serving.ts";
import type { PlanSpace } from "./space.ts";

type Hardware = PoolConfig["hardware"];

/** A kind of node that can be had. */
export interface NodeKind {
  readonly region: string;
  readonly hardware: Hardware;
  readonly gpu: Gpu;
  readonly gpusPerNode: number;
  /** Nodes that can be had; a cluster that exists has so many and no more. */
  readonly maxNodes: number;
  /** The pool of the config these nodes are, in a cluster that exists. */
  readonly pool?: PoolConfig;
}

/** One way to run one model: what a replica is. */
export interface Option extends NodeKind {
  readonly model: CatalogModel;
  readonly precision: Precision;
  readonly gpusPerReplica: number;
}

function cloudNodes(space: PlanSpace, catalog: Catalog): readonly NodeKind[] {
  return catalog.offerings.flatMap(({ region, instanceType, purchase }) => {
    if (!space.regions.includes(region) || !space.purchases.includes(purchase)) return [];
    const type = catalog.instanceType(instanceType);
    if (!type.ok || type.value.gpu === undefined || type.value.gpuCount < 1) return [];
    const gpu = catalog.gpu(type.value.gpu);
    if (!gpu.ok) return [];
    const hardware: Hardware = { kind: "instance", instanceType, purchase };
    return [{ region, hardware, gpu: gpu.value, gpusPerNode: type.value.gpuCount, maxNodes: space.maxNodes }];
  });
}

function existingNodes({ pools }: PlatformConfig, space: PlanSpace, catalog: Catalog): readonly NodeKind[] {
  return Object.values(pools).flatMap((pool) => {
    const { hardware } = pool;
    if (hardware.kind === "instance") return [];
    const gpu = catalog.gpu(hardware.gpu);
    if (!gpu.ok) return [];
    const maxNodes = Math.min(pool.maxNodes, space.maxNodes);
    return [{ region: "", hardware, gpu: gpu.value, gpusPerNode: hardware.gpusPerNode, maxNodes, pool }];
  });
}

/** Kinds of nodes a plan may use: offerings of the regions for a new cluster, the declared pools for one that exists. */
export function nodeKinds(config: PlatformConfig, space: PlanSpace, catalog: Catalog): readonly NodeKind[] {
  return config.cluster.kind === "eks" ? cloudNodes(space, catalog) : existingNodes(config, space, catalog);
}

/** Every way to run every model; what can't hold it or keep its targets is found out later, with the reason. */
export function optionsOf(nodes: readonly NodeKind[], space: PlanSpace, catalog: Catalog): readonly Option[] {
  const models = space.models.flatMap((name) => {
    const model = catalog.model(name);
    return model.ok ? [model.value] : [];
  });
  return models.flatMap((model) =>
    nodes.flatMap((node) =>
      space.precisions.flatMap((precision) =>
        space.gpusPerReplica
          .filter((gpus) => gpus <= node.gpusPerNode && model.attentionHeads % gpus === 0)
          .map((gpusPerReplica) => ({ ...node, model, precision, gpusPerReplica })),
      ),
    ),
  );
}
