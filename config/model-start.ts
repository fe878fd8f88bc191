import { weightBytes } from "../economics/capacity/memory.ts";
import type { Catalog } from "../economics/catalog.ts";
import { BYTES_PER_GIB } from "../economics/units.ts";
import type { ModelConfig } from "./model.ts";
import type { PoolConfig } from "./pool.ts";
import { type StartUp, startUp } from "./start-up.ts";
import { downloadGiB } from "./weight-files.ts";

/** How long a start of a model on a pool takes; undefined when its size is not known. */
export function modelStart(model: ModelConfig, pool: PoolConfig, catalog: Catalog): StartUp | undefined {
  const known = model.catalogModel === undefined ? undefined : catalog.model(model.catalogModel);
  const dimensions = known?.ok ? known.value : model.custom;
  if (dimensions === undefined) return undefined;
  const weightsGiB = weightBytes(dimensions, model.precision) / BYTES_PER_GIB;
  const id = model.weights.huggingFaceId ?? (known?.ok ? known.value.huggingFaceId : "");
  return startUp(model, pool.startUp, downloadGiB(weightsGiB, model.precision, id));
}
