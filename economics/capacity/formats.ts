import type { Gpu } from "../gpu.ts";
import type { Precision } from "../serving.ts";

interface Format {
  /** Scales included: int4 has a 16-bit scale and zero point per 128 weights, mxfp4 an 8-bit scale per 32, nvfp4 one per 16. */
  readonly bytesPerParameter: number;
  /** Rates that compute in this format, best first; none of them means that only the weights are stored in it. */
  readonly computesAt: readonly (keyof Gpu & ("fp4Tflops" | "fp8Tflops" | "int8Tops"))[];
  readonly label: string;
}

const FORMATS: Readonly<Record<Precision, Format>> = {
  bf16: { bytesPerParameter: 2, computesAt: [], label: "16-bit" },
  fp8: { bytesPerParameter: 1, computesAt: ["fp8Tflops"], label: "FP8" },
  int8: { bytesPerParameter: 1, computesAt: ["int8Tops"], label: "INT8" },
  int4: { bytesPerParameter: 0.53, computesAt: [], label: "4-bit integer" },
  mxfp4: { bytesPerParameter: 0.53125, computesAt: ["fp4Tflops"], label: "MXFP4" },
  nvfp4: { bytesPerParameter: 0.5625, computesAt: ["fp4Tflops"], label: "NVFP4" },
};

export const bytesPerParameter = (precision: Precision): number => FORMATS[precision].bytesPerParameter;

/** 16-bit arithmetic rate, FLOP/s; undefined where no source states one. */
export function halfRate(gpu: Gpu): number | undefined {
  const tflops = gpu.bf16Tflops ?? gpu.fp16Tflops;
  return tflops === undefined ? undefined : tflops * 1e12;
}

/** Peak arithmetic rate with weights of this format, FLOP/s. Formats the GPU cannot compute in run at its 16-bit rate. */
export function peakRate(gpu: Gpu, precision: Precision): number | undefined {
  const native = FORMATS[precision].computesAt.map((field) => gpu[field]).find((rate) => rate !== undefined);
  return native === undefined ? halfRate(gpu) : native * 1e12;
}

/** Whether the weights are only stored in this format and are unpacked to 16 bits for every product. */
export const isWeightOnly = (gpu: Gpu, precision: Precision): boolean =>
  precision !== "bf16" && FORMATS[precision].computesAt.every((field) => gpu[field] === undefined);

/** What a reader must know about a format on a GPU, or undefined when it runs natively. */
export function formatNote(gpu: Gpu, precision: Precision): string | undefined {
  if (!isWeightOnly(gpu, precision)) return undefined;
  const { label } = FORMATS[precision];
  return `${gpu.name} has no ${label} arithmetic: weights are stored in ${label}, products run at the 16-bit rate`;
}
