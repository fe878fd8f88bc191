import { advice } from "./advice.ts";
import { comparedBaselines } from "./baselines.ts";
import { type BillLine, DRAINS, sumUsd, type UsedPrice } from "./bill.ts";
import { breakEven } from "./break-even.ts";
import { evidenceText } from "./capacity/evidence.ts";
import { modelWeeks, trafficAt, volumeCurve } from "./curves.ts";
import { type Compared, type DecisionInput, decide } from "./decide.ts";
import { percentText, usdText } from "./format.ts";
import { comparedOptions } from "./options.ts";
import { payback } from "./payback.ts";

import { ageInDays } from "./provenance.ts";
import { addMonths } from "./request-prices.ts";
import type { Bill, BreakEvenResult, ComparedResults, EvidenceResult, PriceResult, Results } from "./results.ts";
import { RESULTS_SCHEMA } from "./results.ts";
import { DEFAULT_DRAWS, type Risk, simulateRisk } from "./risk.ts";
import { AS_PLANNED } from "./scenario.ts";
import { statedAssumptions } from "./stated-assumptions.ts";
import { type TornadoBar, tornado } from "./tornado.ts";
import { unitCosts } from "./unit-costs.ts";

export interface AnalysisOptions {
  /** Of the draws. The same seed always gives the same results. */
  readonly seed?: number;
  readonly draws?: number;
}

const bill = (lines: readonly BillLine[]): Bill => ({
  usdPerMonth: sumUsd(lines),
  lines: lines.toSorted((a, b) => b.usdPerMonth - a.usdPerMonth),
});

/** The terms alone: what else a caller's object holds is not part of the results. */
function termsOf({ terms }: DecisionInput): ComparedResults["terms"] {
  const { horizonMonths, baseline, approvedProviders, apiPriceDeclinePerYear, apiDiscount } = terms;
  const { discountRatePerYear, confidence, uncertainty } = terms;
  return {
    horizonMonths,
    baseline,
    ...(approvedProviders === undefined ? {} : { approvedProviders }),
    apiPriceDeclinePerYear,
    apiDiscount,
    discountRatePerYear,
    confidence,
    uncertainty,
  };
}

const priceResults = (prices: readonly UsedPrice[], today: string): readonly PriceResult[] =>
  prices.map((price) => ({ ...price, ageDays: ageInDays(price.date, today) }));

function drainsOf(lines: readonly BillLine[]): ComparedResults["drains"] {
  const drains: Record<string, number> = { work: 0 };
  for (const drain of DRAINS) drains[drain] = 0;
  for (const { drain = "work", usdPerMonth } of lines) drains[drain] = (drains[drain] as number) + usdPerMonth;
  return drains as ComparedResults["drains"];
}

function evidenceOf({ prepared }: Compared): readonly EvidenceResult[] {
  const { models, priced } = prepared.plan;
  return prepared.tasks.flatMap(({ name, shares }) =>
    shares.map(({ modelIndex, capacity }): EvidenceResult => {
      const model = models[modelIndex];
      const { tier, p90Error } = capacity.evidence;
      const { requestsPerSecond, ttftMs, tpotMs, notes } = capacity;
      return {
        task: name,
        model: model?.name ?? "",
        gpu: priced.pools.find((pool) => pool.name === model?.pool)?.gpu.name ?? "",
        tier,
        p90Error,
        requestsPerSecond,
        ttftMs,
        tpotMs,
        text: evidenceText(capacity.evidence),
        notes,
      };
    }),
  );
}

function sentenceOf({ kind, projection }: Compared, { probabilityOwningIsCheaper }: Risk): string {
  const { owningUsdPerMonth, stayingUsdPerMonth, savingUsdPerMonth } = projection;
  const amounts = `${usdText(owningUsdPerMonth)} against ${usdText(stayingUsdPerMonth)} per month`;
  const chance = `owning is cheaper in ${percentText(probabilityOwningIsCheaper)} of the draws`;
  if (kind === "pass") return `Owning saves ${usdText(savingUsdPerMonth)} per month: ${amounts}; ${chance}.`;
  const costs =
    savingUsdPerMonth < 0
      ? `Owning costs ${usdText(-savingUsdPerMonth)} per month more than staying`
      : `Owning would save ${usdText(savingUsdPerMonth)} per month`;
  const end = kind === "marginal" ? ", but not at both ends of the capacity interval" : "";
  return `${costs}${end}: ${amounts}; ${chance}.`;
}

