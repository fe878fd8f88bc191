import type { AdviceResult } from "./advice.ts";
import type { BaselineResult } from "./baselines.ts";
import type { BillLine, Drain, UsedPrice } from "./bill.ts";
import type { Tier } from "./capacity/evidence.ts";
import type { ModelWeekResult, VolumePoint } from "./curves.ts";
import type { SavingInterval } from "./decide.ts";
import type { OptionResult } from "./options.ts";
import type { Payback } from "./payback.ts";
import type { Terms } from "./plan.ts";
import type { Quantiles, RiskResult } from "./risk.ts";
import type { TornadoBar } from "./tornado.ts";
import type { AnsweredBy, ModelResult, PoolResult, TaskResult } from "./unit-costs.ts";

/**
 * Everything a decision says, as one plain object that survives JSON. Amounts are US dollars per month, means over the
 * horizon, unless a name says otherwise; shares and probabilities are 0 to 1; a figure that does not exist is null.
 * "Owning" is the hybrid as planned, "staying" the same traffic on the baseline's API models alone.
 */
export type Results = ComparedResults | RentResults | UnpricedResults;

export const RESULTS_SCHEMA = "breakeven/results/v1";

interface Header {
  readonly schema: typeof RESULTS_SCHEMA;
  /** Day of the decision, YYYY-MM-DD. */
  readonly today: string;
  readonly terms: Terms;
  /** One sentence for someone who reads nothing else. */
  readonly sentence: string;
}

/** Something has no price or no capacity: no verdict, and nothing else either. */
export interface UnpricedResults extends Header {
  readonly verdict: "unpriced";
  readonly missing: readonly { readonly resource: string; readonly reason: string }[];
}

/** The plan has no GPUs: the API bill, nothing to compare. */
export interface RentResults extends Header {
  readonly verdict: "rent";
  readonly staying: Bill;
  readonly prices: readonly PriceResult[];
}

export interface ComparedResults extends Header {
  /** `block`: owning loses at the end of the capacity interval `terms.confidence` names. `marginal`: it wins there and loses elsewhere. */
  readonly verdict: "pass" | "marginal" | "block";
  /** Why, most important first: one sentence each. */
  readonly reasons: readonly string[];

  readonly owning: Bill;
  readonly staying: Bill;
  /** Staying less owning: positive when owning is cheaper. */
  readonly savingUsdPerMonth: number;
  /** The saving at both ends of the capacity interval and in its middle. */
  readonly savingByCapacity: SavingInterval;
  /** Owning by hidden cost; `work` is the rest. Adds up to the owning bill. */
  readonly drains: Readonly<Record<Drain | "work", number>>;
  /** The owning bill with every pool at its maximum all the time. */
  readonly worstCaseUsdPerMonth: number;

  readonly tasks: readonly TaskResult[];
  readonly models: readonly ModelResult[];
  readonly pools: readonly PoolResult[];
  /** Mean share of paid GPU capacity that answers requests. */
  readonly utilization: number;
  /** Of all requests over the horizon; the three add up to 1. Escalated and retried requests count once, where they were answered first. */
  readonly answeredBy: AnsweredBy;

  readonly payback: Payback;
  readonly breakEven: BreakEvenResult;
  readonly months: readonly MonthResult[];
  /** Both bills over volume, ascending: the lines of a cost chart. Holds today (volume 1) and the break-even, where there is one. */
  readonly volumeCurve: readonly VolumePoint[];
  /** The busiest week of the horizon, hour by hour: one entry per self-hosted model. */
  readonly weeks: readonly ModelWeekResult[];

  /** One entry per uncertain input, the most powerful first. */
  readonly tornado: readonly TornadoBar[];
  readonly risk: RiskResult;

  readonly evidence: readonly EvidenceResult[];
  readonly prices: readonly PriceResult[];
  /** The same plan against each meaning of staying. */
  readonly baselines: readonly BaselineResult[];
  /** Other ways to the same answers, compared but never part of the verdict. */
  readonly options: readonly OptionResult[];
  /** Qualitative tests of the field, as advice: they never change the verdict. */
  readonly advice: readonly AdviceResult[];
  /** What the figures assume that nobody stated or measured. */
  readonly assumptions: readonly string[];
}

export interface Bill {
  readonly usdPerMonth: number;
  /** Largest first; they add up to `usdPerMonth`. Lines of the same label are parts of one thing, e.g. busy and idle. */
  readonly lines: readonly BillLine[];
}

export type BreakEvenResult =
  | {
      readonly reached: true;
      /** Multiple of today's traffic. */
      readonly volume: number;
      readonly requestsPerDay: number;
      readonly tokensPerMonth: number;
      readonly utilization: number;
    }
  | { readonly reached: false; readonly bestVolume: number; readonly bestSavingUsdPerMonth: number };

/** One month, undiscounted. The first three are the plan's own figures, the quantiles those of the draws. */
export interface MonthResult {
  /** 0 is the first. */
  readonly month: number;
  /** First day, YYYY-MM-DD. */
  readonly date: string;
  readonly owningUsd: number;
  readonly stayingUsd: number;
  /** Staying less owning, summed up to the end of this month. */
  readonly cumulativeSavingUsd: number;
  readonly owning: Quantiles;
  readonly staying: Quantiles;
  readonly cumulativeSaving: Quantiles;
}

/** What the capacity of one model for one task rests on. */
export interface EvidenceResult {
  readonly task: string;
  readonly model: string;
  readonly gpu: string;
  readonly tier: Tier;
  readonly p90Error: number;
  readonly requestsPerSecond: SavingInterval;
  readonly ttftMs: number;
  readonly tpotMs: number;
  /** One line: tier, errors, nearest measurement. */
  readonly text: string;
  readonly notes: readonly string[];
}

export interface PriceResult extends UsedPrice {
  readonly ageDays: number;
}
