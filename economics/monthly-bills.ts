import { arrays } from "./arrays.ts";
import { sumUsd } from "./bill.ts";
import { capturedAnswers } from "./captured.ts";
import { availability } from "./fleet.ts";
import { flows } from "./flows.ts";
import { peopleLines } from "./people.ts";
import type { Terms } from "./plan.ts";
import type { UsageDriver } from "./planned.ts";
import type { PreparedPlan } from "./prepare.ts";
import type { Scenario } from "./scenario.ts";
import type { Pool } from "./serving.ts";
import type { Simulation } from "./simulate.ts";
import { BYTES_PER_GB, BYTES_PER_TOKEN, MONTHS_PER_YEAR } from "./units.ts";

/** Streamed back a token travels alone in a JSON event. */
const BYTES_PER_STREAMED_TOKEN = 250;

/** Both bills over the horizon, as means per month (discounted when the terms say so). */
export interface Totals {
  readonly owningUsdPerMonth: number;
  readonly stayingUsdPerMonth: number;
  /** Positive when owning is cheaper. */
  readonly savingUsdPerMonth: number;
  /** Shares of all requests over the horizon, 0 to 1. */
  readonly selfServedShare: number;
  readonly unservedShare: number;
}

/**
 * Who answers the requests of a task in each month, and what it costs beside GPUs, platform and people, US dollars:
 * `month * tasks + task`.
 */
export interface Ledger {
  /** Requests own replicas answer. */
  readonly selfServed: Float64Array;
  /** The same by share: all shares of the first task, then those of the second, and so on. */
  readonly shareServed: Float64Array;
  readonly usageUsd: Float64Array;
  /** Storage and writes of answers that are kept. */
  readonly captureUsd: Float64Array;
  readonly apiUsd: Float64Array;
  readonly failuresUsd: Float64Array;
  readonly stayingApiUsd: Float64Array;
  readonly stayingFailuresUsd: Float64Array;
}

/** Both bills of a plan, month by month. Figures are those of the last call of `settle`. */
export interface MonthlyBills {
  /** Prices what a simulation of the plan says happens in a scenario. */
  settle(simulation: Simulation, scenario: Scenario): Totals;
  /** Undiscounted, by month. */
  readonly owningUsd: Float64Array;
  readonly stayingUsd: Float64Array;
  readonly ledger: Ledger;
  /** Mean per month of values by month and column, discounted as the bills are. */
  mean(values: Float64Array, column?: number, columns?: number): number;
  /** What a dollar of every month is worth as a mean per month: 1 without a discount rate. */
  readonly weight: number;
}

/** Present-value weights of the months that add up to one, so that weighted sums are means per month. */
function monthWeights({ horizonMonths, discountRatePerYear }: Terms): readonly number[] {
  return Array.from(
    { length: horizonMonths },
    (_, month) => (1 + discountRatePerYear) ** (-month / MONTHS_PER_YEAR) / horizonMonths,
  );
}

export const nodeHourUsd = (
  { usdPerNodeHour, isPriceFixed }: Pool,
  { gpuPrice, gpuMarketPrice }: Pick<Scenario, "gpuPrice" | "gpuMarketPrice">,
): number => usdPerNodeHour * gpuPrice * (isPriceFixed ? 1 : gpuMarketPrice);

