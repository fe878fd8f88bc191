import type { PoolBehavior } from "./assumptions.ts";
import type { PurchaseOption } from "./offering.ts";
import type { OwnedNode } from "./owned-hardware.ts";
import type { Provenance } from "./provenance.ts";

/** What a node is: a cloud instance type with a catalogue price, rented hardware with a stated price, or hardware that was bought. */
export type NodeHardware =
  | {
      readonly kind: "instance";
      readonly region: string;
      readonly instanceType: string;
      readonly purchase: PurchaseOption;
    }
  | {
      readonly kind: "stated";
      readonly gpu: string;
      readonly gpusPerNode: number;
      readonly usdPerNodeHour: number;
      readonly provenance: Provenance;
    }
  | {
      readonly kind: "owned";
      readonly gpu: string;
      readonly gpusPerNode: number;
      readonly node: OwnedNode;
      readonly provenance: Provenance;
    };

/** A group of like nodes. Without a pool of the plan they serve no model: system nodes, or a group added by hand. */
export interface PlannedNodes {
  readonly kind: "nodes";
  readonly resource: string;
  readonly pool?: string | undefined;
  readonly hardware: NodeHardware;
  readonly minNodes: number;
  readonly maxNodes: number;
  readonly scaling: "fixed" | "elastic";
  /** Stated defaults where left out. */
  readonly behavior?: Partial<PoolBehavior> | undefined;
}

/** A quantity of one service per month, e.g. 730 hours of a NAT gateway. */
export interface PlannedService {
  readonly kind: "service";
  readonly resource: string;
  readonly label: string;
  readonly sku: string;
  readonly region: string;
  readonly quantityPerMonth: number;
}

/**
 * What usage is billed by: gigabytes users send and receive (`client`), gigabytes to and from commercial APIs (`external`),
 * gigabytes of answers that are kept (`captured`), and their number (`captured-answers`).
 */
export const USAGE_DRIVERS = ["client", "external", "captured", "captured-answers"] as const;
export type UsageDriver = (typeof USAGE_DRIVERS)[number];

/** A service billed by traffic. */
export interface PlannedUsage {
  readonly kind: "usage";
  readonly resource: string;
  readonly label: string;
  readonly sku: string;
  readonly region: string;
  readonly driver: UsageDriver;
  /** Units of the service per gigabyte, or per answer where the driver counts answers. */
  readonly unitsEach: number;
}

/** The same at a price the config states. */
export interface StatedUsage {
  readonly kind: "stated-usage";
  readonly resource: string;
  readonly label: string;
  readonly driver: UsageDriver;
  /** Per gigabyte, or per answer where the driver counts answers. */
  readonly usdEach: number;
  readonly provenance: Provenance;
}

/** A monthly amount the config states, e.g. this platform's part of an existing cluster. */
export interface StatedCost {
  readonly kind: "stated";
  readonly resource: string;
  readonly label: string;
  readonly usdPerMonth: number;
  readonly provenance: Provenance;
}

/** A resource nobody can price: an unknown value, an unknown type, a missing size. */
export interface UnpricedResource {
  readonly kind: "unpriced";
  readonly resource: string;
  readonly reason: string;
}

/** One priced thing of a plan, whether declared by the config or found in the planned graph. */
export type PlannedItem = PlannedNodes | PlannedService | PlannedUsage | StatedUsage | StatedCost | UnpricedResource;
