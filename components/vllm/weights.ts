import type { Precision } from "../../economics/serving.ts";

/** vLLM quantises 16-bit weights to FP8 while it loads them; a repository that says so in its name holds FP8 already. */
const isStoredAsFp8 = (huggingFaceId: string): boolean => /(^|[-_./])fp8([-_.]|$)/i.test(huggingFaceId);

/** Whether the precision is made while loading, from 16-bit files. All others need files that already have it. */
export const isQuantizedOnLoad = (precision: Precision, huggingFaceId: string): boolean => precision === "fp8" && !isStoredAsFp8(huggingFaceId);

/** Number format of the files that are downloaded, which decides their size on disk. */
export const storedPrecision = (precision: Precision, huggingFaceId: string): Precision =>
  isQuantizedOnLoad(precision, huggingFaceId) ? "bf16" : precision;
