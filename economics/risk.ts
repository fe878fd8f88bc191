import type { Uncertainty } from "./assumptions.ts";
import type { PreparedPlan } from "./prepare.ts";
import type { Projector } from "./projection.ts";
import { normalDraws, normalQuantile } from "./random.ts";
import { AS_PLANNED, type Scenario } from "./scenario.ts";

/** A figure under uncertainty: a tenth of the draws lies below `p10`, a tenth above `p90`. */
export interface Quantiles {
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
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

/** How a decision is drawn unless somebody asks otherwise. */
export const DEFAULT_DRAWS = { seed: 1, draws: 1000 } as const;

const BINS = 40;
/** Standard deviations within which nine of ten outcomes lie. */
const P95 = normalQuantile(0.95);

type DrawnInput = "traffic" | "capacity" | "apiPrice" | "gpuMarketPrice" | "peopleHours";

/** One uncertain input: its value for a standard normal number. */
export interface Distribution {
  readonly input: DrawnInput;
  readonly label: string;
  readonly basis: string;
  readonly at: (deviation: number) => number;
  /** The multiple of the plan's figure a drawn value stands for. */
  readonly multiple: (value: number) => number;
}

const logNormal =
  (spread: number) =>
  (deviation: number): number =>
    (1 + spread) ** (deviation / P95);

/** What is drawn. Capacities of all models move together: they share the estimator that may be wrong. */
export function distributions({ plan, tasks }: PreparedPlan): readonly Distribution[] {
  const { uncertainty } = plan.terms;
  const stated = (input: keyof Uncertainty, label: string): Distribution => ({
    input,
    label,
    basis: `economics.uncertainty.${input} ${uncertainty[input]}, log-normal`,
    at: logNormal(uncertainty[input]),
    multiple: (value) => value,
  });
  const errors = tasks.flatMap(({ shares }) => shares).map(({ capacity }) => capacity.p90Error);
  const widest = Math.max(0, ...errors);
  return [
    stated("traffic", "traffic"),
    {
      input: "capacity",
      label: "throughput of a replica",
      basis: `measured errors of the estimate: nine of ten within ${Math.round(widest * 100)} %, log-normal`,
      at: (deviation) => deviation / P95,
      multiple: (position) => (1 + widest) ** position,
    },
    stated("apiPrice", "API prices"),
    stated("gpuMarketPrice", "GPU prices no contract fixes"),
    stated("peopleHours", "hours of people"),
  ];
}

/** The value below which a share of sorted numbers lies, interpolated. */
export function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (high - low) * (position - below);
}

function quantiles(values: Float64Array): Quantiles {
  const sorted = values.toSorted();
  return { p10: quantile(sorted, 0.1), p50: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) };
}

function histogramOf(values: Float64Array): RiskResult["histogram"] {
  const sorted = values.toSorted();
  const [fromUsd, toUsd] = [sorted[0] as number, sorted.at(-1) as number];
  const counts = new Array<number>(BINS).fill(0);
  const width = (toUsd - fromUsd) / BINS;
  for (const value of values) {
    const bin = width === 0 ? 0 : Math.min(BINS - 1, Math.floor((value - fromUsd) / width));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { fromUsd, toUsd, counts };
}

export interface Risk extends RiskResult {
  readonly months: readonly {
    readonly owning: Quantiles;
    readonly staying: Quantiles;
    readonly cumulativeSaving: Quantiles;
  }[];
}

/** Draws all uncertain inputs `draws` times and computes both bills each time. The same seed always gives the same figures. */
export function simulateRisk(projector: Projector, { seed, draws }: { seed: number; draws: number }): Risk {
  const { prepared } = projector;
  const inputs = distributions(prepared);
  const { horizonMonths } = prepared.plan.terms;
  const numbers = normalDraws(seed, draws, inputs.length);
  const column = () => new Float64Array(draws);
  const [saving, owning, staying] = [column(), column(), column()];
  const months = Array.from({ length: horizonMonths }, () => ({
    owning: column(),
    staying: column(),
    saved: column(),
  }));
  const scenario: { -readonly [Key in keyof Scenario]: Scenario[Key] } = { ...AS_PLANNED };
  let wins = 0;
  for (let draw = 0; draw < draws; draw++) {
    for (let index = 0; index < inputs.length; index++) {
      const { input, at } = inputs[index] as Distribution;
      scenario[input] = at(numbers[draw * inputs.length + index] as number);
    }
    const totals = projector.totals(scenario);
    saving[draw] = totals.savingUsdPerMonth;
    owning[draw] = totals.owningUsdPerMonth;
    staying[draw] = totals.stayingUsdPerMonth;
    if (totals.savingUsdPerMonth >= 0) wins++;
    let saved = 0;
    for (let month = 0; month < horizonMonths; month++) {
      const here = months[month] as (typeof months)[number];
      const [own, stay] = [projector.owningUsd[month] as number, projector.stayingUsd[month] as number];
      saved += stay - own;
      here.owning[draw] = own;
      here.staying[draw] = stay;
      here.saved[draw] = saved;
    }
  }
  return {
    seed,
    draws,
    savingUsdPerMonth: quantiles(saving),
    owningUsdPerMonth: quantiles(owning),
    stayingUsdPerMonth: quantiles(staying),
    probabilityOwningIsCheaper: wins / draws,
    histogram: histogramOf(saving),
    distributions: inputs.map(({ input, label, basis, at, multiple }) => ({
      input,
      label,
      basis,
      p05: multiple(at(-P95)),
      p95: multiple(at(P95)),
    })),
    months: months.map((month) => ({
      owning: quantiles(month.owning),
      staying: quantiles(month.staying),
      cumulativeSaving: quantiles(month.saved),
    })),
  };
}
