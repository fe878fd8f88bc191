import { z } from "zod";
import type { ApiModel, ApiPriceTier } from "../../economics/api-price.ts";
import { changesBetween, type PriceChange, type Quote } from "./quote.ts";

const tiered = z.object({ base: z.number(), tiers: z.array(z.object({ start: z.number(), price: z.number() })) });
const price = z.union([z.number(), tiered]).optional();
const prices = z.object({ input_mtok: price, cache_read_mtok: price, output_mtok: price });
const constraint = z.looseObject({ start_date: z.string().optional() });
const model = z.object({
  id: z.string(),
  prices: z.union([z.array(z.object({ constraint: constraint.optional(), prices })), prices]),
});

/** The data of genai-prices: providers with their models. */
export const genaiProviders = z.array(z.object({ id: z.string(), models: z.array(model) }));
export type GenaiProviders = z.output<typeof genaiProviders>;

type Prices = z.output<typeof prices>;

/** Prices on a day; undefined where they depend on the hour, which no single figure says. */
function onDay(entry: GenaiProviders[number]["models"][number]["prices"], day: string): Prices | undefined {
  if (!Array.isArray(entry)) return entry;
  if (entry.some(({ constraint: rule }) => rule !== undefined && rule.start_date === undefined)) return undefined;
  return entry.filter(({ constraint: rule }) => rule === undefined || (rule.start_date as string) <= day).at(-1)
    ?.prices;
}

const TIER_FIELDS = {
  inputUsdPerMillion: "input_mtok",
  cachedInputUsdPerMillion: "cache_read_mtok",
  outputUsdPerMillion: "output_mtok",
} as const;

/** The figure of one tier; sources start a tier at its last cheaper token or at its first dearer one. */
function atTier(value: z.output<typeof price>, aboveInputTokens: number): number | undefined {
  if (value === undefined || typeof value === "number") return value;
  if (aboveInputTokens === 0) return value.base;
  return value.tiers.find(({ start }) => Math.abs(start - aboveInputTokens) <= 1)?.price;
}

const fieldsOf = (tiers: readonly ApiPriceTier[]): Record<string, number> =>
  Object.fromEntries(
    tiers.flatMap((tier) =>
      Object.keys(TIER_FIELDS).flatMap((field) => {
        const value = tier[field as keyof typeof TIER_FIELDS];
        return value === undefined ? [] : [[`${tier.aboveInputTokens}:${field}`, value]];
      }),
    ),
  );

/** What the source says of a row, tier by tier; undefined when it does not have it or prices it in another shape. */
export function apiQuote(providers: GenaiProviders, row: ApiModel, day: string): Quote | undefined {
  const found = providers.find(({ id }) => id === row.provider)?.models.find(({ id }) => id === row.model);
  const quoted = found && onDay(found.prices, day);
  if (quoted === undefined || row.hourly !== undefined) return undefined;
  const figures = Object.fromEntries(
    row.tiers.flatMap(({ aboveInputTokens }) =>
      Object.entries(TIER_FIELDS).flatMap(([field, source]) => {
        const value = atTier(quoted[source], aboveInputTokens);
        return value === undefined ? [] : [[`${aboveInputTokens}:${field}`, value]];
      }),
    ),
  );
  return "0:inputUsdPerMillion" in figures && "0:outputUsdPerMillion" in figures
    ? { name: row.name, figures }
    : undefined;
}

export const apiChanges = (row: ApiModel, quote: Quote): readonly PriceChange[] =>
  changesBetween(row.name, fieldsOf(row.tiers), quote);

/** The row at the quoted prices. A batch price keeps its part of the ordinary one, which is how providers state it. */
export function withQuote(row: ApiModel, { figures }: Quote, source: string, date: string): ApiModel {
  const tiers = row.tiers.map((tier) => ({
    ...tier,
    ...Object.fromEntries(
      Object.keys(TIER_FIELDS).flatMap((field) => {
        const value = figures[`${tier.aboveInputTokens}:${field}`];
        return value === undefined || tier[field as keyof typeof TIER_FIELDS] === undefined ? [] : [[field, value]];
      }),
    ),
  })) as ApiPriceTier[];
  const [before, after] = [row.tiers[0] as ApiPriceTier, tiers[0] as ApiPriceTier];
  const scaled = (value: number, field: "inputUsdPerMillion" | "outputUsdPerMillion"): number =>
    Number(((value * after[field]) / before[field]).toPrecision(6));
  const batch = row.batch && {
    inputUsdPerMillion: scaled(row.batch.inputUsdPerMillion, "inputUsdPerMillion"),
    outputUsdPerMillion: scaled(row.batch.outputUsdPerMillion, "outputUsdPerMillion"),
  };
  return { ...row, tiers, ...(batch && { batch }), source, date };
}
