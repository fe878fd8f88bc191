import type { Uncertainty } from "./assumptions.ts";
import type { Baseline } from "./baseline.ts";
import type { PricedPlan } from "./price-plan.ts";
import type { ServedModel } from "./serving.ts";
import type { Task } from "./task.ts";

export const CONFIDENCES = ["optimistic", "median", "pessimistic"] as const;
/** The end of the capacity interval at which owning must win; a plan that loses there is blocked. */
export type Confidence = (typeof CONFIDENCES)[number];

/** Who runs it and how well. */
export interface Operations {
  readonly engineerUsdPerHour: number;
  readonly setupHours: number;
  readonly maintenanceHoursPerMonth: number;
  readonly onCallHoursPerMonth: number;
  readonly modelUpdateHoursPerMonth: number;
  /** What an engineer hour would have earned elsewhere beyond its cost, as a share of the cost. */
  readonly opportunityShare: number;
  /** Share of the time own replicas answer; the rest of their traffic goes to the API. */
  readonly availability: number;
}

/** How the two bills are compared. */
export interface Terms {
  readonly horizonMonths: number;
  readonly baseline: Baseline;
  readonly approvedProviders?: readonly string[] | undefined;
  /** Yearly fall of API prices, fraction. */
  readonly apiPriceDeclinePerYear: number;
  /** Negotiated discount on API list prices, fraction. */
  readonly apiDiscount: number;
  /** Yearly discount rate of money, fraction. */
  readonly discountRatePerYear: number;
  readonly confidence: Confidence;
  /** How far inputs may be off, for the draws. */
  readonly uncertainty: Uncertainty;
}

/** Everything a decision needs; the clock is an input. */
export interface Plan {
  readonly tasks: Readonly<Record<string, Task>>;
  readonly models: readonly ServedModel[];
  readonly priced: PricedPlan;
  readonly operations: Operations;
  readonly terms: Terms;
  /** YYYY-MM-DD. */
  readonly today: string;
}
