import type { ApiModel } from "./api-price.ts";
import type { AnchorIndex } from "./capacity/anchors.ts";
import type { Gpu } from "./gpu.ts";
import type { GpuCloudOffer } from "./gpu-cloud-offer.ts";
import type { CatalogModel } from "./model.ts";
import type { InstanceType, Offering, PurchaseOption } from "./offering.ts";
import type { Lookup } from "./provenance.ts";
import type { ServicePrice } from "./service-price.ts";

/** Every dated fact a decision may use. Look-ups answer with a value or with a reason that names the nearest known names. */
export interface Catalog {
  readonly gpus: readonly Gpu[];
  readonly models: readonly CatalogModel[];
  readonly instanceTypes: readonly InstanceType[];
  readonly offerings: readonly Offering[];
  readonly services: readonly ServicePrice[];
  readonly apiModels: readonly ApiModel[];
  readonly gpuClouds: readonly GpuCloudOffer[];
  /** Measured throughput, by engine and model. */
  readonly anchors: AnchorIndex;
  gpu(name: string): Lookup<Gpu>;
  model(name: string): Lookup<CatalogModel>;
  instanceType(name: string): Lookup<InstanceType>;
  offering(region: string, instanceType: string, purchase: PurchaseOption): Lookup<Offering>;
  service(sku: string, region: string): Lookup<ServicePrice>;
  apiModel(name: string): Lookup<ApiModel>;
}
