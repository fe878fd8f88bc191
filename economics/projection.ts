import { type BillLine, sumUsd } from "./bill.ts";
import type { Confidence, Operations, Terms } from "./plan.ts";
import type { PreparedPlan } from "./prepare.ts";
import { type Month, simulateMonth } from "./simulate.ts";
import { MONTHS_PER_YEAR } from "./units.ts";

/** Both bills over the horizon, as means per month (discounted when the terms say so). */
export interface Projection {
  readonly owning: readonly BillLine[];
  readonly staying: readonly BillLine[];
  readonly owningUsdPerMonth: number;
  readonly stayingUsdPerMonth: number;
  /** Positive when owning is cheaper. */
  readonly savingUsdPerMonth: number;
  /** Mean share of paid GPU capacity that answers requests, 0 to 1. */
  readonly utilization: number;
  readonly selfServedShare: number;
  readonly unservedShare: number;
  /** Undiscounted totals month by month. */
  readonly months: readonly { readonly owningUsd: number; readonly stayingUsd: number }[];
}

export interface ProjectionOptions {
  readonly volume?: number;
  readonly bound?: Confidence;
  readonly worstCase?: boolean;
}

/** People cost per month, set-up spread over the horizon. */
export function peopleLines(operations: Operations, { horizonMonths }: Terms): readonly BillLine[] {
  const { engineerUsdPerHour: rate } = operations;
  const line = (label: string, hours: number): BillLine => ({ label, category: "people", usdPerMonth: hours * rate });
  return [
    line(`set-up, ${operations.setupHours} h over ${horizonMonths} months`, operations.setupHours / horizonMonths),
    line(`maintenance, ${operations.maintenanceHoursPerMonth} h/month`, operations.maintenanceHoursPerMonth),
    line(`on-call and incidents, ${operations.onCallHoursPerMonth} h/month`, operations.onCallHoursPerMonth),
    line(`model updates, ${operations.modelUpdateHoursPerMonth} h/month`, operations.modelUpdateHoursPerMonth),
  ].filter(({ usdPerMonth }) => usdPerMonth > 0);
}

/** Present-value weights of the months that add up to one, so that weighted sums are means per month. */
function monthWeights({ horizonMonths, discountRatePerYear }: Terms): readonly number[] {
  const factors = Array.from(
    { length: horizonMonths },
    (_, month) => (1 + discountRatePerYear) ** (-month / MONTHS_PER_YEAR),
  );
  return factors.map((factor) => factor / horizonMonths);
}

/** Projects both bills over the horizon. */
export function project(
  prepared: PreparedPlan,
  { volume = 1, bound = "median", worstCase = false }: ProjectionOptions = {},
): Projection {
  const { plan } = prepared;
  const weights = monthWeights(plan.terms);
  const months = weights.map((_, month) => simulateMonth(prepared, { month, volume, bound, worstCase }));
  const weight = weights.reduce((sum, value) => sum + value, 0);
  const mean = (pick: (month: Month) => number) =>
    months.reduce((sum, month, index) => sum + pick(month) * (weights[index] as number), 0);
  const total = (pick: (month: Month) => number) => months.reduce((sum, month) => sum + pick(month), 0);

  const people = peopleLines(plan.operations, plan.terms);
  const steady = [...plan.priced.lines, ...people].map((line) => ({ ...line, usdPerMonth: line.usdPerMonth * weight }));
  const owning: BillLine[] = [
    ...plan.priced.pools.map(
      ({ label }, index): BillLine => ({
        label,
        category: "gpu",
        usdPerMonth: mean((month) => month.poolUsd[index] as number),
      }),
    ),
    ...steady,
    {
      label: "traffic through load balancer and NAT",
      category: "platform",
      usdPerMonth: mean((month) => month.usageUsd),
    },
    { label: "API for fallback, overflow and escalation", category: "api", usdPerMonth: mean((month) => month.apiUsd) },
    { label: "failed answers", category: "failures", usdPerMonth: mean((month) => month.failuresUsd) },
  ].filter(({ usdPerMonth }) => usdPerMonth > 0) as BillLine[];
  const staying: BillLine[] = [
    { label: "API", category: "api", usdPerMonth: mean((month) => month.stayingApiUsd) } as const,
    { label: "failed answers", category: "failures", usdPerMonth: mean((month) => month.stayingFailuresUsd) } as const,
  ].filter(({ usdPerMonth }) => usdPerMonth > 0);

  const owningUsdPerMonth = sumUsd(owning);
  const stayingUsdPerMonth = sumUsd(staying);
  const requests = total((month) => month.requests);
  const gpus = plan.priced.pools.map(({ gpusPerNode, maxNodes }) => gpusPerNode * maxNodes);
  const allGpus = gpus.reduce((sum, count) => sum + count, 0);
  const utilization = months.reduce(
    (sum, month) =>
      sum + month.poolUtilization.reduce((part, value, index) => part + value * (gpus[index] as number), 0),
    0,
  );
  const steadyUsd = sumUsd([...plan.priced.lines, ...people]);
  return {
    owning,
    staying,
    owningUsdPerMonth,
    stayingUsdPerMonth,
    savingUsdPerMonth: stayingUsdPerMonth - owningUsdPerMonth,
    utilization: allGpus === 0 ? 0 : utilization / allGpus / months.length,
    selfServedShare: requests === 0 ? 0 : total((month) => month.selfServedRequests) / requests,
    unservedShare: requests === 0 ? 0 : total((month) => month.unservedRequests) / requests,
    months: months.map((month) => ({
      owningUsd:
        month.poolUsd.reduce((sum, usd) => sum + usd, 0) +
        steadyUsd +
        month.usageUsd +
        month.apiUsd +
        month.failuresUsd,
      stayingUsd: month.stayingApiUsd + month.stayingFailuresUsd,
    })),
  };
}
