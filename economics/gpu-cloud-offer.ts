import type { Provenance } from "./provenance.ts";

/** What GPU clouds other than AWS ask for one GPU-hour, US dollars. A market overview: options are priced from it, never a verdict. */
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

/** Seller's names and form factors that name one GPU of the catalogue without doubt. */
const NAMES: readonly (readonly [gpu: string, formFactor: RegExp | undefined, name: string])[] = [
  ["A100-40GB", /^SXM4$/, "A100-40-SXM"],
  ["A100-80GB", /^SXM/, "A100-80-SXM"],
  ["A100-80GB", /^PCIe/, "A100-80-PCIe"],
  ["H100", /^(SXM|HGX)/, "H100-SXM"],
  ["H100", /^PCIe/, "H100-PCIe"],
  ["H100", /^NVL/, "H100-NVL"],
  ["H200", /^(SXM|HGX)/, "H200-SXM"],
  ["H200", /^NVL/, "H200-NVL"],
  ["B200", /^(SXM|HGX)/, "B200-SXM"],
  ["B300", /^(SXM|HGX)/, "B300-SXM"],
  ["L40S", undefined, "L40S"],
  ["A10", undefined, "A10"],
  ["GH200", undefined, "GH200"],
];

/** Catalogue name of the GPU that is offered; undefined where the offer leaves it open. */
export const offeredGpu = ({ gpu, formFactor }: GpuCloudOffer): string | undefined =>
  NAMES.find(([name, form]) => name === gpu && (form === undefined || form.test(formFactor ?? "")))?.[2];
