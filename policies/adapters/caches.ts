import { cacheNodeSku, cacheNodes } from "../../config/cache-nodes.ts";
import { firstReason, read, readNumber, readText } from "../read.ts";
import { type Adapter, type Adapters, label, regionOf, unpriced } from "./adapter.ts";

/** Billed by the hour of each node; what is billed on top is not priced. */
const replicationGroup: Adapter = (resource, context) => {
  const engine = readText("engine", () => resource.props["engine"], "redis");
  const nodeType = readText("nodeType", () => resource.props["nodeType"]);
  const nodes = readNumber("numCacheClusters", () => resource.props["numCacheClusters"]);
  const snapshots = readNumber("snapshotRetentionLimit", () => resource.props["snapshotRetentionLimit"], 0);
  const extra = read(() =>
    ["numNodeGroups", "globalReplicationGroupId", "dataTieringEnabled"].filter((key) => resource.props[key]),
  );
  if (!(engine.ok && nodeType.ok && nodes.ok && snapshots.ok && extra.ok))
    return unpriced(resource, firstReason(engine, nodeType, nodes, snapshots, extra) ?? "");
  if (extra.value.length > 0) return unpriced(resource, `${extra.value.join(", ")} have no price here; leave them out`);
  if (snapshots.value > 0) return unpriced(resource, "snapshots have no price here; set snapshotRetentionLimit to 0");
  const sku = cacheNodeSku(engine.value, nodeType.value);
  return [cacheNodes(label(resource), regionOf(resource, context), sku, nodes.value)];
};

/** Managed caches. */
export const cacheAdapters: Adapters = {
  "aws:elasticache/replicationGroup:ReplicationGroup": replicationGroup,
};
