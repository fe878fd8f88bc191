import type { Catalog } from "./catalog.ts";
import type { DecisionInput } from "./decide.ts";
import type { Operations } from "./plan.ts";
import type { PlannedItem } from "./planned.ts";

/** Multiples of what a plan states; all 1 for the plan itself. */
export interface WhatIf {
  /** Requests of every task. */
  readonly traffic: number;
  /** GPU node-hours, and the purchase of owned nodes. */
  readonly gpuPrice: number;
  /** All API prices, those of staying and those of the fallback alike. */
  readonly apiPrice: number;
  /** Hours of people, set-up included. */
  readonly peopleHours: number;
}

export const AS_STATED: WhatIf = { traffic: 1, gpuPrice: 1, apiPrice: 1, peopleHours: 1 };

function gpuPricesTimes(catalog: Catalog, factor: number): Catalog {
  return {
    ...catalog,
    offering: (region, instanceType, purchase) => {
      const offering = catalog.offering(region, instanceType, purchase);
      const type = catalog.instanceType(instanceType);
      if (!offering.ok || !type.ok || type.value.gpu === undefined) return offering;
      return { ok: true, value: { ...offering.value, usd: offering.value.usd * factor } };
    },
  };
}

function itemTimes(item: PlannedItem, factor: number): PlannedItem {
  if (item.kind !== "nodes") return item;
  const { hardware } = item;
  if (hardware.kind === "stated")
    return { ...item, hardware: { ...hardware, usdPerNodeHour: hardware.usdPerNodeHour * factor } };
  if (hardware.kind === "owned") {
    const node = { ...hardware.node, purchaseUsd: hardware.node.purchaseUsd * factor };
    return { ...item, hardware: { ...hardware, node } };
  }
  return item;
}

const hoursTimes = (operations: Operations, factor: number): Operations => ({
  ...operations,
  setupHours: operations.setupHours * factor,
  maintenanceHoursPerMonth: operations.maintenanceHoursPerMonth * factor,
  onCallHoursPerMonth: operations.onCallHoursPerMonth * factor,
  modelUpdateHoursPerMonth: operations.modelUpdateHoursPerMonth * factor,
});

/** The same question with other traffic, prices and hours: what a reader asks of a report. */
export function whatIf(input: DecisionInput, { traffic, gpuPrice, apiPrice, peopleHours }: WhatIf): DecisionInput {
  return {
    ...input,
    tasks: Object.fromEntries(
      Object.entries(input.tasks).map(([name, task]) => [
        name,
        { ...task, requestsPerDay: task.requestsPerDay * traffic },
      ]),
    ),
    items: input.items.map((item) => itemTimes(item, gpuPrice)),
    catalog: gpuPricesTimes(input.catalog, gpuPrice),
    operations: hoursTimes(input.operations, peopleHours),
    // A discount of less than nothing is a mark-up.
    terms: { ...input.terms, apiDiscount: 1 - (1 - input.terms.apiDiscount) * apiPrice },
  };
}
