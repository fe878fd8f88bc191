import type { ApiModel } from "./api-price.ts";
import type { Baseline } from "./baseline.ts";
import type { BillLine, Drain, UsedPrice } from "./bill.ts";
import type { Tier } from "./capacity/evidence.ts";
import type { SavingInterval } from "./decide.ts";
import type { Terms } from "./plan.ts";
import type { DataClass } from "./task.ts";

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

export interface AnsweredBy {
  readonly selfHosted: number;
  readonly api: number;
  /** Nobody may or can answer. */
  readonly unserved: number;
}

/** Costs of one side for one task. */
export interface TaskCost {
  readonly usdPerMonth: number;
  /** Input and output tokens together. */
  readonly usdPerMillionTokens: number;
  /** Per answer that does its job; null when none does. */
  readonly usdPerSuccess: number | null;
  /** Share of requests with an answer that does its job, after retries. */
  readonly successShare: number;
}

export interface TaskResult {
  readonly name: string;
  readonly dataClass: DataClass;
  /** Mean over the horizon. */
  readonly requestsPerMonth: number;
  readonly tokensPerMonth: number;
  /** GPU hours by the load the task puts on them; platform and people by its tokens. */
  readonly owning: TaskCost;
  readonly staying: TaskCost;
  readonly answeredBy: AnsweredBy;
  /** API models that answer it when staying. */
  readonly stayingModels: readonly string[];
  /** API model behind the self-hosted ones; null where none may be used. */
  readonly fallbackModel: string | null;
}

export interface ModelResult {
  readonly name: string;
  readonly kind: "self-hosted" | "api";
  /** Null for API models. */
  readonly pool: string | null;
  /** Requests this model answers when owning. */
  readonly requestsPerMonth: number;
  readonly tokensPerMonth: number;
  /** Self-hosted: its pool's GPU bill by the GPU hours it reserves, and platform and people by tokens. API: what it bills. */
  readonly usdPerMonth: number;
  /** Null when it answers nothing. */
  readonly usdPerMillionTokens: number | null;
}

export interface PoolResult {
  readonly name: string;
  readonly label: string;
  readonly gpu: string;
  readonly gpusPerNode: number;
  readonly usdPerNodeHour: number;
  readonly meanNodes: number;
  readonly maxNodes: number;
  readonly usdPerMonth: number;
  /** Part of it that is paid for GPUs without work. */
  readonly idleUsdPerMonth: number;
  readonly utilization: number;
}

export interface Payback {
  /** Spent before the first answer: set-up hours, purchase of owned nodes with spares. */
  readonly upfrontUsd: number;
  /** Months until the saved API bill has repaid it; null when it never does within the horizon. */
  readonly months: number | null;
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

/** A figure under uncertainty: a tenth of the draws lies below `p10`, a tenth above `p90`. */
export interface Quantiles {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
}

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

export interface VolumePoint {
  /** Multiple of today's traffic. */
  readonly volume: number;
  /** Mean over the horizon. */
  readonly tokensPerMonth: number;
  readonly requestsPerDay: number;
  readonly owningUsdPerMonth: number;
  readonly stayingUsdPerMonth: number;
  readonly utilization: number;
  readonly answeredBy: AnsweredBy;
}

/** 168 hours, Monday 00:00 UTC first. */
export interface ModelWeekResult {
  readonly model: string;
  readonly pool: string;
  /** Month of the horizon it is taken from, 0 the first. */
  readonly month: number;
  /** Requests per hour that are meant for the model. */
  readonly demand: readonly number[];
  /** Requests per hour the running replicas can serve within their latency targets. */
  readonly capacity: readonly number[];
  /** Requests per hour they do serve, downtime taken off. */
  readonly served: readonly number[];
  readonly replicas: readonly number[];
  /** Nodes of the whole pool that are paid; other models may share them. */
  readonly poolNodes: readonly number[];
}

export interface TornadoBar {
  /** Stable key, e.g. `traffic`. */
  readonly input: string;
  readonly label: string;
  /** The two ends of the input, as a reader wants to see them, e.g. `x0.8` and `x1.25`. */
  readonly low: string;
  readonly high: string;
  readonly savingLowUsdPerMonth: number;
  readonly savingHighUsdPerMonth: number;
  /** Whether owning wins at one end and loses at the other, or at either end against the plan itself. */
  readonly flips: boolean;
}

export interface RiskResult {
  readonly seed: number;
  readonly draws: number;
  readonly savingUsdPerMonth: Quantiles;
  readonly owningUsdPerMonth: Quantiles;
  readonly stayingUsdPerMonth: Quantiles;
  /** Share of the draws in which owning costs less. */
  readonly probabilityOwningIsCheaper: number;
  /** Counts of the saving in bins of equal width from `fromUsd` to `toUsd`. */
  readonly histogram: { readonly fromUsd: number; readonly toUsd: number; readonly counts: readonly number[] };
  /** What was drawn: the 5th and 95th percentile of each multiplier and where it comes from. */
  readonly distributions: readonly {
    readonly input: string;
    readonly label: string;
    readonly p05: number;
    readonly p95: number;
    readonly basis: string;
  }[];
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

export type BaselineResult =
  | {
      readonly baseline: Baseline;
      readonly priced: true;
      /** Whether the verdict is made against it. */
      readonly isUsed: boolean;
      readonly usdPerMonth: number;
      /** Of owning against it. */
      readonly savingUsdPerMonth: number;
      readonly routes: readonly {
        readonly task: string;
        readonly apiModel: ApiModel["name"];
        readonly share: number;
      }[];
    }
  | { readonly baseline: Baseline; readonly priced: false; readonly isUsed: boolean; readonly reason: string };

export interface AdviceResult {
  readonly question: string;
  readonly answer: "yes" | "no" | "not stated";
  readonly why: string;
}

/** `reason` says what has to be stated before it can be priced. */
export type OptionResult =
  | {
      readonly option: string;
      readonly label: string;
      readonly priced: true;
      /** Spent once, before it runs. */
      readonly oneOffUsd: number;
      readonly usdPerMonth: number;
      /** Against staying, the one-off spread over the horizon. */
      readonly savingUsdPerMonth: number;
      /** Months until the one-off is repaid; null when never. */
      readonly paybackMonths: number | null;
      /** What it was computed from, with sources. */
      readonly inputs: readonly string[];
    }
  | { readonly option: string; readonly label: string; readonly priced: false; readonly reason: string };
