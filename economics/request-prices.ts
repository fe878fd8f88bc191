import { requestPrice, requestSize } from "./api-bill.ts";
import type { ApiRoute } from "./baseline.ts";
import type { Terms } from "./plan.ts";
import { found, type Lookup } from "./provenance.ts";
import type { Task } from "./task.ts";
import { type HourlyDemand, hourlyDemand } from "./traffic.ts";
import { HOURS_PER_WEEK, MONTHS_PER_YEAR } from "./units.ts";

/** Price of one request, US dollars: in month m and hour h it is `weeks[weekOf[m]][h] * level[m]`. */
export interface RequestPrices {
  /** The distinct price weeks of the horizon, 168 hours each: more than one where a change is announced. */
  readonly weeks: readonly (readonly number[])[];
  /** All requests of a week at today's volume in each of them, before the level. */
  readonly weekTotals: readonly number[];
  readonly weekOf: readonly number[];
  readonly level: readonly number[];
}

export const NO_PRICES: RequestPrices = { weeks: [], weekTotals: [], weekOf: [], level: [] };

/** `today` plus whole months, YYYY-MM-DD, clamped to the 28th so that every month has the day. */
export function addMonths(today: string, months: number): string {
  const [year, month, day] = today.split("-").map(Number) as [number, number, number];
  const index = year * MONTHS_PER_YEAR + (month - 1) + months;
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${Math.floor(index / MONTHS_PER_YEAR)}-${pad((index % MONTHS_PER_YEAR) + 1)}-${pad(Math.min(day, 28))}`;
}

/** Price of a mean request (interactive and deferred) over these routes, in the week that holds on `date`. */
function priceWeek(
  task: Task,
  demand: HourlyDemand,
  routes: readonly ApiRoute[],
  date: string,
): Lookup<readonly number[]> {
  const blended = new Array<number>(HOURS_PER_WEEK).fill(0);
  for (const { api, share } of routes) {
    const price = requestPrice(api, requestSize(task), date);
    if (!price.ok) return price;
    for (let hour = 0; hour < HOURS_PER_WEEK; hour++) {
      const interactive = demand.interactive[hour] as number;
      const batch = demand.batch[hour] as number;
      const mean = interactive * (price.value.interactiveUsd[hour] as number) + batch * price.value.batchUsd;
      blended[hour] = (blended[hour] as number) + (share * mean) / (interactive + batch || 1);
    }
  }
  return found(blended);
}

type PricedTerms = Pick<Terms, "horizonMonths" | "apiPriceDeclinePerYear" | "apiDiscount">;

/** Prices of a request over the horizon: list prices with their announced changes, less the discount, on a falling level. */
export function requestPrices(
  task: Task,
  routes: readonly ApiRoute[],
  { horizonMonths, apiPriceDeclinePerYear, apiDiscount }: PricedTerms,
  today: string,
): Lookup<RequestPrices> {
  const demand = hourlyDemand(task);
  const weeks: (readonly number[])[] = [];
  const weekOf: number[] = [];
  const level: number[] = [];
  let known = "";
  for (let month = 0; month < horizonMonths; month++) {
    const date = addMonths(today, month);
    const changes = routes.map(({ api }) => api.changes?.findLast(({ from }) => from <= date)?.from ?? "").join();
    if (month === 0 || changes !== known) {
      const week = priceWeek(task, demand, routes, date);
      if (!week.ok) return week;
      weeks.push(week.value);
      known = changes;
    }
    weekOf.push(weeks.length - 1);
    level.push((1 - apiDiscount) * (1 - apiPriceDeclinePerYear) ** (month / MONTHS_PER_YEAR));
  }
  const weekTotals = weeks.map((week) =>
    week.reduce(
      (sum, usd, hour) => sum + usd * ((demand.interactive[hour] as number) + (demand.batch[hour] as number)),
      0,
    ),
  );
  return found({ weeks, weekTotals, weekOf, level });
}
