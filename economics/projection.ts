import { type BillLine, type Drain, sumUsd } from "./bill.ts";
import { flows } from "./flows.ts";
import type { Operations, Terms } from "./plan.ts";
import type { PreparedPlan } from "./prepare.ts";
import { AS_PLANNED, type Scenario } from "./scenario.ts";
import type { Pool } from "./serving.ts";
import { type Simulation, type Simulator, simulator } from "./simulate.ts";
import { BYTES_PER_GB, MONTHS_PER_YEAR } from "./units.ts";

/** A token is about 5 bytes of prompt text; streamed back it travels alone in a JSON event of about 250 bytes. */
const BYTES_PER_INPUT_TOKEN = 5;
const BYTES_PER_OUTPUT_TOKEN = 250;

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

export interface Projection extends Totals {
  readonly owning: readonly BillLine[];
  readonly staying: readonly BillLine[];
  /** Share of paid GPU-hours that answer requests, 0 to 1. */
  readonly utilization: number;
  /** Undiscounted totals month by month. */
  readonly months: readonly { readonly owningUsd: number; readonly stayingUsd: number }[];
}

/** A plan ready to be computed for any scenario. `totals` allocates next to nothing; `months` is valid until the next call. */
export interface Projector {
  readonly prepared: PreparedPlan;
  readonly simulator: Simulator;
  totals(scenario: Scenario): Totals;
  /** Undiscounted bills of the last call of `totals`, by month. */
  readonly owningUsd: Float64Array;
  readonly stayingUsd: Float64Array;
  /** The last call's costs by task, and what happened behind them. */
  readonly ledger: Ledger;
  readonly simulation: Simulation;
  project(scenario: Scenario): Projection;
  /** Mean per month of values by month and column, discounted as the bills are. */
  mean(values: Float64Array, column: number, columns: number): number;
}

/** People cost per month, set-up spread over the horizon. */
export function peopleLines(operations: Operations, { horizonMonths }: Terms): readonly BillLine[] {
  const { engineerUsdPerHour: rate, setupHours, maintenanceHoursPerMonth, onCallHoursPerMonth } = operations;
  const { modelUpdateHoursPerMonth, opportunityShare } = operations;
  const line = (label: string, hours: number, drain: Drain): BillLine => ({
    label,
    category: "people",
    drain,
    usdPerMonth: hours * rate,
  });
  const hours = setupHours / horizonMonths + maintenanceHoursPerMonth + onCallHoursPerMonth + modelUpdateHoursPerMonth;
  return [
    line(`set-up, ${setupHours} h over ${horizonMonths} months`, setupHours / horizonMonths, "engineering labour"),
    line(`maintenance, ${maintenanceHoursPerMonth} h/month`, maintenanceHoursPerMonth, "engineering labour"),
    line(`on-call and incidents, ${onCallHoursPerMonth} h/month`, onCallHoursPerMonth, "incident response"),
    line(`model updates, ${modelUpdateHoursPerMonth} h/month`, modelUpdateHoursPerMonth, "engineering labour"),
    line("what these hours would have earned elsewhere", hours * opportunityShare, "opportunity cost"),
  ].filter(({ usdPerMonth }) => usdPerMonth > 0);
}

/** Present-value weights of the months that add up to one, so that weighted sums are means per month. */
export function monthWeights({
  horizonMonths,
  discountRatePerYear,
}: Pick<Terms, "horizonMonths" | "discountRatePerYear">): readonly number[] {
  const factors = Array.from(
    { length: horizonMonths },
    (_, month) => (1 + discountRatePerYear) ** (-month / MONTHS_PER_YEAR),
  );
  return factors.map((factor) => factor / horizonMonths);
}

const nodeHourUsd = ({ usdPerNodeHour, isPriceFixed }: Pool, { gpuPrice, gpuMarketPrice }: Scenario): number =>
  usdPerNodeHour * gpuPrice * (isPriceFixed ? 1 : gpuMarketPrice);

/** What one task costs in each month beside GPUs, platform and people, US dollars: `month * tasks + task`. */
export interface Ledger {
  readonly usageUsd: Float64Array;
  readonly apiUsd: Float64Array;
  readonly failuresUsd: Float64Array;
  readonly stayingApiUsd: Float64Array;
  readonly stayingFailuresUsd: Float64Array;
}

