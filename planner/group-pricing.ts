import { mapped } from "../config/mapped.ts";
import type { PlatformConfig } from "../config/platform.ts";
import { monthlyBills } from "../economics/monthly-bills.ts";
import type { Plan } from "../economics/plan.ts";
import type { PreparedTask } from "../economics/prepare.ts";
import { found, type Lookup, missing } from "../economics/provenance.ts";
import { AS_PLANNED } from "../economics/scenario.ts";
import { peakLoads, type Simulation, simulator } from "../economics/simulate.ts";
import { HOURS_PER_MONTH } from "../economics/units.ts";
import { configOf, replicasOn } from "./candidate.ts";
import { type Evaluated, latencySeconds, prepare, pricedPlan, type Question } from "./evaluate.ts";
import type { Option } from "./option.ts";

/** A replica made ready for the tasks: it is the same on every node that has its GPUs, whoever sells it. */
interface ReadyReplica {
  /** All their requests go to it. */
  readonly tasks: readonly PreparedTask[];
  readonly latencySeconds: number;
  /** Replicas that the highest hour of the horizon keeps busy. */
  readonly peakReplicas: number;
  /** What happens on pools of it; only prices tell pools of the same size apart. */
  readonly simulations: Map<string, Simulation>;
}

/** An option made ready for the tasks: capacities and prices are worked out, sizes are still open. */
export interface ReadyOption {
  readonly option: Option;
  readonly usdPerNodeMonth: number;
  readonly config: PlatformConfig;
  readonly replica: ReadyReplica;
}

export interface Sizing {
  readonly scaling: "fixed" | "elastic";
  readonly nodes: number;
  /** Share of the tasks' requests that the replicas take. */
  readonly share: number;
}

/** Prices candidates that serve one group of tasks from one pool. What candidates have in common is worked out once. */
export interface GroupPricing {
  /** Makes an option ready to take all of the tasks, or says why it can't serve them. */
  ready(option: Option): Lookup<ReadyOption>;
  /** Prices one complete candidate: the group's tasks alone, on the whole platform. */
  price(ready: ReadyOption, sizing: Sizing): Evaluated;
}

/** Nodes that serve the highest hour of the horizon; more change nothing. */
export const nodesForPeak = ({ option, replica }: ReadyOption, share: number): number =>
  Math.max(1, Math.ceil(Math.ceil(replica.peakReplicas * share) / replicasOn(option, 1)));

/** The value of a key, made when it is first asked for. */
function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

const withShare = (tasks: readonly PreparedTask[], share: number): readonly PreparedTask[] =>
  tasks.map((task) => ({ ...task, shares: task.shares.map((part) => ({ ...part, share })) }));

/** The plan of a candidate with its prices. */
function sizedPlan({ config, option }: ReadyOption, { scaling, nodes, share }: Sizing, question: Question): Plan {
  const max = replicasOn(option, nodes);
  const replicas = { min: scaling === "fixed" ? max : 0, max };
  return pricedPlan(
    {
      ...config,
      pools: mapped(config.pools, (pool) => ({ ...pool, scaling, minNodes: 0, maxNodes: nodes })),
      models: mapped(config.models, (model) => ({ ...model, replicas })),
      tasks: mapped(config.tasks, ({ selfHosted: [own], ...task }) => ({
        ...task,
        selfHosted: own === undefined ? [] : [{ ...own, share }],
      })),
    },
    question,
  );
}

/** All that the simulation of a plan depends on beside its replicas. */
function fleetKey({ priced: { pools }, models }: Plan, share: number): string {
  const sizes = pools.map(({ gpusPerNode, minNodes, maxNodes, scaling, behavior }) => {
    const { startMinutes, coolDownMinutes } = behavior;
    return [gpusPerNode, minNodes, maxNodes, scaling, startMinutes, coolDownMinutes];
  });
  return [share, sizes, models.map(({ minReplicas, maxReplicas }) => [minReplicas, maxReplicas])].join();
}

export function groupPricing(tasks: readonly string[], question: Question): GroupPricing {
  const replicas = new Map<string, Lookup<ReadyReplica>>();

  function readyReplica(config: PlatformConfig): Lookup<ReadyReplica> {
    const prepared = prepare(config, question);
    // The family names model and GPU already.
    if (!prepared.ok) return missing(prepared.reason.replace(/^model \S+ on \S+: /, ""));
    return found({
      tasks: prepared.value.tasks,
      latencySeconds: latencySeconds(prepared.value.tasks),
      peakReplicas: Math.max(...peakLoads(prepared.value).map(({ peakLoad }) => peakLoad)),
      simulations: new Map(),
    });
  }

  return {
    ready(option) {
      const { model, precision, gpu, gpusPerReplica } = option;
      const config = configOf(
        [{ option, scaling: "fixed", nodes: 1, tasks, share: 1 }],
        tasks,
        question.base,
        question.slo,
      );
      const { pools, missing: gaps } = pricedPlan(config, question).priced;
      const [pool] = pools;
      if (pool === undefined || gaps.length > 0) return missing(gaps[0]?.reason ?? "the pool has no price");
      const key = [model.name, precision, gpu.name, gpusPerReplica].join();
      const replica = remembered(replicas, key, () => readyReplica(config));
      if (!replica.ok) return replica;
      const usdPerNodeMonth = pool.usdPerNodeHour * HOURS_PER_MONTH;
      return found({ option, config, usdPerNodeMonth, replica: replica.value });
    },

    price(ready, sizing) {
      const { option, replica } = ready;
      const { scaling, nodes, share } = sizing;
      const plan = sizedPlan(ready, sizing, question);
      const prepared = { plan, tasks: withShare(replica.tasks, share), missing: [] };
      const fleet = fleetKey(plan, share);
      const simulation = remembered(replica.simulations, fleet, () => simulator(prepared).run(AS_PLANNED));
      const totals = monthlyBills(prepared).settle(simulation, AS_PLANNED);
      return {
        groups: [{ option, scaling, nodes, tasks, share }],
        usdPerMonth: totals.owningUsdPerMonth,
        latencySeconds: replica.latencySeconds,
        inHouseShare: totals.selfServedShare,
        unservedShare: totals.unservedShare,
      };
    },
  };
}
