import type { Catalog } from "../economics/catalog.ts";
import type { InstanceType } from "../economics/offering.ts";
import { nodesFor } from "../economics/packing.ts";
import { isCacheNodeSku } from "./cache-nodes.ts";
import { checkApiModels } from "./check-api-models.ts";
import { MAX_NODES } from "./check-shapes.ts";
import { checkStores } from "./check-stores.ts";
import { poolFacts } from "./deployment-facts.ts";
import type { WellFormedParts } from "./parse.ts";
import { type ConfigProblem, pathOf, shown } from "./problems.ts";

type Add = (path: readonly PropertyKey[], message: string) => void;

/** Checks that need the catalogue: names that must be known, prices that must exist, replicas that must fit their pool. */
export function checkReferences(parts: WellFormedParts, catalog: Catalog): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const add: Add = (path, message) => problems.push({ path: pathOf(path), message });
  checkCluster(parts, catalog, add);
  checkPools(parts, catalog, add);
  checkModels(parts, catalog, add);
  checkPlacement(parts, catalog, add);
  checkPrecision(parts, catalog, add);
  checkApiModels(parts, catalog, add);
  checkStores(parts, catalog, add);
  checkOverrides(parts, catalog, add);
  checkOptions(parts, catalog, add);
  return problems;
}

const STATE_OFFERING = "or state its price under economics.priceOverrides.offerings";

/** Regions with node prices, those a user states included. */
function pricedRegions({ priceOverrides }: WellFormedParts, catalog: Catalog): readonly string[] {
  const rows = [...catalog.offerings, ...(priceOverrides?.offerings ?? [])];
  return [...new Set(rows.map(({ region }) => region))];
}

/** The region of a cluster that is created there, when prices are known for it. */
function pricedRegion(parts: WellFormedParts, catalog: Catalog): string | undefined {
  const region = parts.cluster?.kind === "eks" ? parts.cluster.region : undefined;
  return region !== undefined && pricedRegions(parts, catalog).includes(region) ? region : undefined;
}

function checkCluster(parts: WellFormedParts, catalog: Catalog, add: Add): void {
  const { cluster, priceOverrides } = parts;
  if (cluster?.kind !== "eks" || priceOverrides === undefined) return;
  const regions = pricedRegions(parts, catalog);
  if (!regions.includes(cluster.region)) {
    add(["cluster", "region"], `unknown region ${shown(cluster.region)}; prices are known for: ${regions.join(", ")}`);
    return;
  }
  const priced = catalog.offering(cluster.region, cluster.systemNodes.instanceType, "on-demand");
  if (!priced.ok)
    add(["cluster", "systemNodes", "instanceType"], `${priced.reason}; choose another, ${STATE_OFFERING}`);
}

function checkPools(parts: WellFormedParts, catalog: Catalog, add: Add): void {
  const region = pricedRegion(parts, catalog);
  for (const [name, pool] of Object.entries(parts.pools)) {
    const { hardware, zones } = pool;
    const path = ["pools", name, "hardware"];
    if (hardware.kind !== "instance") {
      const gpu = catalog.gpu(hardware.gpu);
      if (!gpu.ok) add([...path, "gpu"], gpu.reason);
      continue;
    }
    const type = catalog.instanceType(hardware.instanceType);
    if (!type.ok) {
      add([...path, "instanceType"], type.reason);
    } else if (type.value.gpu === undefined) {
      add(
        [...path, "instanceType"],
        `${shown(hardware.instanceType)} has no GPU; choose a type with GPUs, e.g. g6e.12xlarge`,
      );
    } else if (type.value.gpuCount < 1) {
      add(
        [...path, "instanceType"],
        `${shown(hardware.instanceType)} has only ${type.value.gpuCount} of a GPU; choose a type with whole GPUs`,
      );
    } else if (region !== undefined && parts.priceOverrides !== undefined) {
      const priced = catalog.offering(region, hardware.instanceType, hardware.purchase);
      const isSold = catalog.offerings.some((row) => row.region === region && row.instanceType === type.value.name);
      if (!priced.ok)
        add([...path, isSold ? "purchase" : "instanceType"], `${priced.reason}; choose another, ${STATE_OFFERING}`);
    }
    if (type.ok) checkLocalDisks(name, pool, type.value, add);
    if (region === undefined) continue;
    zones.forEach((zone, index) => {
      if (!(zone.startsWith(region) && /^[a-z]$/.test(zone.slice(region.length))))
        add(
          ["pools", name, "zones", index],
          `${shown(zone)} is not a zone of cluster.region (${region}); its zones look like ${region}a`,
        );
    });
  }
}

