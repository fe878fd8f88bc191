import { type BillLine, type Drain, sumUsd } from "./bill.ts";
import { type MonthlyBills, monthlyBills, nodeHourUsd, type Totals } from "./monthly-bills.ts";
import { peopleLines } from "./people.ts";
import type { PreparedPlan } from "./prepare.ts";
import { AS_PLANNED, type Scenario } from "./scenario.ts";
import type { Pool } from "./serving.ts";
import { type Simulation, type Simulator, simulator } from "./simulate.ts";

export interface Projection extends Totals {
  readonly owning: readonly BillLine[];
  readonly staying: readonly BillLine[];
  /** Share of paid GPU-hours that answer requests, 0 to 1. */
  readonly utilization: number;
  /** Undiscounted totals month by month. */
  readonly months: readonly { readonly owningUsd: number; readonly stayingUsd: number }[];
}

/** A plan ready to be computed for any scenario. Monthly figures and `simulation` are those of the last call. */
export interface Projector extends Pick<MonthlyBills, "owningUsd" | "stayingUsd" | "ledger" | "mean"> {
  readonly prepared: PreparedPlan;
  readonly simulator: Simulator;
  readonly simulation: Simulation;
  /** Allocates next to nothing. */
  totals(scenario: Scenario): Totals;
  project(scenario: Scenario): Projection;
}

/** Prepares the simulation and both bills of a plan. */
export function projector(prepared: PreparedPlan): Projector {
  const { plan, tasks } = prepared;
  const { pools, lines } = plan.priced;
  const people = peopleLines(plan.operations, plan.terms);
  const simulation = simulator(prepared);
  const bills = monthlyBills(prepared);
  const { owningUsd, stayingUsd, ledger, mean, weight } = bills;
  const meanOfTasks = (values: Float64Array): number =>
    tasks.reduce((sum, _, index) => sum + mean(values, index, tasks.length), 0);

  /** A pool's lines: what its GPUs do, what they wait, and for owned ones the loss of value and the money tied up. */
  function poolLines(pool: Pool, index: number, sim: Simulation, scenario: Scenario): readonly BillLine[] {
    const usdPerHour = nodeHourUsd(pool, scenario);
    const usd = mean(sim.nodeHours, index, pools.length) * usdPerHour;
    const busy = (mean(sim.busyGpuHours, index, pools.length) / pool.gpusPerNode) * usdPerHour;
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
      line(usd - busy, "idle capacity"),
    ];
  }

  function project(scenario: Scenario): Projection {
    const sim = simulation.run(scenario);
    const { selfServedShare, unservedShare } = bills.settle(sim, scenario);
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
        label: "storage and writes of captured answers",
        category: "platform",
        drain: "MLOps infrastructure",
        usdPerMonth: meanOfTasks(ledger.captureUsd),
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
      selfServedShare,
      unservedShare,
      utilization: paidGpuHours === 0 ? 0 : sum(sim.busyGpuHours) / paidGpuHours,
      months: Array.from(owningUsd, (usd, month) => ({ owningUsd: usd, stayingUsd: stayingUsd[month] as number })),
    };
  }

  return {
    prepared,
    simulator: simulation,
    simulation: simulation.last,
    totals: (scenario) => bills.settle(simulation.run(scenario), scenario),
    project,
    owningUsd,
    stayingUsd,
    ledger,
    mean,
  };
}

/** Projects both bills over the horizon, once. */
export const project = (prepared: PreparedPlan, changes: Partial<Scenario> = {}): Projection =>
  projector(prepared).project({ ...AS_PLANNED, ...changes });
