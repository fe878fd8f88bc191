import type { Provenance } from "./provenance.ts";

/** One GPU model. Throughput figures are dense (no sparsity); `undefined` means the hardware or the source has none. */
export interface Gpu extends Provenance {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Marketed memory, decimal gigabytes. */
  readonly memoryGB: number;
  /** What the driver reports, where a source measured it; used instead of `memoryGB` when present. */
  readonly visibleMemoryMiB?: number;
  readonly memoryBandwidthGBPerSecond: number;
  readonly fp16Tflops?: number;
  readonly bf16Tflops?: number;
  readonly fp8Tflops?: number;
  readonly int8Tops?: number;
  readonly fp4Tflops?: number;
  readonly interconnect: string;
  readonly interconnectGBPerSecond: number;
  readonly tdpWatts: number;
  readonly notes?: string;
}
