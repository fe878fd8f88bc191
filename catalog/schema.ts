import { z } from "zod";
import { PURCHASE_OPTIONS } from "../economics/offering.ts";
import { PRECISIONS } from "../economics/serving.ts";

// Every message is what is allowed, worded to follow "expected": the reader of a refused row sees value and rule side by side.
const TEXT = "a non-empty text";
const ABOVE_ZERO = "a number above 0";
const WHOLE = "a whole number above 0";
const NOT_NEGATIVE = "a whole number from 0";
const YES_NO = "true or false";
const DATE = "a calendar date as YYYY-MM-DD";
const CLOCK = "a time of day as HH:MM";
const ROW = "named fields in braces";
const LIST = "a list in brackets";
const TIERS = "tiers that start at 0 input tokens and ascend";

const text = z.string(TEXT).regex(/\S/, TEXT);
const positive = z.number(ABOVE_ZERO).gt(0, ABOVE_ZERO);
const count = z.number(WHOLE).int(WHOLE).gt(0, WHOLE);
const countOrZero = z.number(NOT_NEGATIVE).int(NOT_NEGATIVE).gte(0, NOT_NEGATIVE);
const flag = z.boolean(YES_NO);
const date = z.iso.date(DATE);
const clock = z.string(CLOCK).regex(/^([01]\d|2[0-3]):[0-5]\d$/, CLOCK);
const names = z.array(text, "a list of names");
const provenance = { source: text, date };
/** Prices are above zero: what costs nothing has no row, and a missing price is a missing row. */
const inputAndOutput = { inputUsdPerMillion: positive, outputUsdPerMillion: positive };

export const gpuRow = z.strictObject(
  {
    name: text,
    aliases: names,
    memoryGB: positive,
    visibleMemoryMiB: count.optional(),
    memoryBandwidthGBPerSecond: positive,
    fp16Tflops: positive.optional(),
    bf16Tflops: positive.optional(),
    fp8Tflops: positive.optional(),
    int8Tops: positive.optional(),
    fp4Tflops: positive.optional(),
    interconnect: text,
    interconnectGBPerSecond: positive,
    tdpWatts: positive,
    notes: text.optional(),
    ...provenance,
  },
  ROW,
);

export const modelRow = z.strictObject(
  {
    name: text,
    aliases: names,
    huggingFaceId: text,
    totalParametersBillion: positive,
    activeParametersBillion: positive,
    layers: count,
    hiddenSize: count,
    attentionHeads: count,
    kvHeads: count,
    headSize: count,
    maxContextTokens: count,
    intermediateSize: count.optional(),
    vocabularySize: count.optional(),
    tiedEmbeddings: flag.optional(),
    mixtureOfExperts: z.strictObject({ experts: count, expertsPerToken: count }, ROW).optional(),
    expertIntermediateSize: count.optional(),
    sharedExperts: countOrZero.optional(),
    firstDenseLayers: countOrZero.optional(),
    mlaValuesPerTokenLayer: count.optional(),
    slidingWindowTokens: count.optional(),
    fullAttentionLayers: count.optional(),
    nativePrecision: z.enum(PRECISIONS, PRECISIONS.join(", ")).optional(),
    license: text.optional(),
    notes: text.optional(),
    ...provenance,
  },
  ROW,
);

export const instanceTypeRow = z.strictObject(
  {
    name: text,
    gpu: text.optional(),
    gpuCount: z.number("a number from 0").gte(0, "a number from 0"),
    gpuMemoryGiB: positive.optional(),
    vcpu: count,
    memoryGiB: positive,
    localDiskGB: countOrZero.optional(),
    efaInterfaces: count.optional(),
    ...provenance,
  },
  ROW,
);

export const offeringRow = z.strictObject(
  {
    region: text,
    instanceType: text,
    purchase: z.enum(PURCHASE_OPTIONS, PURCHASE_OPTIONS.join(", ")),
    usd: positive,
    note: text.optional(),
    ...provenance,
  },
  ROW,
);

export const serviceRow = z.strictObject(
  {
    sku: z.string("a kebab-case name").regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "a kebab-case name"),
    region: text,
    unit: text,
    usd: positive,
    note: text.optional(),
    ...provenance,
  },
  ROW,
);

const tier = z.strictObject(
  {
    aboveInputTokens: countOrZero,
    inputUsdPerMillion: positive,
    cachedInputUsdPerMillion: positive.optional(),
    outputUsdPerMillion: positive,
  },
  ROW,
);

const isAscendingFromZero = (tiers: readonly { aboveInputTokens: number }[]): boolean =>
  tiers[0]?.aboveInputTokens === 0 &&
  tiers.every(({ aboveInputTokens }, i) => i === 0 || aboveInputTokens > (tiers[i - 1]?.aboveInputTokens ?? 0));

export const apiModelRow = z.strictObject(
  {
    name: text,
    provider: text,
    model: text,
    maxContextTokens: count.optional(),
    tiers: z.array(tier, TIERS).refine(isAscendingFromZero, TIERS),
    batch: z.strictObject(inputAndOutput, ROW).optional(),
    cacheWriteUsdPerMillion: positive.optional(),
    hourly: z
      .array(z.strictObject({ startUtc: clock, endUtc: clock, weekdaysOnly: flag, ...inputAndOutput }, ROW), LIST)
      .optional(),
    changes: z.array(z.strictObject({ from: date, ...inputAndOutput }, ROW), LIST).optional(),
    retires: date.optional(),
    deprecated: flag.optional(),
    openWeights: text.optional(),
    disputed: z.strictObject({ ...inputAndOutput, source: text }, ROW).optional(),
    notes: text.optional(),
    ...provenance,
  },
  ROW,
);

export const gpuCloudRow = z.strictObject(
  {
    provider: text,
    gpu: text,
    formFactor: text.optional(),
    basis: z.enum(["on-demand", "spot", "preemptible"], "on-demand, spot, preemptible"),
    gpusPerOffer: text.optional(),
    minUsdPerGpuHour: positive,
    medianUsdPerGpuHour: positive,
    maxUsdPerGpuHour: positive,
    offers: count,
    note: text.optional(),
    ...provenance,
  },
  ROW,
);
