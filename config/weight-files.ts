import type { Precision } from "../economics/serving.ts";

/** A repository that says so in its name holds FP8 weights already. */
const isStoredAsFp8 = (huggingFaceId: string): boolean => /(^|[-_./])fp8([-_.]|$)/i.test(huggingFaceId);

/** Whether vLLM makes the precision from 16-bit files while loading. All others need files that already have it. */
export const isQuantizedOnLoad = (precision: Precision, huggingFaceId: string): boolean =>
  precision === "fp8" && !isStoredAsFp8(huggingFaceId);

/** Size of the files a replica downloads, from the size of the weights on its GPUs. Unit: GiB. */
export const downloadGiB = (weightsGiB: number, precision: Precision, huggingFaceId: string): number =>
  isQuantizedOnLoad(precision, huggingFaceId) ? 2 * weightsGiB : weightsGiB;
