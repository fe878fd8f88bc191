import type { PurchaseOption } from "../economics/offering.ts";
import type { PlannedItem, PlannedNodes } from "../economics/planned.ts";
import { HOURS_PER_MONTH } from "../economics/units.ts";
import { CACHE_ENGINE, cacheNodeSku, cacheNodes } from "./cache-nodes.ts";
import { capturedItems } from "./captured-items.ts";
import { BOTTLEROCKET_ROOT_GIB, SYSTEM_DISK_GIB } from "./marks.ts";
import type { PlatformConfig } from "./platform.ts";
import type { PoolConfig } from "./pool.ts";

function nodesOf(name: string, pool: PoolConfig, region: string): PlannedNodes {
  const { hardware, scaling, maxNodes } = pool;
  const shape = {
    kind: "nodes",
    resource: `pool ${name}`,
    pool: name,
    scaling,
    minNodes: scaling === "fixed" ? maxNodes : pool.minNodes,
    maxNodes,
  } as const;
  if (hardware.kind === "instance") {
    return {
      ...shape,
      hardware: { kind: "instance", region, instanceType: hardware.instanceType, purchase: purchaseOf(pool) },
    };
  }
  const { gpu, gpusPerNode, source, date } = hardware;
  const stated = { gpu, gpusPerNode, provenance: { source, date } };
  if (hardware.kind === "owned") {
    const { purchaseUsd, residualUsd, lifeMonths, watts, pue, usdPerKwh, colocationUsdPerMonth, spareShare } = hardware;
    const node = { purchaseUsd, residualUsd, lifeMonths, watts, pue, usdPerKwh, colocationUsdPerMonth, spareShare };
    return { ...shape, hardware: { kind: "owned", ...stated, node } };
  }
  return { ...shape, hardware: { kind: "stated", ...stated, usdPerNodeHour: hardware.usdPerNodeHour } };
}

/** How a pool's hours are billed: the dearest way they may be bought. */
const purchaseOf = ({ hardware, onDemandFallback }: PoolConfig): PurchaseOption =>
  hardware.kind !== "instance" || onDemandFallback ? "on-demand" : hardware.purchase;

/** What the config makes the components create, as far as it costs money. The planned graph must hold the same. */
export function declaredItems(config: PlatformConfig): readonly PlannedItem[] {
  const { cluster, gateway, loadBalancer, monitoring } = config;
  const region = cluster.kind === "eks" ? cluster.region : "";
  const items: PlannedItem[] = Object.entries(config.pools).map(([name, pool]) => nodesOf(name, pool, region));
  if (gateway.redis?.kind === "endpoint") {
    const { usdPerMonth, source, date } = gateway.redis;
    items.push({
      kind: "stated",
      resource: "gateway Redis",
      label: "Redis of the gateway",
      usdPerMonth,
      provenance: { source, date },
    });
  }
  items.push(...capturedItems(config));
  if (cluster.kind === "existing") {
    if (cluster.usdPerMonth !== undefined) {
      const { amount, source, date } = cluster.usdPerMonth;
      items.push({
        kind: "stated",
        resource: "cluster",
        label: "share of the existing cluster",
        usdPerMonth: amount,
        provenance: { source, date },
      });
    }
    return items;
  }

  if (gateway.redis?.kind === "elasticache") {
    const { nodeType, nodes } = gateway.redis;
    items.push(cacheNodes("gateway Redis", region, cacheNodeSku(CACHE_ENGINE, nodeType), nodes));
  }
  const service = (label: string, sku: string, quantityPerMonth: number): PlannedItem => ({
    kind: "service",
    resource: label,
    label,
    sku,
    region,
    quantityPerMonth,
  });
  const { zones, natGateways, interfaceEndpoints } = cluster.network;
  const nats = natGateways === "single" ? 1 : zones;
  const { instanceType, count } = cluster.systemNodes;
  items.push(
    {
      kind: "nodes",
      resource: "system nodes",
      hardware: { kind: "instance", region, instanceType, purchase: "on-demand" },
      scaling: "fixed",
      minNodes: count,
      maxNodes: count,
    },
    service("EKS control plane", "eks-control-plane-hour", HOURS_PER_MONTH),
    service("KMS key", "kms-key-month", 1),
    service("control-plane logs", "logs-ingest-gb", monitoring.controlPlaneLogsGBPerMonth),
    service("NAT gateways", "nat-gateway-hour", nats * HOURS_PER_MONTH),
    service("public IPv4 addresses", "public-ipv4-hour", nats * HOURS_PER_MONTH),
    service("node disks", "ebs-gp3-gb-month", count * SYSTEM_DISK_GIB + poolDiskGiB(config)),
    {
      kind: "usage",
      resource: "NAT gateways",
      label: "NAT gateway data",
      sku: "nat-gateway-gb",
      region,
      driver: "external",
      unitsEach: 1,
    },
  );
  if (interfaceEndpoints.length > 0)
    items.push(
      service("interface endpoints", "vpc-endpoint-az-hour", interfaceEndpoints.length * zones * HOURS_PER_MONTH),
    );
  if (loadBalancer.exposure !== "none") {
    const balancers = gatewayCount(config);
    items.push(service("network load balancers", "nlb-hour", balancers * HOURS_PER_MONTH), {
      kind: "usage",
      resource: "network load balancer",
      label: "load balancer data",
      sku: "nlb-nlcu-hour",
      region,
      driver: "client",
      unitsEach: 1,
    });
    if (loadBalancer.exposure === "public")
      items.push(
        {
          kind: "usage",
          resource: "network load balancer",
          label: "data to the internet",
          sku: "transfer-out-gb",
          region,
          driver: "client",
          unitsEach: 1,
        },
        service("public IPv4 addresses", "public-ipv4-hour", balancers * zones * HOURS_PER_MONTH),
      );
  }
  if (monitoring.enabled && (monitoring.install ?? true))
    items.push(service("Prometheus disk", "ebs-gp3-gb-month", monitoring.storageGiB));
  return items;
}

const poolDiskGiB = ({ pools }: PlatformConfig): number =>
  Object.values(pools).reduce(
    (sum, { maxNodes, diskGiB, image }) =>
      sum + maxNodes * (diskGiB + (image === "bottlerocket" ? BOTTLEROCKET_ROOT_GIB : 0)),
    0,
  );

/** Restricted tasks have a gateway of their own. */
export function gatewayCount({ tasks }: PlatformConfig): number {
  return new Set(Object.values(tasks).map(({ dataClass }) => dataClass === "restricted")).size;
}