/** What moved the verdict: the largest line, the use of the fleet, the volume that would change it, the inputs that flip it. */
function reasonsOf(
  { projection, kind }: Compared,
  meeting: BreakEvenResult,
  bars: readonly TornadoBar[],
): readonly string[] {
  const largest = projection.owning.toSorted((a, b) => b.usdPerMonth - a.usdPerMonth)[0];
  const flipping = bars.filter(({ flips }) => flips).map(({ label }) => label);
  return [
    ...(largest === undefined
      ? []
      : [
          `The largest line of owning is ${largest.label}${largest.drain === undefined ? "" : ` (${largest.drain})`}: ${usdText(largest.usdPerMonth)} per month, ${percentText(largest.usdPerMonth / projection.owningUsdPerMonth)} of the bill.`,
        ]),
    `The GPUs that are paid work ${percentText(projection.utilization)} of the time.`,
    meeting.reached
      ? `Both bills meet at ${Number(meeting.volume.toPrecision(3))} times today's traffic.`
      : `Both bills meet at no volume of this plan; the closest is ${Number(meeting.bestVolume.toPrecision(3))} times today's traffic.`,
    flipping.length === 0
      ? "No single input moves the median verdict within its plausible range."
      : `The verdict ${kind === "pass" ? "falls" : "turns"} with ${flipping.join(", ")}.`,
  ];
}

/**
 * Everything about a decision as one plain object: the verdict and what it rests on, risk and sensitivity, curves for
 * charts. Pure: the same input, seed and number of draws always give the same results.
 */
export function analyse(
  input: DecisionInput,
  { seed = DEFAULT_DRAWS.seed, draws = DEFAULT_DRAWS.draws }: AnalysisOptions = {},
): Results {
  const decision = decide(input);
  const { today } = input;
  const header = { schema: RESULTS_SCHEMA, today, terms: termsOf(input) } as const;
  if (decision.kind === "unpriced") {
    const { missing } = decision;
    const sentence = "No verdict: something has no price or no capacity, and that never counts as zero.";
    return { ...header, verdict: "unpriced", sentence, missing };
  }
  const prices = priceResults(decision.prices, today);
  if (decision.kind === "rent") {
    const { stayingUsdPerMonth, staying } = decision;
    const sentence = `The plan has no GPUs, there is nothing to compare: the API bill is ${usdText(stayingUsdPerMonth)} per month.`;
    return { ...header, verdict: "rent", sentence, staying: bill(staying), prices };
  }
  const { projection, saving, projector, prepared } = decision;
  const { months: riskMonths, ...risk } = simulateRisk(projector, { seed, draws });
  const crossing = breakEven(projector);
  const meeting: BreakEvenResult = crossing.reached
    ? { ...crossing, ...trafficAt(projector, crossing.volume) }
    : crossing;
  const bars = tornado(input, projector);
  let saved = 0;
  return {
    ...header,
    verdict: decision.kind,
    sentence: sentenceOf(decision, { ...risk, months: riskMonths }),
    reasons: reasonsOf(decision, meeting, bars),
    owning: bill(projection.owning),
    staying: bill(projection.staying),
    savingUsdPerMonth: projection.savingUsdPerMonth,
    savingByCapacity: saving,
    drains: drainsOf(projection.owning),
    worstCaseUsdPerMonth: projector.totals({ ...AS_PLANNED, worstCase: true }).owningUsdPerMonth,
    ...unitCosts(projector),
    utilization: projection.utilization,
    payback: payback(projector),
    breakEven: meeting,
    months: projection.months.map(({ owningUsd, stayingUsd }, month) => {
      saved += stayingUsd - owningUsd;
      const band = riskMonths[month] as Risk["months"][number];
      return { month, date: addMonths(today, month), owningUsd, stayingUsd, cumulativeSavingUsd: saved, ...band };
    }),
    volumeCurve: volumeCurve(projector, crossing),
    weeks: modelWeeks(projector),
    tornado: bars,
    risk,
    evidence: evidenceOf(decision),
    prices,
    baselines: comparedBaselines(input, projector),
    options: comparedOptions(input, projector),
    advice: advice(prepared),
    assumptions: statedAssumptions(prepared),
  };
}