function checkLocalDisks(
  name: string,
  { localDisks, diskGiB }: WellFormedParts["pools"][string],
  { name: type, localDiskGB }: InstanceType,
  add: Add,
): void {
  if (localDisks === true && localDiskGB === 0)
    add(
      ["pools", name, "localDisks"],
      `is true and ${type} has no local NVMe disks; leave it out, and make room for weights with pools.${name}.diskGiB (${diskGiB})`,
    );
}

/** Volta and Turing have no bfloat16, and vLLM does not start where it is asked for. */
function checkPrecision({ pools, models }: WellFormedParts, catalog: Catalog, add: Add): void {
  for (const [name, { precision, pool }] of Object.entries(models)) {
    const config = pools[pool];
    const gpu = config === undefined ? undefined : poolFacts(config, catalog).gpu;
    if (gpu !== undefined && precision === "bf16" && gpu.bf16Tflops === undefined)
      add(
        ["models", name, "precision"],
        `"bf16" cannot be computed on ${gpu.name} (${pathOf(["pools", pool])}); use a pool of newer GPUs, e.g. L4 or A10G`,
      );
  }
}

function checkModels({ models }: WellFormedParts, catalog: Catalog, add: Add): void {
  for (const [name, model] of Object.entries(models)) {
    const path = ["models", name];
    const { catalogModel, custom, maxContextTokens, gpusPerReplica, pipelineStages } = model;
    if (catalogModel !== undefined && custom !== undefined) continue;
    const known = catalogModel === undefined ? undefined : catalog.model(catalogModel);
    if (known?.ok === false)
      add([...path, "catalogModel"], `${known.reason}; or describe it under ${pathOf([...path, "custom"])} instead`);
    const dimensions = known?.ok ? known.value : custom;
    if (dimensions === undefined) continue;
    if (maxContextTokens > dimensions.maxContextTokens)
      add(
        [...path, "maxContextTokens"],
        `${maxContextTokens} is beyond the ${dimensions.maxContextTokens} tokens the model was made for; lower it`,
      );
    const { attentionHeads } = dimensions;
    // Reported as what does not divide the GPUs.
    if (gpusPerReplica % pipelineStages !== 0) continue;
    if (attentionHeads % (gpusPerReplica / pipelineStages) !== 0) {
      const divisors = [1, 2, 4, 8].filter((gpus) => attentionHeads % gpus === 0);
      add(
        [...path, "gpusPerReplica"],
        `${gpusPerReplica} does not divide the model's ${attentionHeads} attention heads; use a divisor, e.g. ${divisors.join(", ")}`,
      );
    }
  }
}

/** Whole GPUs of one node of a pool, where known. */
function gpusPerNode({ hardware }: WellFormedParts["pools"][string], catalog: Catalog): number | undefined {
  if (hardware.kind !== "instance") return hardware.gpusPerNode;
  const type = catalog.instanceType(hardware.instanceType);
  return type.ok && type.value.gpuCount >= 1 ? type.value.gpuCount : undefined;
}

