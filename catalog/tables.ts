import type { ApiModel } from "../economics/api-price.ts";
import type { Measurement } from "../economics/capacity/measurement.ts";
import type { Gpu } from "../economics/gpu.ts";
import type { GpuCloudOffer } from "../economics/gpu-cloud-offer.ts";
import type { CatalogModel } from "../economics/model.ts";
import type { InstanceType, Offering } from "../economics/offering.ts";
import type { Provenance } from "../economics/provenance.ts";
import type { ServicePrice } from "../economics/service-price.ts";
import { type DataFiles, type Kind, shown } from "./data-files.ts";
import { Reader, type Row } from "./reader.ts";
import { apiModelRow, gpuCloudRow, gpuRow, instanceTypeRow, modelRow, offeringRow, serviceRow } from "./schema.ts";
import { readThroughput } from "./throughput.ts";

/** The rows of all data files, validated. */
export interface Tables {
  readonly gpus: readonly Gpu[];
  readonly models: readonly CatalogModel[];
  readonly instanceTypes: readonly (InstanceType & Provenance)[];
  readonly offerings: readonly Offering[];
  readonly services: readonly ServicePrice[];
  readonly apiModels: readonly ApiModel[];
  readonly gpuClouds: readonly GpuCloudOffer[];
  readonly measurements: readonly Measurement[];
}

/** Rules between fields and between files. */
function crossCheck(tables: Tables, reader: Reader): void {
  const types = new Set(tables.instanceTypes.map(({ name }) => name));
  const models = new Set(tables.models.map(({ name }) => name));
  const check = <T extends object>(kind: Kind, rows: readonly T[], problemOf: (row: T) => string | undefined): void => {
    rows.forEach((row, index) => {
      const problem = problemOf(row);
      if (problem !== undefined) reader.reject(kind, index, row as Row, problem);
    });
  };
  check("instance-types", tables.instanceTypes, ({ gpu, gpuCount }) => {
    if ((gpu === undefined) === (gpuCount === 0)) return undefined;
    return `gpuCount: ${gpuCount} is not allowed; expected ${gpu === undefined ? "0 where no gpu is named" : "a number above 0 beside a gpu"}`;
  });
  check("offerings", tables.offerings, ({ instanceType }) =>
    types.has(instanceType)
      ? undefined
      : `instanceType: ${shown(instanceType)} is not allowed; expected a name of instance-types.json`,
  );
  check("api-models", tables.apiModels, ({ name, provider, model, openWeights }) => {
    if (name !== `${provider}/${model}`) return `name: ${shown(name)} is not allowed; expected "${provider}/${model}"`;
    if (openWeights === undefined || models.has(openWeights)) return undefined;
    return `openWeights: ${shown(openWeights)} is not allowed; expected a name of models.json`;
  });
}

/**
 * The tables of the data files; `label` names their directory in problems. Throws one Error that lists every problem. Sealed
 * files are known to have none.
 */
export function tablesOf(files: DataFiles, label: string): Tables {
  const reader = new Reader(files, label);
  const rows = {
    gpus: reader.rows("gpus", gpuRow),
    models: reader.rows("models", modelRow),
    instanceTypes: reader.rows("instance-types", instanceTypeRow),
    offerings: reader.rows("offerings", offeringRow),
    services: reader.rows("services", serviceRow),
    apiModels: reader.rows("api-models", apiModelRow),
    gpuClouds: reader.rows("gpu-clouds", gpuCloudRow),
  };
  // Refused rows leave dangling names behind, so names are only held against complete tables.
  const isComplete = reader.problems.length === 0;
  const models = new Set(rows.models.map(({ name }) => name));
  const gpus = new Set(rows.gpus.map(({ name }) => name));
  const { measurements, problems } = readThroughput(files, label, {
    isModel: (name) => !isComplete || models.has(name),
    isGpu: (name) => !isComplete || gpus.has(name),
  });
  reader.problems.push(...problems);
  const tables: Tables = { ...rows, measurements };
  // Refused rows shift row numbers and leave dangling names behind, so these rules wait until every row is well-formed.
  if (reader.problems.length === 0 && !files.isSealed) crossCheck(tables, reader);
  if (reader.problems.length > 0) throw new Error(`the catalogue is refused:\n${reader.problems.join("\n")}`);
  return tables;
}
