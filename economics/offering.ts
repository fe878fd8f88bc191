import type { Price } from "./provenance.ts";

export const PURCHASE_OPTIONS = ["on-demand", "spot", "commit-1y", "commit-3y", "capacity-block"] as const;
/** How node-hours are bought. Commitments and capacity blocks are paid for every hour, used or not. */
export type PurchaseOption = (typeof PURCHASE_OPTIONS)[number];

/** Hardware of a cloud instance type. `gpuCount` is a fraction for shared-GPU types such as g6f. */
export interface InstanceType {
  readonly name: string;
  /** Catalogue GPU name; undefined on CPU types. */
  readonly gpu?: string;
  readonly gpuCount: number;
  /** Per GPU, as the provider states it. */
  readonly gpuMemoryGiB?: number;
  readonly vcpu: number;
  readonly memoryGiB: number;
  /** Local NVMe disks in all, decimal gigabytes; 0 for none, undefined where no source says. */
  readonly localDiskGB?: number;
  /** Elastic fabric adapters for traffic between nodes; undefined for none or where no source says. */
  readonly efaInterfaces?: number;
}

/** One instance type, bought one way, in one region: US dollars per node-hour. */
export interface Offering extends Price {
  readonly region: string;
  readonly instanceType: string;
  readonly purchase: PurchaseOption;
  /** The term in the seller's words, e.g. `1y no-upfront (EC2 Instance SP)`. */
  readonly note?: string;
}
