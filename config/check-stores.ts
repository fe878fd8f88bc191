import type { Catalog } from "../economics/catalog.ts";
import { CACHE_ENGINE, cacheNodeSku } from "./cache-nodes.ts";
import type { WellFormedParts } from "./parse.ts";

/** What the stores of a gateway in AWS cost must be known, before anything is planned. */
export function checkStores(
  { gateway, cluster, priceOverrides }: WellFormedParts,
  catalog: Catalog,
  add: (path: readonly PropertyKey[], message: string) => void,
): void {
  if (cluster?.kind !== "eks" || priceOverrides === undefined) return;
  const { redis, captureStore } = gateway ?? {};
  const check = (path: readonly PropertyKey[], sku: string): void => {
    const priced = catalog.service(sku, cluster.region);
    if (!priced.ok)
      add(
        path,
        `has no known price in ${cluster.region}; state it under economics.priceOverrides.services with sku "${sku}"`,
      );
  };
  if (redis?.kind === "elasticache")
    check(["gateway", "redis", "nodeType"], cacheNodeSku(CACHE_ENGINE, redis.nodeType));
  if (captureStore?.kind === "s3")
    for (const sku of ["s3-standard-gb-month", "s3-put-1000"]) check(["gateway", "captureStore"], sku);
}
