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
  /** Whether it answers with the weights the plan would host. */
  readonly isSameWeights: boolean;
}

export interface BaselineQuery {
  readonly task: Task;
  readonly models: readonly ServedModel[];
  readonly catalog: Catalog;
  /** Providers the organisation may buy from; undefined means all. */
  readonly approvedProviders?: readonly string[] | undefined;
  /** YYYY-MM-DD. */
  readonly today: string;
}

const isAvailable = (api: ApiModel, today: string): boolean =>
  api.deprecated !== true && (api.retires === undefined || api.retires > today);

/** Mean price over the hours: hosts are ranked by it. */
export function meanUsd(price: RequestPrice, batchableShare: number): number {
  const interactive = price.interactiveUsd.reduce((sum, usd) => sum + usd, 0) / price.interactiveUsd.length;
  return interactive * (1 - batchableShare) + price.batchUsd * batchableShare;
}

/** Today's API model. */
export function currentRoutes({ task, catalog }: Pick<BaselineQuery, "task" | "catalog">): Lookup<readonly ApiRoute[]> {
  if (task.apiModel === undefined) return missing("no API model is named for the task");
  const api = catalog.apiModel(task.apiModel);
  return api.ok ? found([{ api: api.value, share: 1, isSameWeights: false }]) : api;
}

/** The cheapest approved host of each model's open weights today; what the plan leaves on the API stays there. */
export function sameWeightsRoutes(query: BaselineQuery): Lookup<readonly ApiRoute[]> {
  const { task, models, catalog, approvedProviders, today } = query;
  if (task.selfHosted.length === 0) return currentRoutes(query);
  const routes: ApiRoute[] = [];
  for (const { model, share } of task.selfHosted) {
    const served = models.find(({ name }) => name === model);
    if (served === undefined) return missing(`no model is named ${model}`);
    if (served.fineTuned || served.catalogModel === undefined)
      return missing(`nobody else hosts the weights of ${model}`);
    const hosts = catalog.apiModels
      .filter((api) => api.openWeights === served.catalogModel && isAvailable(api, today))
      .filter(({ provider }) => approvedProviders === undefined || approvedProviders.includes(provider))
      .flatMap((api) => {
        const price = requestPrice(api, requestSize(task), today);
        return price.ok ? [{ api, usd: meanUsd(price.value, task.batchableShare) }] : [];
      })
      .toSorted((a, b) => a.usd - b.usd);
    const cheapest = hosts[0];
    if (cheapest === undefined)
      return missing(`no approved provider hosts ${served.catalogModel} for requests of this length`);
    routes.push({ api: cheapest.api, share, isSameWeights: true });
  }
  const remainder = 1 - task.selfHosted.reduce((sum, { share }) => sum + share, 0);
  if (remainder < 1e-9) return found(routes);
  const current = currentRoutes(query);
  return current.ok ? found([...routes, ...current.value.map((route) => ({ ...route, share: remainder }))]) : current;
}