/** Prepares both bills of a plan. */
export function projector(prepared: PreparedPlan): Projector {
  const { plan, tasks } = prepared;
  const { pools, lines, usage } = plan.priced;
  const months = plan.terms.horizonMonths;
  const weights = monthWeights(plan.terms);
  const weight = weights.reduce((sum, value) => sum + value, 0);
  const people = peopleLines(plan.operations, plan.terms);
  const peopleUsd = sumUsd(people);
  const platformUsd = sumUsd(lines);
  const simulation = simulator(prepared);
  const usdPerGB = { client: 0, external: 0 };
  for (const { driver, usdPerGB: price } of usage) usdPerGB[driver] += price;
  const perTask = tasks.map((task) => {
    const { inputTokensPerRequest, outputTokensPerRequest, failureUsd } = task.task;
    const bytes = inputTokensPerRequest * BYTES_PER_INPUT_TOKEN + outputTokensPerRequest * BYTES_PER_OUTPUT_TOKEN;
    return { flow: flows(task), failureUsd, gigabytes: bytes / BYTES_PER_GB };
  });
  const taskCount = tasks.length;
  const row = () => new Float64Array(months);
  const cells = () => new Float64Array(months * taskCount);
  const ledger: Ledger = {
    usageUsd: cells(),
    apiUsd: cells(),
    failuresUsd: cells(),
    stayingApiUsd: cells(),
    stayingFailuresUsd: cells(),
  };
  const owningUsd = row();
  const stayingUsd = row();

  /** Fills in all months of a scenario. */
  function compute(scenario: Scenario): Simulation {
    const sim = simulation.run(scenario);
    for (let month = 0; month < months; month++) {
      let owning = platformUsd + peopleUsd * scenario.peopleHours;
      let staying = 0;
      for (let index = 0; index < taskCount; index++) {
        const cell = month * taskCount + index;
        const { flow, failureUsd, gigabytes } = perTask[index] as (typeof perTask)[number];
        const demand = sim.demand[cell] as number;
        const served = sim.selfServed[cell] as number;
        const toApi = demand * flow.owning.apiPerRequest + served * flow.owning.apiPerServed;
        const failed = demand * flow.owning.failuresPerRequest + served * flow.owning.failuresPerServed;
        const usageUsd = gigabytes * (demand * usdPerGB.client + toApi * usdPerGB.external);
        const apiUsd =
          (sim.fallbackUsd[cell] as number) * flow.owning.apiPerRequest +
          (sim.fallbackServedUsd[cell] as number) * flow.owning.apiPerServed;
        const failuresUsd = failed * failureUsd;
        const stayingApiUsd = (sim.stayingUsd[cell] as number) * flow.staying.apiPerRequest;
        const stayingFailuresUsd = demand * flow.staying.failuresPerRequest * failureUsd;
        ledger.usageUsd[cell] = usageUsd;
        ledger.apiUsd[cell] = apiUsd;
        ledger.failuresUsd[cell] = failuresUsd;
        ledger.stayingApiUsd[cell] = stayingApiUsd;
        ledger.stayingFailuresUsd[cell] = stayingFailuresUsd;
        owning += usageUsd + apiUsd + failuresUsd;
        staying += stayingApiUsd + stayingFailuresUsd;
      }
      for (let index = 0; index < pools.length; index++)
        owning += (sim.nodeHours[month * pools.length + index] as number) * nodeHourUsd(pools[index] as Pool, scenario);
      owningUsd[month] = owning;
      stayingUsd[month] = staying;
    }
    return sim;
  }

  function mean(values: Float64Array, column = 0, columns = 1): number {
    let sum = 0;
    for (let month = 0; month < months; month++)
      sum += (values[month * columns + column] as number) * (weights[month] as number);
    return sum;
  }
  const meanOfTasks = (values: Float64Array): number =>
    tasks.reduce((sum, _, index) => sum + mean(values, index, taskCount), 0);

  /** A pool's lines: what its GPUs do, what they wait, and for owned ones the loss of value and the money tied up. */
  function poolLines(pool: Pool, index: number, sim: Simulation, scenario: Scenario): readonly BillLine[] {
    const usd = row();
    const busyUsd = row();
    for (let month = 0; month < months; month++) {
      const cell = month * pools.length + index;
      const hours = sim.nodeHours[cell] as number;
      usd[month] = hours * nodeHourUsd(pool, scenario);
      busyUsd[month] = ((sim.busyGpuHours[cell] as number) / pool.gpusPerNode) * nodeHourUsd(pool, scenario);
    }
    const busy = mean(busyUsd);
    const line = (usdPerMonth: number, drain?: Drain): BillLine => ({
      label: pool.label,
      category: "gpu",
      ...(drain === undefined ? {} : { drain }),
      usdPerMonth,
    });
    const { owned, usdPerNodeHour } = pool;
    const decay = owned === undefined ? 0 : (busy * owned.writeOffUsd) / usdPerNodeHour;
    const capital = owned === undefined ? 0 : (busy * owned.capitalUsd) / usdPerNodeHour;
    return [
      line(busy - decay - capital),
      line(decay, "hardware decay"),
      line(capital, "opportunity cost"),
      line(mean(usd) - busy, "idle capacity"),
    ];
  }

  function sharesOf({ demand, selfServed }: Simulation): Pick<Totals, "selfServedShare" | "unservedShare"> {
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

  function totals(scenario: Scenario): Totals {
    const sim = compute(scenario);
    const owningUsdPerMonth = mean(owningUsd);
    const stayingUsdPerMonth = mean(stayingUsd);
    const savingUsdPerMonth = stayingUsdPerMonth - owningUsdPerMonth;
    return { owningUsdPerMonth, stayingUsdPerMonth, savingUsdPerMonth, ...sharesOf(sim) };
  }

  function project(scenario: Scenario): Projection {
    const sim = compute(scenario);
    const positive = ({ usdPerMonth }: BillLine) => usdPerMonth > 0;
    const owning = [
      ...pools.flatMap((pool, index) => poolLines(pool, index, sim, scenario)),
      ...lines.map((line) => ({ ...line, usdPerMonth: line.usdPerMonth * weight })),
      ...people.map((line) => ({ ...line, usdPerMonth: line.usdPerMonth * weight * scenario.peopleHours })),
      {
        label: "traffic through load balancer and NAT",
        category: "platform",
        drain: "MLOps infrastructure",
        usdPerMonth: meanOfTasks(ledger.usageUsd),
      } as const,
      {
        label: "API for fallback, overflow and escalation",
        category: "api",
        usdPerMonth: meanOfTasks(ledger.apiUsd),
      } as const,
      { label: "failed answers", category: "failures", usdPerMonth: meanOfTasks(ledger.failuresUsd) } as const,
    ].filter(positive);
    const staying = [
      { label: "API", category: "api", usdPerMonth: meanOfTasks(ledger.stayingApiUsd) } as const,
      { label: "failed answers", category: "failures", usdPerMonth: meanOfTasks(ledger.stayingFailuresUsd) } as const,
    ].filter(positive);
    const owningUsdPerMonth = sumUsd(owning);
    const stayingUsdPerMonth = sumUsd(staying);
    const sum = (values: Float64Array) => values.reduce((all, value) => all + value, 0);
    const paidGpuHours = sim.nodeHours.reduce(
      (all, hours, cell) => all + hours * (pools[cell % pools.length] as Pool).gpusPerNode,
      0,
    );
    return {
      owning,
      staying,
      owningUsdPerMonth,
      stayingUsdPerMonth,
      savingUsdPerMonth: stayingUsdPerMonth - owningUsdPerMonth,
      utilization: paidGpuHours === 0 ? 0 : sum(sim.busyGpuHours) / paidGpuHours,
      ...sharesOf(sim),
      months: Array.from(owningUsd, (usd, month) => ({ owningUsd: usd, stayingUsd: stayingUsd[month] as number })),
    };
  }

  return {
    prepared,
    simulator: simulation,
    totals,
    owningUsd,
    stayingUsd,
    ledger,
    simulation: simulation.last,
    project,
    mean,
  };
}

/** Projects both bills over the horizon, once. */
export const project = (prepared: PreparedPlan, changes: Partial<Scenario> = {}): Projection =>
  projector(prepared).project({ ...AS_PLANNED, ...changes });
