import type { PlannedItem } from "../economics/planned.ts";
import { type AdapterContext, type Adapters, unpriced } from "./adapters/adapter.ts";
import { bucketAdapters } from "./adapters/buckets.ts";
import { cacheAdapters } from "./adapters/caches.ts";
import { isFreeType } from "./adapters/free-types.ts";
import { karpenterAdapters } from "./adapters/karpenter.ts";
import { kubernetesAdapters } from "./adapters/kubernetes.ts";
import { networkAdapters } from "./adapters/network.ts";
import { nodeAdapters } from "./adapters/nodes.ts";
import { storageAdapters } from "./adapters/storage.ts";
import { type PlannedResource, read } from "./read.ts";

const ADAPTERS: Adapters = {
  ...nodeAdapters,
  ...networkAdapters,
  ...storageAdapters,
  ...bucketAdapters,
  ...cacheAdapters,
  ...kubernetesAdapters,
  ...karpenterAdapters,
};

/** Everything in a planned graph that costs money, and everything nobody can price. Names and parents do not matter, only types and properties. */
export function plannedItems(
  resources: readonly PlannedResource[],
  context: AdapterContext,
  freeTypes: readonly string[] = [],
): readonly PlannedItem[] {
  return resources.flatMap((resource): readonly PlannedItem[] => {
    const region = read(() => resource.props["region"] as unknown);
    if (!region.ok) return unpriced(resource, region.reason);
    const adapter = Object.hasOwn(ADAPTERS, resource.type) ? ADAPTERS[resource.type] : undefined;
    if (adapter !== undefined) return adapter(resource, context);
    if (isFreeType(resource.type, freeTypes)) return [];
    return unpriced(resource, `type ${resource.type} has no price adapter and is not on the list of free types`);
  });
}
