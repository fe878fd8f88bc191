import type { ApiModel, ApiPriceTier } from "./api-price.ts";
import { found, type Lookup, missing } from "./provenance.ts";
import type { Task } from "./task.ts";
import { HOURS_PER_DAY, HOURS_PER_WEEK, MILLION } from "./units.ts";

const MINUTES_PER_HOUR = 60;
const MINUTES_PER_DAY = 1440;
const WEEKEND_FIRST_DAY = 5;

/** Size of one request as an API bills it. */
export interface RequestSize {
  readonly inputTokens: number;
  readonly cachedInputShare: number;
  readonly outputTokens: number;
}

export const requestSize = (task: Task): RequestSize => ({
  inputTokens: task.inputTokensPerRequest,
  cachedInputShare: task.cachedInputShare,
  outputTokens: task.outputTokensPerRequest,
});

interface Rates {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
}

const ratesOf = (tier: ApiPriceTier): Rates => ({
  input: tier.inputUsdPerMillion,
  cachedInput: tier.cachedInputUsdPerMillion ?? tier.inputUsdPerMillion,
  output: tier.outputUsdPerMillion,
});

const scaled = (rates: Rates, input: number, output: number): Rates => ({
  input: rates.input * input,
  cachedInput: rates.cachedInput * input,
  output: rates.output * output,
});

/** The tier of a request: long-context prices are cliffs, all tokens are billed at the higher rate. */
function tierOf(api: ApiModel, inputTokens: number): ApiPriceTier {
  return api.tiers.findLast((tier) => inputTokens > tier.aboveInputTokens) ?? (api.tiers[0] as ApiPriceTier);
}

const minuteOfDay = (clock: string): number => {
  const [hours, minutes] = clock.split(":").map(Number);
  return (hours as number) * MINUTES_PER_HOUR + (minutes ?? 0);
};

/** Share of hour `hourOfWeek` that lies inside a daily window, which may cross midnight. */
function shareInWindow(
  hourOfWeek: number,
  window: { startUtc: string; endUtc: string; weekdaysOnly: boolean },
): number {
  if (window.weekdaysOnly && Math.floor(hourOfWeek / HOURS_PER_DAY) >= WEEKEND_FIRST_DAY) return 0;
  const from = (hourOfWeek % HOURS_PER_DAY) * MINUTES_PER_HOUR;
  const start = minuteOfDay(window.startUtc);
  const end = minuteOfDay(window.endUtc);
  const overlap = (a: number, b: number) => Math.max(0, Math.min(from + MINUTES_PER_HOUR, b) - Math.max(from, a));
  const minutes = start < end ? overlap(start, end) : overlap(start, MINUTES_PER_DAY) + overlap(0, end);
  return minutes / MINUTES_PER_HOUR;
}

const usd = (rates: Rates, size: RequestSize): number => {
  const cached = size.inputTokens * size.cachedInputShare;
  return (
    ((size.inputTokens - cached) * rates.input + cached * rates.cachedInput + size.outputTokens * rates.output) /
    MILLION
  );
};

/** Price of one request by the hour of the week it is sent in, US dollars. */
export interface RequestPrice {
  /** 168 values, Monday 00:00 UTC first. */
  readonly interactiveUsd: Float64Array;
  /** Deferred requests; the interactive price where no batch price is listed. */
  readonly batchUsd: number;
}

/** Prices a request of this size on `date` (YYYY-MM-DD), announced changes included. Refuses requests beyond the model's context. */
export function requestPrice(api: ApiModel, size: RequestSize, date: string): Lookup<RequestPrice> {
  const tokens = size.inputTokens + size.outputTokens;
  if (api.maxContextTokens !== undefined && tokens > api.maxContextTokens) {
    return missing(`a request of ${tokens} tokens is beyond the context of ${api.name} (${api.maxContextTokens})`);
  }
  const base = api.tiers[0] as ApiPriceTier;
  const change = api.changes?.findLast(({ from }) => from <= date);
  const today =
    change === undefined
      ? { input: 1, output: 1 }
      : {
          input: change.inputUsdPerMillion / base.inputUsdPerMillion,
          output: change.outputUsdPerMillion / base.outputUsdPerMillion,
        };
  const rates = scaled(ratesOf(tierOf(api, size.inputTokens)), today.input, today.output);
  const ordinaryUsd = usd(rates, size);
  const interactiveUsd = new Float64Array(HOURS_PER_WEEK).fill(ordinaryUsd);
  for (const window of api.hourly ?? []) {
    const inWindow = usd(
      scaled(
        rates,
        window.inputUsdPerMillion / base.inputUsdPerMillion,
        window.outputUsdPerMillion / base.outputUsdPerMillion,
      ),
      size,
    );
    for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
      interactiveUsd[hour] = (interactiveUsd[hour] as number) + (inWindow - ordinaryUsd) * shareInWindow(hour, window);
    }
  }
  return found({
    interactiveUsd,
    batchUsd: api.batch === undefined ? ordinaryUsd : usd(batchRates(api.batch, base, rates), size),
  });
}

/** Cached input in a batch is billed at the cheaper of its two prices: the discounts do not multiply everywhere. */
function batchRates(batch: NonNullable<ApiModel["batch"]>, base: ApiPriceTier, rates: Rates): Rates {
  const discounted = scaled(
    rates,
    batch.inputUsdPerMillion / base.inputUsdPerMillion,
    batch.outputUsdPerMillion / base.outputUsdPerMillion,
  );
  return { ...discounted, cachedInput: Math.min(rates.cachedInput, discounted.input) };
}
