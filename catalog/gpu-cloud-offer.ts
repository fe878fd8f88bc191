import type { Provenance } from "../economics/provenance.ts";

/** What GPU clouds other than AWS ask for one GPU-hour, US dollars. A market overview: no decision is priced from it. */
export interface GpuCloudOffer extends Provenance {
  readonly provider: string;
  /** The seller's name of the GPU, not a catalogue name. */
  readonly gpu: string;
  readonly formFactor?: string;
  readonly basis: "on-demand" | "spot" | "preemptible";
  /** GPUs per rented machine: a number, a range (`1-8`) or a list (`1,8`). */
  readonly gpusPerOffer?: string;
  readonly minUsdPerGpuHour: number;
  readonly medianUsdPerGpuHour: number;
  readonly maxUsdPerGpuHour: number;
  /** How many offers the three prices summarise. */
  readonly offers: number;
  readonly note?: string;
}
