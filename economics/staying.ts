import { type ApiRoute, type Baseline, currentRoutes, sameWeightsRoutes } from "./baseline.ts";
import type { Catalog } from "./catalog.ts";
import type { Plan } from "./plan.ts";
import { found, type Lookup, missing } from "./provenance.ts";
import { type RequestPrices, requestPrices } from "./request-prices.ts";
import type { Task } from "./task.ts";
import { growthFactor } from "./traffic.ts";
import { DAYS_PER_WEEK, MONTHS_PER_YEAR } from "./units.ts";

/** What staying on the API means for one task. */
export interface Staying {
  readonly stayingRoutes: readonly ApiRoute[];
  readonly staying: RequestPrices;
  /** Share of baseline answers that do their job. */
  readonly stayingSuccessRate: number;
}

export interface StayingQuery {
  readonly task: Task;
  readonly baseline: Baseline;
  readonly plan: Pick<Plan, "models" | "terms" | "today">;
  readonly catalog: Catalog;
}

function stayingOnRoutes({ task, plan }: StayingQuery, routes: Lookup<readonly ApiRoute[]>): Lookup<Staying> {
  if (!routes.ok) return routes;
  const prices = requestPrices(task, routes.value, plan.terms, plan.today);
  if (!prices.ok) return prices;
  const { selfHosted, api } = task.successRate;
  const stayingSuccessRate = routes.value.reduce(
    (sum, { share, isSameWeights }) => sum + share * (isSameWeights ? selfHosted : api),
    0,
  );
  return found({ stayingRoutes: routes.value, staying: prices.value, stayingSuccessRate });
}

/** What staying costs over the horizon, failed and retried answers included: the meanings of staying are ranked by it. */
function horizonUsd({ task, plan }: StayingQuery, { staying, stayingSuccessRate }: Staying): number {
  const failed = 1 - stayingSuccessRate;
  const asked = 1 + task.retryRate * failed;
  const lost = failed * (1 - task.retryRate * stayingSuccessRate);
  const weekFailuresUsd = task.requestsPerDay * DAYS_PER_WEEK * lost * task.failureUsd;
  let total = 0;
  for (let month = 0; month < plan.terms.horizonMonths; month++) {
    const weekUsd = (staying.weekTotals[staying.weekOf[month] as number] as number) * (staying.level[month] as number);
    const weight = growthFactor(task, month) * (1 + plan.terms.discountRatePerYear) ** (-month / MONTHS_PER_YEAR);
    total += weight * (weekUsd * asked + weekFailuresUsd);
  }
  return total;
}

/** The API models that would answer a task if nothing were self-hosted, at their prices; or why there are none. */
export function stayingOn(query: StayingQuery): Lookup<Staying> {
  const { task, baseline, plan, catalog } = query;
  const { approvedProviders } = plan.terms;
  const routesQuery = { task, models: plan.models, catalog, approvedProviders, today: plan.today };
  const current = stayingOnRoutes(query, currentRoutes(routesQuery));
  if (baseline === "current") return current;
  const sameWeights = stayingOnRoutes(query, sameWeightsRoutes(routesQuery));
  if (baseline === "same-weights" || task.selfHosted.length === 0) return sameWeights;
  if (!sameWeights.ok) return current.ok ? current : missing(`${current.reason}; ${sameWeights.reason}`);
  if (!current.ok) return sameWeights;
  return found(
    horizonUsd(query, sameWeights.value) < horizonUsd(query, current.value) ? sameWeights.value : current.value,
  );
}
