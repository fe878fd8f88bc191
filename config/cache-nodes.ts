import type { PlannedService } from "../economics/planned.ts";
import { HOURS_PER_MONTH } from "../economics/units.ts";

/** Engine of managed counters: speaks the protocol of Redis and costs less than it. */
export const CACHE_ENGINE = "valkey";

/** Service key of one hour of a cache node, e.g. `elasticache-valkey-t4g-small-hour` of `cache.t4g.small`. */
export const cacheNodeSku = (engine: string, nodeType: string): string =>
  `elasticache-${engine}-${nodeType.replace(/^cache\./, "").replaceAll(".", "-")}-hour`;

/** Keys of this form are good for a stated price although the catalogue has none of them. */
export const isCacheNodeSku = (sku: string): boolean =>
  /^elasticache-(valkey|redis)-[a-z0-9]+-[a-z0-9]+-hour$/.test(sku);

/** What managed nodes cost, declared or planned. */
export const cacheNodes = (resource: string, region: string, sku: string, nodes: number): PlannedService => ({
  kind: "service",
  resource,
  label: "ElastiCache nodes",
  sku,
  region,
  quantityPerMonth: nodes * HOURS_PER_MONTH,
});
