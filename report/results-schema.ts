import { z } from "zod";
import { BASELINES } from "../economics/baseline.ts";
import { COST_CATEGORIES, DRAINS } from "../economics/bill.ts";
import { CONFIDENCES } from "../economics/plan.ts";
import { DATA_CLASSES } from "../economics/task.ts";
import { count, day, described, list, numbers, share, text, usd, usdPerMonth } from "./schema-fields.ts";

const quantiles = z.object({ p10: z.number(), p50: z.number(), p90: z.number() });
const byCapacity = z.object({ pessimistic: z.number(), median: z.number(), optimistic: z.number() });
const answeredBy = z.object({
  selfHosted: share("By own replicas."),
  api: share("By an API."),
  unserved: share("By nobody: no room, and no API allowed."),
});

const billLine = z.object({
  label: text("What is billed; lines of one label are parts of one thing."),
  category: z.enum(COST_CATEGORIES),
  drain: described(z.enum(DRAINS), "The hidden cost of owning it belongs to, if any.").optional(),
  usdPerMonth: usdPerMonth("Mean over the horizon."),
});
const bill = z.object({ usdPerMonth: usdPerMonth("In all."), lines: described(list(billLine), "Largest first.") });

const price = z.object({
  label: text("What the price is of."),
  usdPerMonth: usdPerMonth("What rests on it; 0 where it is billed by use."),
  source: text("Who states it."),
  date: day("The day it is stated for."),
  ageDays: count("Days since then."),
});

const terms = z.object({
  horizonMonths: count("Months the decision looks ahead."),
  baseline: described(z.enum(BASELINES), "What staying on the API means."),
  approvedProviders: described(list(z.string()), "Providers that may be bought from; all when left out.").optional(),
  apiPriceDeclinePerYear: share("Yearly fall of API prices."),
  apiDiscount: share("Discount on API list prices."),
  discountRatePerYear: share("Yearly discount rate of money."),
  confidence: described(z.enum(CONFIDENCES), "End of the capacity interval at which owning must win."),
  uncertainty: z.object({
    traffic: z.number(),
    apiPrice: z.number(),
    gpuMarketPrice: z.number(),
    peopleHours: z.number(),
  }),
});

const header = {
  schema: z.literal("breakeven/results/v1"),
  today: day("The day of the decision."),
  terms,
  sentence: text("The verdict in one sentence."),
};

const unpriced = z.object({
  ...header,
  verdict: z.literal("unpriced"),
  missing: list(z.object({ resource: z.string(), reason: z.string() })),
});

const rent = z.object({ ...header, verdict: z.literal("rent"), staying: bill, prices: list(price) });

const taskCost = z.object({
  usdPerMonth: usdPerMonth("All of it."),
  usdPerMillionTokens: usd("Input and output together."),
  usdPerSuccess: usd("Per answer that does its job; null when none does.").nullable(),
  successShare: share("Requests with an answer that does its job."),
});

