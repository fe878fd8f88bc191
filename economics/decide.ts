import type { ApiModel } from "./api-price.ts";
import type { BillLine, UsedPrice } from "./bill.ts";
import type { Catalog } from "./catalog.ts";
import type { StatedOptions } from "./options.ts";
import type { Confidence, Operations, Plan, Terms } from "./plan.ts";
import type { PlannedItem } from "./planned.ts";
import { type PreparedPlan, preparePlan } from "./prepare.ts";
import { pricePlan } from "./price-plan.ts";
import { type Projection, type Projector, projector } from "./projection.ts";
import { AS_PLANNED, CAPACITY_ENDS } from "./scenario.ts";
import type { ServedModel } from "./serving.ts";
import type { Task } from "./task.ts";

/** What a decision is made from: priced things, traffic, terms, facts, and the day it is made. */
export interface DecisionInput {
  readonly items: readonly PlannedItem[];
  readonly tasks: Readonly<Record<string, Task>>;
  readonly models: readonly ServedModel[];
  readonly operations: Operations;
  readonly terms: Terms;
  readonly catalog: Catalog;
  /** Other ways that are compared, never judged. */
  readonly options?: StatedOptions | undefined;
  /** YYYY-MM-DD. */
  readonly today: string;
}

/** Saving of owning per month at each end of the capacity interval; negative when owning loses. */
export type SavingInterval = Readonly<Record<Confidence, number>>;

/**
 * `rent`: the plan has no GPUs, there is nothing to compare. `unpriced`: something has no price, so there is no answer.
 * `block`: owning loses at the required confidence. `marginal`: it wins there and loses elsewhere in the interval.
 */
export type Decision =
  | {
      readonly kind: "rent";
      readonly stayingUsdPerMonth: number;
      readonly staying: readonly BillLine[];
      readonly prices: readonly UsedPrice[];
    }
  | { readonly kind: "unpriced"; readonly missing: PreparedPlan["missing"] }
  | {
      readonly kind: "pass" | "marginal" | "block";
      readonly projection: Projection;
      readonly saving: SavingInterval;
      readonly prices: readonly UsedPrice[];
      readonly prepared: PreparedPlan;
      /** Computes the same plan in other scenarios. */
      readonly projector: Projector;
    };

export type Compared = Extract<Decision, { kind: "pass" | "marginal" | "block" }>;

/** The plan with every price resolved. */
export function planOf({ items, tasks, models, operations, terms, catalog, today }: DecisionInput): Plan {
  return { tasks, models, priced: pricePlan(items, catalog, terms.discountRatePerYear), operations, terms, today };
}

/** API prices, those of staying and of the fallback, by the bill each makes: that is how they weigh in freshness. */
function apiPrices({ prepared: { tasks }, ledger, mean }: Projector): readonly UsedPrice[] {
  const prices = new Map<string, UsedPrice>();
  const add = ({ name, source, date }: ApiModel, usdPerMonth: number) =>
    prices.set(name, { label: name, source, date, usdPerMonth: usdPerMonth + (prices.get(name)?.usdPerMonth ?? 0) });
  tasks.forEach(({ stayingRoutes, fallbackApi }, index) => {
    const stayingUsd = mean(ledger.stayingApiUsd, index, tasks.length);
    for (const { api, share } of stayingRoutes) add(api, stayingUsd * share);
    if (fallbackApi !== undefined) add(fallbackApi, mean(ledger.apiUsd, index, tasks.length));
  });
  return [...prices.values()];
}

export function verdictOf(saving: SavingInterval, confidence: Confidence): "pass" | "marginal" | "block" {
  if (saving[confidence] < 0) return "block";
  return Math.min(saving.optimistic, saving.median, saving.pessimistic) < 0 ? "marginal" : "pass";
}

/** Owning or staying? Pure: the same input always gives the same decision. */
export function decide(input: DecisionInput): Decision {
  const plan = planOf(input);
  const prepared = preparePlan(plan, input.catalog);
  if (prepared.missing.length > 0) return { kind: "unpriced", missing: prepared.missing };
  const projected = projector(prepared);
  const projection = projected.project(AS_PLANNED);
  const prices = [...plan.priced.prices, ...apiPrices(projected)];
  const ownsGpus = plan.priced.pools.length > 0 || plan.priced.lines.some(({ category }) => category === "gpu");
  const { staying, stayingUsdPerMonth } = projection;
  if (!ownsGpus) return { kind: "rent", stayingUsdPerMonth, staying, prices };
  const savingAt = (capacity: number) => projected.totals({ ...AS_PLANNED, capacity }).savingUsdPerMonth;
  const saving: SavingInterval = {
    pessimistic: savingAt(CAPACITY_ENDS.pessimistic),
    median: projection.savingUsdPerMonth,
    optimistic: savingAt(CAPACITY_ENDS.optimistic),
  };
  return { kind: verdictOf(saving, plan.terms.confidence), projection, saving, prices, prepared, projector: projected };
}
