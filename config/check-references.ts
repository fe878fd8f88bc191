import type { Catalog } from "../economics/catalog.ts";
import { nodesFor } from "../economics/fleet.ts";
import type { WellFormedParts } from "./parse.ts";
import { type ConfigProblem, formatProblem, shown } from "./problems.ts";

const at = (path: string): string => formatProblem({ path, message: "" }).slice(0, -2);

/** Checks that need the catalogue: names that must be known, prices that must exist, replicas that must fit their pool. */
export function checkReferences(parts: WellFormedParts, catalog: Catalog): readonly ConfigProblem[] {
  return [
    ...checkCluster(parts, catalog),
    ...checkPools(parts, catalog),
    ...checkModels(parts, catalog),
    ...checkPlacement(parts, catalog),
    ...checkApiModels(parts, catalog),
  ];
}

function regionProblem(region: string, catalog: Catalog): string | undefined {
  const regions = [...new Set(catalog.offerings.map((offering) => offering.region))];
  return regions.includes(region)
    ? undefined
    : `${shown(region)} has no prices in the catalogue; known: ${regions.join(", ")}`;
}

function checkCluster({ cluster }: WellFormedParts, catalog: Catalog): ConfigProblem[] {
  if (cluster?.kind !== "eks") return [];
  const region = regionProblem(cluster.region, catalog);
  if (region !== undefined) return [{ path: "cluster.region", message: region }];
  const { instanceType } = cluster.systemNodes;
  const priced = catalog.offering(cluster.region, instanceType, "on-demand");
  return priced.ok ? [] : [{ path: "cluster.systemNodes.instanceType", message: priced.reason }];
}

function checkPools({ pools, cluster }: WellFormedParts, catalog: Catalog): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [name, { hardware, zones }] of Object.entries(pools)) {
    const path = `pools.${name}`;
    if (hardware.kind !== "instance") {
      const gpu = catalog.gpu(hardware.gpu);
      if (!gpu.ok) problems.push({ path: `${path}.hardware.gpu`, message: gpu.reason });
      continue;
    }
    const type = catalog.instanceType(hardware.instanceType);
    if (!type.ok) {
      problems.push({ path: `${path}.hardware.instanceType`, message: type.reason });
    } else if (type.value.gpu === undefined) {
      problems.push({
        path: `${path}.hardware.instanceType`,
        message: `${shown(hardware.instanceType)} has no GPU; pools are for GPU nodes`,
      });
    } else if (cluster?.kind === "eks" && regionProblem(cluster.region, catalog) === undefined) {
      const priced = catalog.offering(cluster.region, hardware.instanceType, hardware.purchase);
      if (!priced.ok)
        problems.push({
          path: `${path}.hardware.purchase`,
          message: `${priced.reason}; choose another, or state the price in ${at("economics.priceOverrides.offerings")}`,
        });
    }
    if (cluster?.kind === "eks") {
      zones.forEach((zone, index) => {
        if (!zone.startsWith(cluster.region) || zone.length !== cluster.region.length + 1) {
          problems.push({
            path: `${path}.zones[${index}]`,
            message: `${shown(zone)} is not a zone of ${at("cluster.region")} (${cluster.region}); zones look like ${cluster.region}a`,
          });
        }
      });
    }
  }
  return problems;
}

function checkModels({ models }: WellFormedParts, catalog: Catalog): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [name, model] of Object.entries(models)) {
    const path = `models.${name}`;
    const known = model.catalogModel === undefined ? undefined : catalog.model(model.catalogModel);
    if (known?.ok === false)
      problems.push({
        path: `${path}.catalogModel`,
        message: `${known.reason}; or describe it under ${at(`${path}.custom`)}`,
      });
    const dimensions = known?.ok ? known.value : model.custom;
    if (dimensions === undefined) continue;
    if (model.maxContextTokens > dimensions.maxContextTokens) {
      problems.push({
        path: `${path}.maxContextTokens`,
        message: `${model.maxContextTokens} is beyond the model's own context of ${dimensions.maxContextTokens}; lower it`,
      });
    }
    if (dimensions.attentionHeads % model.gpusPerReplica !== 0) {
      problems.push({
        path: `${path}.gpusPerReplica`,
        message: `${model.gpusPerReplica} does not divide the model's ${dimensions.attentionHeads} attention heads; use a divisor such as 1, 2, 4 or 8`,
      });
    }
  }
  return problems;
}

/** GPUs of one node of a pool, where known. */
function gpusPerNode({ hardware }: WellFormedParts["pools"][string], catalog: Catalog): number | undefined {
  if (hardware.kind !== "instance") return hardware.gpusPerNode;
  const type = catalog.instanceType(hardware.instanceType);
  return type.ok ? type.value.gpuCount : undefined;
}

function checkPlacement({ pools, models }: WellFormedParts, catalog: Catalog): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [name, pool] of Object.entries(pools)) {
    const perNode = gpusPerNode(pool, catalog);
    if (perNode === undefined) continue;
    const users = Object.entries(models).filter(([, model]) => model.pool === name);
    const tooLarge = users.filter(([, model]) => model.gpusPerReplica > perNode);
    for (const [model, { gpusPerReplica }] of tooLarge) {
      problems.push({
        path: `models.${model}.gpusPerReplica`,
        message: `${gpusPerReplica} is more than the ${perNode} GPUs of a node of ${at(`pools.${name}`)}; a replica stays within one node`,
      });
    }
    if (tooLarge.length > 0) continue;
    const needed = nodesFor(
      users.map(([, { gpusPerReplica, replicas }]) => ({ gpus: gpusPerReplica, count: replicas.max })),
      perNode,
    );
    if (needed > pool.maxNodes) {
      const demands = users.map(([model]) => at(`models.${model}.replicas.max`)).join(", ");
      problems.push({
        path: `pools.${name}.maxNodes`,
        message: `${pool.maxNodes} nodes of ${perNode} GPUs cannot hold all replicas, which need ${needed} (${demands}); raise it or lower the replicas`,
      });
    }
  }
  return problems;
}

function checkApiModels({ tasks, economics }: WellFormedParts, catalog: Catalog): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [name, { apiModel }] of Object.entries(tasks)) {
    const known = apiModel === undefined ? undefined : catalog.apiModel(apiModel);
    if (known?.ok === false) problems.push({ path: `tasks.${name}.apiModel`, message: known.reason });
  }
  const providers = [...new Set(catalog.apiModels.map(({ provider }) => provider))];
  economics?.approvedProviders?.forEach((provider, index) => {
    if (!providers.includes(provider))
      problems.push({
        path: `economics.approvedProviders[${index}]`,
        message: `${shown(provider)} is not a provider of the catalogue; known: ${providers.join(", ")}`,
      });
  });
  return problems;
}
