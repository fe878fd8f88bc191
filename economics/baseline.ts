import { type RequestPrice, requestPrice, requestSize } from "./api-bill.ts";
import type { ApiModel } from "./api-price.ts";
import type { Catalog } from "./catalog.ts";
import { found, type Lookup, missing } from "./provenance.ts";
import type { ServedModel } from "./serving.ts";
import type { Task } from "./task.ts";

export const BASELINES = ["current", "same-weights", "cheapest"] as const;
/** What "staying on the API" means: today's API model, the same open weights at an inference provider, or the cheaper of both. */
export type Baseline = (typeof BASELINES)[number];

/** Part of a task's requests and the API model that would answer them. */
export interface ApiRoute {
  readonly api: ApiModel;
  readonly share: number;
}

export interface BaselineQuery {
  readonly task: Task;
  readonly baseline: Baseline;
  readonly models: readonly ServedModel[];
  readonly catalog: Catalog;
  /** Providers the organisation may buy from; undefined means all. */
  readonly approvedProviders?: readonly string[] | undefined;
  /** YYYY-MM-DD. */
  readonly today: string;
}

const isAvailable = (api: ApiModel, today: string): boolean =>
  api.deprecated !== true && (api.retires === undefined || api.retires > today);

/** Mean price of the interactive hours: routes are ranked by it. */
export function meanUsd(price: RequestPrice, batchableShare: number): number {
  const interactive = price.interactiveUsd.reduce((sum, usd) => sum + usd, 0) / price.interactiveUsd.length;
  return interactive * (1 - batchableShare) + price.batchUsd * batchableShare;
}

function routeUsd(routes: readonly ApiRoute[], task: Task, today: string): number {
  return routes.reduce((sum, { api, share }) => {
    const price = requestPrice(api, requestSize(task), today);
    return sum + (price.ok ? share * meanUsd(price.value, task.batchableShare) : Number.POSITIVE_INFINITY);
  }, 0);
}

function currentRoutes({ task, catalog }: BaselineQuery): Lookup<readonly ApiRoute[]> {
  if (task.apiModel === undefined) return missing("no API model is named for the task");
  const api = catalog.apiModel(task.apiModel);
  return api.ok ? found([{ api: api.value, share: 1 }]) : api;
}

function sameWeightsRoutes(query: BaselineQuery): Lookup<readonly ApiRoute[]> {
  const { task, models, catalog, approvedProviders, today } = query;
  const routes: ApiRoute[] = [];
  for (const { model, share } of task.selfHosted) {
    const served = models.find(({ name }) => name === model);
    if (served === undefined) return missing(`no model is named ${model}`);
    if (served.fineTuned || served.catalogModel === undefined)
      return missing(`nobody else hosts the weights of ${model}`);
    const hosts = catalog.apiModels
      .filter((api) => api.openWeights === served.catalogModel && isAvailable(api, today))
      .filter(({ provider }) => approvedProviders === undefined || approvedProviders.includes(provider))
      .map((api) => ({ api, usd: routeUsd([{ api, share: 1 }], task, today) }))
      .filter(({ usd }) => Number.isFinite(usd))
      .toSorted((a, b) => a.usd - b.usd);
    const cheapest = hosts[0];
    if (cheapest === undefined)
      return missing(`no approved provider hosts ${served.catalogModel} for requests of this length`);
    routes.push({ api: cheapest.api, share });
  }
  const remainder = 1 - task.selfHosted.reduce((sum, { share }) => sum + share, 0);
  if (remainder < 1e-9) return found(routes);
  const current = currentRoutes(query);
  return current.ok ? found([...routes, ...current.value.map(({ api }) => ({ api, share: remainder }))]) : current;
}

/** The API models that would answer this task if nothing were self-hosted. */
export function baselineRoutes(query: BaselineQuery): Lookup<readonly ApiRoute[]> {
  if (query.baseline === "current") return currentRoutes(query);
  const sameWeights =
    query.task.selfHosted.length === 0
      ? missing<readonly ApiRoute[]>("nothing of the task is self-hosted")
      : sameWeightsRoutes(query);
  const current = currentRoutes(query);
  if (query.baseline === "same-weights") return query.task.selfHosted.length === 0 ? current : sameWeights;
  if (!sameWeights.ok) return current.ok ? current : missing(`${current.reason}; ${sameWeights.reason}`);
  if (!current.ok) return sameWeights;
  return routeUsd(sameWeights.value, query.task, query.today) < routeUsd(current.value, query.task, query.today)
    ? sameWeights
    : current;
}
