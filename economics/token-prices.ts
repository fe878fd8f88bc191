import { requestPrice } from "./api-bill.ts";
import type { ApiModel } from "./api-price.ts";
import { meanUsd } from "./baseline.ts";
import { found, type Lookup } from "./provenance.ts";
import type { Task } from "./task.ts";
import { MILLION } from "./units.ts";

/** What the tokens of one task cost at one place, US dollars per million. */
export interface TokenPrices {
  readonly inputUsdPerMillion: number;
  readonly cachedInputUsdPerMillion: number;
  readonly outputUsdPerMillion: number;
}

/**
 * Prices of single tokens within requests of the task's mean size, on `date` (YYYY-MM-DD): the tier of that size, the mean
 * over the hours of the week, and the batch price for `batchableShare` of the requests. A request's price is linear in
 * its tokens, so its slopes are the prices.
 */
export function tokenPrices(
  api: ApiModel,
  task: Pick<Task, "inputTokensPerRequest" | "outputTokensPerRequest">,
  batchableShare: number,
  date: string,
): Lookup<TokenPrices> {
  const usd = (cachedInputShare: number, outputTokens: number): Lookup<number> => {
    const size = { inputTokens: task.inputTokensPerRequest, cachedInputShare, outputTokens };
    const price = requestPrice(api, size, date);
    return price.ok ? found(meanUsd(price.value, batchableShare)) : price;
  };
  const whole = usd(0, task.outputTokensPerRequest);
  const input = usd(0, 0);
  const cached = usd(1, 0);
  if (!whole.ok) return whole;
  if (!input.ok) return input;
  if (!cached.ok) return cached;
  const perMillion = (amount: number, tokens: number): number => (amount / tokens) * MILLION;
  return found({
    inputUsdPerMillion: perMillion(input.value, task.inputTokensPerRequest),
    cachedInputUsdPerMillion: perMillion(cached.value, task.inputTokensPerRequest),
    outputUsdPerMillion: perMillion(whole.value - input.value, task.outputTokensPerRequest),
  });
}