const compared = z.object({
  ...header,
  verdict: z.enum(["pass", "marginal", "block"]),
  reasons: list(z.string()),
  owning: described(bill, "The hybrid as planned."),
  staying: described(bill, "The same traffic on the API."),
  savingUsdPerMonth: usdPerMonth("Staying less owning: positive when owning is cheaper."),
  savingByCapacity: byCapacity,
  drains: described(
    z.record(z.enum(["work", ...DRAINS]), z.number()),
    "Owning by hidden cost, US dollars per month; `work` is the rest.",
  ),
  worstCaseUsdPerMonth: usdPerMonth("Owning with every pool at its maximum."),
  tasks: list(
    z.object({
      name: z.string(),
      dataClass: z.enum(DATA_CLASSES),
      requestsPerMonth: z.number(),
      tokensPerMonth: z.number(),
      owning: taskCost,
      staying: taskCost,
      answeredBy,
      stayingModels: list(z.string()),
      fallbackModel: z.string().nullable(),
    }),
  ),
  models: list(
    z.object({
      name: z.string(),
      kind: z.enum(["self-hosted", "api"]),
      pool: z.string().nullable(),
      requestsPerMonth: z.number(),
      tokensPerMonth: z.number(),
      usdPerMonth: z.number(),
      usdPerMillionTokens: z.number().nullable(),
    }),
  ),
  pools: list(
    z.object({
      name: z.string(),
      label: z.string(),
      gpu: z.string(),
      gpusPerNode: z.number(),
      usdPerNodeHour: z.number(),
      meanNodes: z.number(),
      maxNodes: z.number(),
      usdPerMonth: z.number(),
      idleUsdPerMonth: z.number(),
      utilization: z.number(),
    }),
  ),
  utilization: share("Paid GPU capacity that answers requests, mean."),
  answeredBy,
  payback: z.object({
    upfrontUsd: usd("Spent before the first answer."),
    months: count("Months until it is repaid; null when not within the horizon.").nullable(),
  }),
  breakEven: z.discriminatedUnion("reached", [
    z.object({
      reached: z.literal(true),
      volume: count("Multiple of today's traffic."),
      requestsPerDay: z.number(),
      tokensPerMonth: z.number(),
      utilization: z.number(),
    }),
    z.object({ reached: z.literal(false), bestVolume: z.number(), bestSavingUsdPerMonth: z.number() }),
  ]),
  months: described(
    list(
      z.object({
        month: count("0 is the first."),
        date: day("First day."),
        owningUsd: z.number(),
        stayingUsd: z.number(),
        cumulativeSavingUsd: z.number(),
        owning: quantiles,
        staying: quantiles,
        cumulativeSaving: quantiles,
      }),
    ),
    "Month by month, undiscounted; the quantiles are those of the draws.",
  ),
  volumeCurve: described(
    list(
      z.object({
        volume: count("Multiple of today's traffic."),
        tokensPerMonth: z.number(),
        requestsPerDay: z.number(),
        owningUsdPerMonth: z.number(),
        stayingUsdPerMonth: z.number(),
        utilization: z.number(),
        answeredBy,
      }),
    ),
    "Both bills over volume, ascending.",
  ),
  weeks: described(
    list(
      z.object({
        model: z.string(),
        pool: z.string(),
        month: z.number(),
        demand: numbers("Requests per hour."),
        capacity: numbers("Requests per hour the running replicas can serve."),
        served: numbers("Requests per hour they serve."),
        replicas: numbers("Running replicas."),
        poolNodes: numbers("Paid nodes of the pool."),
      }),
    ),
    "The busiest week of each model: 168 hours, Monday 00:00 UTC first.",
  ),
  tornado: list(
    z.object({
      input: z.string(),
      label: z.string(),
      low: z.string(),
      high: z.string(),
      savingLowUsdPerMonth: z.number(),
      savingHighUsdPerMonth: z.number(),
      flips: z.boolean(),
    }),
  ),
  risk: z.object({
    seed: z.number(),
    draws: z.number(),
    savingUsdPerMonth: quantiles,
    owningUsdPerMonth: quantiles,
    stayingUsdPerMonth: quantiles,
    probabilityOwningIsCheaper: share("Draws in which owning costs less."),
    histogram: z.object({ fromUsd: z.number(), toUsd: z.number(), counts: numbers("Draws per bin.") }),
    distributions: list(
      z.object({ input: z.string(), label: z.string(), p05: z.number(), p95: z.number(), basis: z.string() }),
    ),
  }),
  evidence: list(
    z.object({
      task: z.string(),
      model: z.string(),
      gpu: z.string(),
      tier: z.enum(["A", "B", "C"]),
      p90Error: z.number(),
      requestsPerSecond: byCapacity,
      ttftMs: z.number(),
      tpotMs: z.number(),
      text: z.string(),
      notes: list(z.string()),
    }),
  ),
  prices: list(price),
  baselines: list(
    z.discriminatedUnion("priced", [
      z.object({
        baseline: z.enum(BASELINES),
        priced: z.literal(true),
        isUsed: z.boolean(),
        usdPerMonth: z.number(),
        savingUsdPerMonth: z.number(),
        routes: list(z.object({ task: z.string(), apiModel: z.string(), share: z.number() })),
      }),
      z.object({
        baseline: z.enum(BASELINES),
        priced: z.literal(false),
        isUsed: z.boolean(),
        reason: z.string(),
      }),
    ]),
  ),
  options: list(
    z.discriminatedUnion("priced", [
      z.object({
        option: z.string(),
        label: z.string(),
        priced: z.literal(true),
        oneOffUsd: z.number(),
        usdPerMonth: z.number(),
        savingUsdPerMonth: z.number(),
        paybackMonths: z.number().nullable(),
        inputs: list(z.string()),
      }),
      z.object({ option: z.string(), label: z.string(), priced: z.literal(false), reason: z.string() }),
    ]),
  ),
  advice: list(z.object({ question: z.string(), answer: z.enum(["yes", "no", "not stated"]), why: z.string() })),
  assumptions: list(z.string()),
});

/** `Results` of the economics, field by field. */
export const resultsSchema = z.discriminatedUnion("verdict", [compared, rent, unpriced]);
