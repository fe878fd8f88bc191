import type { Catalog } from "../economics/catalog.ts";
import { pricePlan } from "../economics/price-plan.ts";
import { hourlyDemand } from "../economics/traffic.ts";
import { HOURS_PER_WEEK, MILLION } from "../economics/units.ts";
import { declaredItems } from "./declared-items.ts";
import type { PlatformConfig } from "./platform.ts";

/** What one token costs, US dollars. */
export interface TokenPrice {
  readonly inputUsd: number;
  readonly outputUsd: number;
}

/**
 * What the gateway counts as spend. API models by name: list price of their first tier. Self-hosted models: their part of
 * all nodes of the pool over the tokens the plan gives them, input and output alike. What has no price or no tokens is left out.
 */
export function gatewayTokenPrices(config: PlatformConfig, catalog: Catalog): Readonly<Record<string, TokenPrice>> {
  const { pools } = pricePlan(declaredItems(config), catalog);
  const apis = Object.values(config.tasks)
    .flatMap(({ apiModel, secondApiModel }) => [apiModel, secondApiModel])
    .flatMap((name) => {
      const api = name === undefined ? undefined : catalog.apiModel(name);
      const [tier] = api?.ok ? api.value.tiers : [];
      if (name === undefined || tier === undefined) return [];
      const price = { inputUsd: tier.inputUsdPerMillion / MILLION, outputUsd: tier.outputUsdPerMillion / MILLION };
      return [[name, price] as const];
    });
  const own = Object.keys(config.models).flatMap((name) => {
    const usd = pools
      .filter((pool) => pool.name === config.models[name]?.pool)
      .reduce((sum, pool) => sum + pool.usdPerNodeHour * pool.maxNodes * HOURS_PER_WEEK, 0);
    const tokens = weeklyTokens(config, name);
    const usdPerToken = (usd * partOfPool(config, name)) / tokens;
    return usd > 0 && tokens > 0 ? [[name, { inputUsd: usdPerToken, outputUsd: usdPerToken }] as const] : [];
  });
  return Object.fromEntries([...apis, ...own]);
}

/** Share of the GPUs all models of its pool use. */
function partOfPool({ models }: PlatformConfig, name: string): number {
  const gpus = (model: string): number => (models[model]?.gpusPerReplica ?? 0) * (models[model]?.replicas.max ?? 0);
  const neighbours = Object.keys(models).filter((other) => models[other]?.pool === models[name]?.pool);
  return gpus(name) / neighbours.reduce((sum, other) => sum + gpus(other), 0);
}

function weeklyTokens({ tasks }: PlatformConfig, model: string): number {
  return Object.values(tasks).reduce((sum, task) => {
    const share = task.selfHosted.find((own) => own.model === model)?.share ?? 0;
    const { interactive, batch } = hourlyDemand(task);
    const requests = [...interactive, ...batch].reduce((all, hour) => all + hour, 0);
    return sum + share * requests * (task.inputTokensPerRequest + task.outputTokensPerRequest);
  }, 0);
}