/** Prepares both bills of a plan. */
export function monthlyBills({ plan, tasks }: PreparedPlan): MonthlyBills {
  const { pools, lines, usage } = plan.priced;
  const months = plan.terms.horizonMonths;
  const weights = monthWeights(plan.terms);
  const peopleUsd = sumUsd(peopleLines(plan.operations, plan.terms));
  const platformUsd = sumUsd(lines);
  const usdOf: Record<UsageDriver, number> = { client: 0, external: 0, captured: 0, "captured-answers": 0 };
  for (const { driver, usdEach } of usage) usdOf[driver] += usdEach;
  const perTask = tasks.map((task) => {
    const { inputTokensPerRequest, outputTokensPerRequest, failureUsd } = task.task;
    const bytes = inputTokensPerRequest * BYTES_PER_TOKEN + outputTokensPerRequest * BYTES_PER_STREAMED_TOKEN;
    const captured = capturedAnswers(task.task);
    return {
      flow: flows(task),
      failureUsd,
      gigabytes: bytes / BYTES_PER_GB,
      captureUsdEach: captured.gigabytes * usdOf.captured + captured.answers * usdOf["captured-answers"],
      shareCount: task.shares.length,
    };
  });
  const available = availability(plan);
  const shareAvailability = tasks.flatMap(({ shares }) =>
    shares.map(({ modelIndex }) => available[modelIndex] as number),
  );
  const shareCount = shareAvailability.length;
  const taskCount = tasks.length;
  const { owningUsd, stayingUsd, ...ledger } = arrays({
    owningUsd: months,
    stayingUsd: months,
    selfServed: months * taskCount,
    shareServed: months * shareCount,
    usageUsd: months * taskCount,
    captureUsd: months * taskCount,
    apiUsd: months * taskCount,
    failuresUsd: months * taskCount,
    stayingApiUsd: months * taskCount,
    stayingFailuresUsd: months * taskCount,
  });

  function mean(values: Float64Array, column = 0, columns = 1): number {
    let sum = 0;
    for (let month = 0; month < months; month++)
      sum += (values[month * columns + column] as number) * (weights[month] as number);
    return sum;
  }

  function sharesOf({ demand }: Simulation): Pick<Totals, "selfServedShare" | "unservedShare"> {
    const { selfServed } = ledger;
    let requests = 0;
    let served = 0;
    let unserved = 0;
    for (let cell = 0; cell < demand.length; cell++) {
      requests += demand[cell] as number;
      served += selfServed[cell] as number;
      if (tasks[cell % taskCount]?.fallback === undefined)
        unserved += (demand[cell] as number) - (selfServed[cell] as number);
    }
    return requests === 0
      ? { selfServedShare: 0, unservedShare: 0 }
      : { selfServedShare: served / requests, unservedShare: unserved / requests };
  }

  function settle(sim: Simulation, scenario: Scenario): Totals {
    for (let month = 0; month < months; month++) {
      let owning = platformUsd + peopleUsd * scenario.peopleHours;
      let staying = 0;
      let column = 0;
      for (let index = 0; index < taskCount; index++) {
        const cell = month * taskCount + index;
        const task = perTask[index] as (typeof perTask)[number];
        const { flow, failureUsd, gigabytes, captureUsdEach, shareCount: mine } = task;
        const demand = sim.demand[cell] as number;
        let served = 0;
        let servedUsd = 0;
        for (const end = column + mine; column < end; column++) {
          const at = month * shareCount + column;
          const answered = shareAvailability[column] as number;
          const here = (sim.shareFound[at] as number) * answered;
          ledger.shareServed[at] = here;
          served += here;
          servedUsd += (sim.shareFoundUsd[at] as number) * answered;
        }
        const toApi = demand * flow.owning.apiPerRequest + served * flow.owning.apiPerServed;
        const failed = demand * flow.owning.failuresPerRequest + served * flow.owning.failuresPerServed;
        const usageUsd = gigabytes * (demand * usdOf.client + toApi * usdOf.external);
        const captureUsd = demand * captureUsdEach;
        const apiUsd =
          (sim.fallbackUsd[cell] as number) * flow.owning.apiPerRequest + servedUsd * flow.owning.apiPerServed;
        const failuresUsd = failed * failureUsd;
        const stayingApiUsd = (sim.stayingUsd[cell] as number) * flow.staying.apiPerRequest;
        const stayingFailuresUsd = demand * flow.staying.failuresPerRequest * failureUsd;
        ledger.selfServed[cell] = served;
        ledger.usageUsd[cell] = usageUsd;
        ledger.captureUsd[cell] = captureUsd;
        ledger.apiUsd[cell] = apiUsd;
        ledger.failuresUsd[cell] = failuresUsd;
        ledger.stayingApiUsd[cell] = stayingApiUsd;
        ledger.stayingFailuresUsd[cell] = stayingFailuresUsd;
        owning += usageUsd + captureUsd + apiUsd + failuresUsd;
        staying += stayingApiUsd + stayingFailuresUsd;
      }
      for (let index = 0; index < pools.length; index++)
        owning += (sim.nodeHours[month * pools.length + index] as number) * nodeHourUsd(pools[index] as Pool, scenario);
      owningUsd[month] = owning;
      stayingUsd[month] = staying;
    }
    const owningUsdPerMonth = mean(owningUsd);
    const stayingUsdPerMonth = mean(stayingUsd);
    const savingUsdPerMonth = stayingUsdPerMonth - owningUsdPerMonth;
    return { owningUsdPerMonth, stayingUsdPerMonth, savingUsdPerMonth, ...sharesOf(sim) };
  }

  return { settle, owningUsd, stayingUsd, ledger, mean, weight: weights.reduce((sum, value) => sum + value, 0) };
}
