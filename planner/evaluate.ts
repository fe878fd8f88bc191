import { decisionInput } from "../config/decision-input.ts";
import { declaredItems } from "../config/declared-items.ts";
import type { PlatformConfig } from "../config/platform.ts";
import type { Catalog } from "../economics/catalog.ts";
import { planOf } from "../economics/decide.ts";
import { type PreparedPlan, preparePlan } from "../economics/prepare.ts";
import { project, projector } from "../economics/projection.ts";
import { found, type Lookup, missing } from "../economics/provenance.ts";
import { AS_PLANNED } from "../economics/scenario.ts";
import type { Slo } from "../economics/serving.ts";
import { peakLoads } from "../economics/simulate.ts";
import { HOURS_PER_MONTH } from "../economics/units.ts";
import { configOf, type Group, replicasOn } from "./candidate.ts";
import type { Merits } from "./front.ts";
import type { Option } from "./option.ts";

/** What every plan of one search shares. */
export interface Question {
  readonly base: PlatformConfig;
  readonly catalog: Catalog;
  readonly slo: Slo;
  /** YYYY-MM-DD. */
  readonly today: string;
}

/** An option made ready for some tasks: capacities and API prices are worked out, sizes are still open. */
export interface ReadyOption {
  readonly option: Option;
  readonly tasks: readonly string[];
  readonly share: number;
  readonly prepared: PreparedPlan;
  readonly config: PlatformConfig;
  readonly latencySeconds: number;
  /** Nodes that serve the highest hour of the horizon; more change nothing. */
  readonly nodesForPeak: number;
  readonly usdPerNodeMonth: number;
}

export interface Sizing {
  readonly scaling: "fixed" | "elastic";
  readonly nodes: number;
}

/** A plan with its merits. */
export interface Evaluated extends Merits {
  readonly groups: readonly Group[];
  /** Requests that nobody answers, as a share of all. */
  readonly unservedShare: number;
}

/** Requests that a task without a way to the API may lose beside the downtime that the config states. */
const MOST_UNSERVED = 0.001;

/** Mean seconds of an answer on own replicas, by requests; infinite where nothing is self-hosted. */
export function latencySeconds({ tasks }: PreparedPlan): number {
  let requests = 0;
  let seconds = 0;
  for (const { task, shares } of tasks) {
    for (const { share, capacity } of shares) {
      const each = (capacity.ttftMs + (task.outputTokensPerRequest - 1) * capacity.tpotMs) / 1000;
      requests += task.requestsPerDay * share;
      seconds += task.requestsPerDay * share * each;
    }
  }
  return requests === 0 ? Number.POSITIVE_INFINITY : seconds / requests;
}

/** Capacities and prices of a config, or the first thing that has none. */
export function prepare(config: PlatformConfig, { catalog, today }: Question): Lookup<PreparedPlan> {
  const plan = preparePlan(planOf(decisionInput(config, declaredItems(config), catalog, today)), catalog);
  const [gap] = plan.missing;
  return gap === undefined ? found(plan) : missing(gap.reason);
}

function nodesForPeak(plan: PreparedPlan, option: Option): number {
  const peak = Math.max(...peakLoads(plan).map(({ peakLoad }) => peakLoad));
  return Math.max(1, Math.ceil(Math.ceil(peak) / replicasOn(option, 1)));
}

/** Makes an option ready to take all of some tasks, or says why it can't serve them. */
export function readyOption(option: Option, tasks: readonly string[], question: Question): Lookup<ReadyOption> {
  const share = 1;
  const group: Group = { option, scaling: "fixed", nodes: 1, tasks, share };
  const config = configOf([group], tasks, question.base, question.slo);
  const ready = prepare(config, question);
  // The family names model and GPU already.
  if (!ready.ok) return missing(ready.reason.replace(/^model \S+ on \S+: /, ""));
  const [pool] = ready.value.plan.priced.pools;
  if (pool === undefined) return missing("the pool has no price");
  return found({
    option,
    tasks,
    share,
    prepared: ready.value,
    config,
    latencySeconds: latencySeconds(ready.value),
    nodesForPeak: nodesForPeak(ready.value, option),
    usdPerNodeMonth: pool.usdPerNodeHour * HOURS_PER_MONTH,
  });
}

/** The same option taking a share of its tasks; capacities and API prices stay. */
export function sharing(ready: ReadyOption, share: number): ReadyOption {
  if (share === ready.share) return ready;
  const { config, prepared: all, option } = ready;
  const prepared = {
    ...all,
    tasks: all.tasks.map((task) => ({ ...task, shares: task.shares.map((part) => ({ ...part, share })) })),
  };
  const tasks = mapped(config.tasks, (task) => ({
    ...task,
    selfHosted: task.selfHosted.map((part) => ({ ...part, share })),
  }));
  return { ...ready, share, prepared, config: { ...config, tasks }, nodesForPeak: nodesForPeak(prepared, option) };
}

/** The same tasks on so many nodes. Only what depends on the size is worked out anew. */
function resized(
  { prepared: { plan, ...rest }, config, option }: ReadyOption,
  { scaling, nodes }: Sizing,
  { catalog, today }: Question,
) {
  const max = replicasOn(option, nodes);
  const min = scaling === "fixed" ? max : 0;
  const sized: PlatformConfig = {
    ...config,
    pools: mapped(config.pools, (pool) => ({
      ...pool,
      scaling,
      minNodes: 0,
      maxNodes: nodes,
    })),
    models: mapped(config.models, (model) => ({ ...model, replicas: { min, max } })),
  };
  const { priced, models } = planOf(decisionInput(sized, declaredItems(sized), catalog, today));
  return { ...rest, plan: { ...plan, priced, models } };
}

const mapped = <T>(entries: Readonly<Record<string, T>>, change: (entry: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, change(entry)]));

/** Prices one complete candidate: the option's tasks alone, on the whole platform. */
export function evaluate(ready: ReadyOption, sizing: Sizing, question: Question): Evaluated {
  const { option, tasks, share } = ready;
  const projection = projector(resized(ready, sizing, question)).totals(AS_PLANNED);
  return {
    groups: [{ option, ...sizing, tasks, share }],
    usdPerMonth: projection.owningUsdPerMonth,
    latencySeconds: ready.latencySeconds,
    inHouseShare: projection.selfServedShare,
    unservedShare: projection.unservedShare,
  };
}

/** Prices a whole plan: every task of the question, those of no group on their API model. */
export function evaluatePlan(groups: readonly Group[], question: Question): Lookup<Evaluated> {
  const { base, slo } = question;
  const ready = prepare(configOf(groups, Object.keys(base.tasks), base, slo), question);
  if (!ready.ok) return ready;
  const projection = project(ready.value);
  return found({
    groups,
    usdPerMonth: projection.owningUsdPerMonth,
    latencySeconds: latencySeconds(ready.value),
    inHouseShare: projection.selfServedShare,
    unservedShare: projection.unservedShare,
  });
}

/** Whether a plan leaves no more requests unanswered than its downtime does. */
export const isServed = ({ unservedShare }: Evaluated, { base }: Question): boolean =>
  unservedShare <= 1 - base.operations.availability + MOST_UNSERVED;