function checkPlacement({ pools, models }: WellFormedParts, catalog: Catalog, add: Add): void {
  for (const [name, pool] of Object.entries(pools)) {
    const perNode = gpusPerNode(pool, catalog);
    if (perNode === undefined || pool.maxNodes > MAX_NODES) continue;
    const users = Object.entries(models).filter(([, model]) => model.pool === name);
    const tooLarge = users.filter(([, model]) => !spansWholeNodes(model, perNode));
    for (const [model, { gpusPerReplica, pipelineStages }] of tooLarge) {
      const stages = Math.ceil(gpusPerReplica / perNode);
      add(
        ["models", model, "gpusPerReplica"],
        `${gpusPerReplica} in ${pipelineStages} pipeline ${pipelineStages === 1 ? "stage" : "stages"} does not fit nodes of ${perNode} GPUs (${pathOf(["pools", name])}); GPUs that work tensor-parallel share a node: lower it, or use ${perNode * stages} GPUs in ${stages} pipelineStages`,
      );
    }
    if (tooLarge.length > 0) continue;
    const needed = nodesNeeded(
      users.map(([, { gpusPerReplica, replicas }]) => ({ gpus: gpusPerReplica, count: replicas.max })),
      perNode,
      pool.maxNodes,
    );
    if (needed > pool.maxNodes) {
      const demands = users.map(([model]) => pathOf(["models", model, "replicas", "max"])).join(", ");
      add(
        ["pools", name, "maxNodes"],
        `${pool.maxNodes} is too few for all replicas (${demands}), which need ${needed} nodes of ${perNode} GPUs; raise it or lower the replicas`,
      );
    }
  }
}

/** A replica shares a node, or takes whole nodes with every pipeline stage inside one. */
function spansWholeNodes(
  { gpusPerReplica, pipelineStages }: WellFormedParts["models"][string],
  perNode: number,
): boolean {
  if (gpusPerReplica <= perNode) return true;
  return gpusPerReplica % perNode === 0 && perNode % (gpusPerReplica / pipelineStages) === 0;
}

/** Nodes that hold all replicas; only a lower bound where that already exceeds `most`, so that no number takes long. */
function nodesNeeded(
  replicas: readonly { readonly gpus: number; readonly count: number }[],
  perNode: number,
  most: number,
): number {
  const gpus = replicas.reduce((sum, { gpus, count }) => sum + gpus * count, 0);
  const least = Math.ceil(gpus / perNode);
  return least > most ? least : nodesFor(replicas, perNode);
}

/** A price that replaces nothing would be left out in silence. */
function checkOverrides({ priceOverrides, cluster }: WellFormedParts, catalog: Catalog, add: Add): void {
  if (priceOverrides === undefined) return;
  const own = cluster?.kind === "eks" ? [cluster.region] : [];
  const regions = [...new Set([...catalog.offerings.map(({ region }) => region), ...own])];
  const path = ["economics", "priceOverrides"];
  for (const section of ["offerings", "services"] as const) {
    priceOverrides[section].forEach(({ region }, index) => {
      if (!regions.includes(region))
        add([...path, section, index, "region"], `unknown region ${shown(region)}; known: ${regions.join(", ")}`);
    });
  }
  priceOverrides.offerings.forEach(({ instanceType }, index) => {
    const known = catalog.instanceType(instanceType);
    if (!known.ok) add([...path, "offerings", index, "instanceType"], known.reason);
  });
  const skus = new Set(catalog.services.map(({ sku }) => sku));
  priceOverrides.services.forEach(({ sku }, index) => {
    const known = catalog.service(sku, "");
    if (!skus.has(sku) && !isCacheNodeSku(sku) && !known.ok) add([...path, "services", index, "sku"], known.reason);
  });
  priceOverrides.apiModels.forEach(({ name }, index) => {
    if (!/^[^/]+\/.+$/.test(name))
      add([...path, "apiModels", index, "name"], `${shown(name)} names no provider; expected provider/model`);
  });
}

/** An option that names what does not exist could never be priced. */
function checkOptions({ economics, names, priceOverrides }: WellFormedParts, catalog: Catalog, add: Add): void {
  if (economics === undefined || priceOverrides === undefined) return;
  const path = ["economics", "options"];
  economics.options.serverless.forEach(({ gpu }, index) => {
    const known = catalog.gpu(gpu);
    if (!known.ok) add([...path, "serverless", index, "gpu"], known.reason);
  });
  const { distillation } = economics.options;
  if (distillation === undefined) return;
  if (!names.models.includes(distillation.student))
    add(
      [...path, "distillation", "student"],
      `unknown model ${shown(distillation.student)}; declared under models: ${names.models.map(shown).join(", ") || "none"}`,
    );
  const teacher = catalog.apiModel(distillation.teacher);
  if (!teacher.ok) add([...path, "distillation", "teacher"], teacher.reason);
}
