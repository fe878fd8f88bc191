import type { Price } from "./provenance.ts";

/** Price of one unit of a cloud service in one region, keyed by a stable name such as `nat-gateway-hour`. */
export interface ServicePrice extends Price {
  readonly sku: string;
  readonly region: string;
  /** Billing unit as the provider states it, e.g. `hour`, `GB-month`, `GB`. */
  readonly unit: string;
  /** What is billed, in the provider's words. */
  readonly note?: string;
}
