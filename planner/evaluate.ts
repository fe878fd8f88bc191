import { decisionInput } from "../config/decision-input.ts";
import { declaredItems } from "../config/declared-items.ts";
import type { PlatformConfig } from "../config/platform.ts";
import type { Catalog } from "../economics/catalog.ts";
import { planOf } from "../economics/decide.ts";
import type { Plan } from "../economics/plan.ts";
import { type PreparedPlan, type PreparedTask, preparePlan } from "../economics/prepare.ts";
import { projector } from "../economics/projection.ts";
import { found, type Lookup, missing } from "../economics/provenance.ts";
import { AS_PLANNED } from "../economics/scenario.ts";
import type { Slo } from "../economics/serving.ts";
import { configOf, type Group } from "./candidate.ts";
import type { Merits } from "./front.ts";

/** What every plan of one search shares. */
export interface Question {
  readonly base: PlatformConfig;
  readonly catalog: Catalog;
  readonly slo: Slo;
  /** YYYY-MM-DD. */
  readonly today: string;
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
export function latencySeconds(tasks: readonly PreparedTask[]): number {
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

/** A config as a plan with its prices. */
export const pricedPlan = (config: PlatformConfig, { catalog, today }: Question): Plan =>
  planOf(decisionInput(config, declaredItems(config), catalog, today));

/** Capacities and prices of a config, or the first thing that has none. */
export function prepare(config: PlatformConfig, question: Question): Lookup<PreparedPlan> {
  const plan = preparePlan(pricedPlan(config, question), question.catalog);
  const [gap] = plan.missing;
  return gap === undefined ? found(plan) : missing(gap.reason);
}

/** Prices a whole plan: every task of the question, those of no group on their API model. */
export function evaluatePlan(groups: readonly Group[], question: Question): Lookup<Evaluated> {
  const { base, slo } = question;
  const ready = prepare(configOf(groups, Object.keys(base.tasks), base, slo), question);
  if (!ready.ok) return ready;
  const totals = projector(ready.value).totals(AS_PLANNED);
  return found({
    groups,
    usdPerMonth: totals.owningUsdPerMonth,
    latencySeconds: latencySeconds(ready.value.tasks),
    inHouseShare: totals.selfServedShare,
    unservedShare: totals.unservedShare,
  });
}

/** Whether a plan leaves no more requests unanswered than its downtime does. */
export const isServed = ({ unservedShare }: Evaluated, { base }: Question): boolean =>
  unservedShare <= 1 - base.operations.availability + MOST_UNSERVED;
