import { capacityQuery, estimateCapacity } from "../economics/capacity/estimate.ts";
import { weightBytes } from "../economics/capacity/memory.ts";
import type { Catalog } from "../economics/catalog.ts";
import type { Gpu } from "../economics/gpu.ts";
import type { ServedModel } from "../economics/serving.ts";
import { BYTES_PER_GIB } from "../economics/units.ts";
import { servedModels } from "./decision-input.ts";
import type { PlatformConfig } from "./platform.ts";

/** What the catalogue knows of a pool's nodes. */
export interface PoolFacts {
  readonly gpusPerNode: number;
  /** Adapters for traffic between nodes; 0 for none or where no source says. */
  readonly efaInterfaces: number;
  /** Local NVMe disks in all, decimal gigabytes; undefined where no source says. */
  readonly localDiskGB?: number | undefined;
}

export interface ModelFacts {
  /** What the GPUs of a replica hold. */
  readonly weightsGiB: number;
  /** Requests one replica works on within its latency targets, at the most demanding of its tasks. */
  readonly requestsPerReplica: number;
}

/** What components need and only the catalogue knows, so that they need no catalogue. */
export interface DeploymentFacts {
  readonly pools: Readonly<Record<string, PoolFacts>>;
  readonly models: Readonly<Record<string, ModelFacts>>;
}

export function poolFacts(pool: PlatformConfig["pools"][string], catalog: Catalog): PoolFacts & { readonly gpu?: Gpu } {
  const { hardware } = pool;
  const gpuOf = (name: string | undefined) => {
    const gpu = name === undefined ? undefined : catalog.gpu(name);
    return gpu?.ok ? { gpu: gpu.value } : {};
  };
  if (hardware.kind !== "instance")
    return { gpusPerNode: hardware.gpusPerNode, efaInterfaces: 0, ...gpuOf(hardware.gpu) };
  const type = catalog.instanceType(hardware.instanceType);
  if (!type.ok) return { gpusPerNode: 0, efaInterfaces: 0 };
  const { gpuCount, efaInterfaces = 0, localDiskGB, gpu } = type.value;
  return { gpusPerNode: gpuCount, efaInterfaces, localDiskGB, ...gpuOf(gpu) };
}

/** The engine's own limit where nothing can be estimated: the policies say so, a scaler only needs some number. */
function requestsPerReplica(
  model: ServedModel,
  gpu: Gpu | undefined,
  tasks: PlatformConfig["tasks"],
  catalog: Catalog,
): number {
  if (gpu === undefined) return model.maxConcurrentSequences;
  const served = Object.values(tasks).filter(({ selfHosted }) =>
    selfHosted.some((share) => share.model === model.name),
  );
  const limits = served.flatMap(({ inputTokensPerRequest, outputTokensPerRequest, prefixCacheShare }) => {
    const query = capacityQuery(model, gpu, {
      inputTokens: inputTokensPerRequest,
      outputTokens: outputTokensPerRequest,
      prefixCacheShare,
    });
    const estimate = estimateCapacity(query, catalog.anchors);
    return estimate.ok ? [Math.max(1, Math.floor(estimate.value.concurrentSequences))] : [];
  });
  return Math.min(model.maxConcurrentSequences, ...limits);
}

/** Facts of a checked config. */
export function deploymentFacts(config: PlatformConfig, catalog: Catalog): DeploymentFacts {
  const pools = Object.fromEntries(
    Object.entries(config.pools).map(([name, pool]) => [name, poolFacts(pool, catalog)]),
  );
  const models = servedModels(config, catalog).map((model) => [
    model.name,
    {
      weightsGiB: weightBytes(model.dimensions, model.precision) / BYTES_PER_GIB,
      requestsPerReplica:
        config.models[model.name]?.autoscaling.requestsPerReplica ??
        requestsPerReplica(model, pools[model.pool]?.gpu, config.tasks, catalog),
    },
  ]);
  return {
    pools: Object.fromEntries(
      Object.entries(pools).map(([name, { gpusPerNode, efaInterfaces, localDiskGB }]) => [
        name,
        { gpusPerNode, efaInterfaces, localDiskGB },
      ]),
    ),
    models: Object.fromEntries(models),
  };
}
