import { POOL_BEHAVIOR, SPOT_INTERRUPTIONS_PER_MONTH } from "./assumptions.ts";
import { type BillLine, byLabel, type UsedPrice } from "./bill.ts";
import type { Catalog } from "./catalog.ts";
import { ownedCost, ownedUsdPerNodeHour } from "./owned-hardware.ts";
import type { PlannedItem, PlannedNodes, UsageDriver } from "./planned.ts";
import { found, type Lookup, type Price, type Provenance } from "./provenance.ts";
import type { Pool } from "./serving.ts";
import { HOURS_PER_MONTH } from "./units.ts";

/** A usage-billed service with its price per gigabyte, or per answer. */
export interface PricedUsage {
  readonly label: string;
  readonly driver: UsageDriver;
  readonly usdEach: number;
}

/** A plan with every price resolved; `missing` names each resource without one and is never ignored. */
export interface PricedPlan {
  readonly pools: readonly Pool[];
  /** Costs that do not depend on traffic. */
  readonly lines: readonly BillLine[];
  readonly usage: readonly PricedUsage[];
  readonly prices: readonly UsedPrice[];
  readonly missing: readonly { readonly resource: string; readonly reason: string }[];
}

interface PricedHardware {
  readonly price: Price;
  readonly label: string;
  readonly gpu?: Pool["gpu"];
  readonly gpusPerNode: number;
  readonly owned?: NonNullable<Pool["owned"]>;
}

function priceHardware(
  { hardware }: PlannedNodes,
  catalog: Catalog,
  discountRatePerYear: number,
): Lookup<PricedHardware> {
  if (hardware.kind !== "instance") {
    const gpu = catalog.gpu(hardware.gpu);
    if (!gpu.ok) return gpu;
    const { gpusPerNode, provenance } = hardware;
    const shape = { label: `${gpusPerNode}x ${hardware.gpu}`, gpu: gpu.value, gpusPerNode };
    if (hardware.kind === "stated") return found({ ...shape, price: { usd: hardware.usdPerNodeHour, ...provenance } });
    const { node } = hardware;
    const cost = ownedCost(node, discountRatePerYear);
    return found({
      ...shape,
      price: { usd: ownedUsdPerNodeHour(cost), ...provenance },
      owned: { ...cost, purchaseUsd: node.purchaseUsd * (1 + node.spareShare) },
    });
  }
  const type = catalog.instanceType(hardware.instanceType);
  if (!type.ok) return type;
  const offering = catalog.offering(hardware.region, hardware.instanceType, hardware.purchase);
  if (!offering.ok) return offering;
  const label = `${hardware.instanceType} ${hardware.purchase}`;
  if (type.value.gpu === undefined) return found({ price: offering.value, label, gpusPerNode: 0 });
  const gpu = catalog.gpu(type.value.gpu);
  return gpu.ok ? found({ price: offering.value, label, gpu: gpu.value, gpusPerNode: type.value.gpuCount }) : gpu;
}

const nodeCount = ({ minNodes, maxNodes }: PlannedNodes): string =>
  minNodes === maxNodes ? `${maxNodes}` : `${minNodes}-${maxNodes}`;

const isPriceFixed = ({ hardware }: PlannedNodes): boolean =>
  hardware.kind === "owned" ||
  (hardware.kind === "instance" && hardware.purchase !== "on-demand" && hardware.purchase !== "spot");

const behaviorOf = ({ hardware, behavior }: PlannedNodes): Pool["behavior"] => ({
  ...POOL_BEHAVIOR,
  ...(hardware.kind === "instance" && hardware.purchase === "spot"
    ? { interruptionsPerMonth: SPOT_INTERRUPTIONS_PER_MONTH }
    : {}),
  ...behavior,
});

/**
 * Resolves every price of a plan. Nodes that belong to no pool run at their maximum: nothing in the plan says when they
 * would be off. The discount rate is what the money tied up in owned nodes would earn.
 */
export function pricePlan(items: readonly PlannedItem[], catalog: Catalog, discountRatePerYear = 0): PricedPlan {
  const pools: Pool[] = [];
  const lines: BillLine[] = [];
  const usage: PricedUsage[] = [];
  const prices: UsedPrice[] = [];
  const gaps: { resource: string; reason: string }[] = [];

  const addUsage = (label: string, driver: UsageDriver, usdEach: number, { source, date }: Provenance): void => {
    // Gateways of one kind share the traffic: each byte passes one of them.
    if (usage.some((other) => other.label === label)) return;
    usage.push({ label, driver, usdEach });
    prices.push({ label, source, date, usdPerMonth: 0 });
  };

  for (const item of items) {
    if (item.kind === "unpriced") {
      gaps.push({ resource: item.resource, reason: item.reason });
      continue;
    }
    if (item.kind === "stated") {
      const { label, usdPerMonth, provenance } = item;
      lines.push({ label, category: "platform", drain: "MLOps infrastructure", usdPerMonth });
      prices.push({ label, usdPerMonth, ...provenance });
      continue;
    }
    if (item.kind === "stated-usage") {
      addUsage(item.label, item.driver, item.usdEach, item.provenance);
      continue;
    }
    if (item.kind === "nodes") {
      const priced = priceHardware(item, catalog, discountRatePerYear);
      if (!priced.ok) {
        gaps.push({ resource: item.resource, reason: priced.reason });
        continue;
      }
      const { price, label, gpu, gpusPerNode, owned } = priced.value;
      const usdPerMonth = item.maxNodes * HOURS_PER_MONTH * price.usd;
      prices.push({ label, source: price.source, date: price.date, usdPerMonth });
      if (item.pool !== undefined && gpu !== undefined) {
        const { minNodes, maxNodes, scaling } = item;
        pools.push({
          name: item.pool,
          label: `pool ${item.pool}: ${nodeCount(item)}x ${label}`,
          gpu,
          gpusPerNode,
          minNodes,
          maxNodes,
          scaling,
          usdPerNodeHour: price.usd,
          isPriceFixed: isPriceFixed(item),
          ...(owned === undefined ? {} : { owned }),
          behavior: behaviorOf(item),
        });
      } else {
        lines.push({
          label: `${item.maxNodes}x ${label} (${item.resource})`,
          ...(gpu === undefined
            ? ({ category: "platform", drain: "MLOps infrastructure" } as const)
            : ({ category: "gpu", drain: "idle capacity" } as const)),
          usdPerMonth,
        });
      }
      continue;
    }
    const price = catalog.service(item.sku, item.region);
    if (!price.ok) {
      gaps.push({ resource: item.resource, reason: price.reason });
    } else if (item.kind === "usage") {
      addUsage(item.label, item.driver, price.value.usd * item.unitsEach, price.value);
    } else {
      const usdPerMonth = item.quantityPerMonth * price.value.usd;
      lines.push({ label: item.label, category: "platform", drain: "MLOps infrastructure", usdPerMonth });
      prices.push({ label: item.label, source: price.value.source, date: price.value.date, usdPerMonth });
    }
  }
  return { pools, lines: byLabel(lines), usage, prices, missing: gaps };
}
