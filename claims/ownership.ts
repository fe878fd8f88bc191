import { sumUsd } from "../economics/bill.ts";
import { percentText, usdText } from "../economics/format.ts";
import type { Gpu } from "../economics/gpu.ts";
import { ownedCost, ownedUsdPerNodeHour } from "../economics/owned-hardware.ts";
import { HOURS_PER_MONTH, HOURS_PER_YEAR, MILLION, MONTHS_PER_YEAR, SECONDS_PER_HOUR } from "../economics/units.ts";
import { gpuHourUsd, known, mixedUsdPerMillion, perGpuHour, replicaCapacity } from "./amounts.ts";
import { type Claim, compared, type Facts, figure, type Range, tally } from "./claim.ts";
import { type OwningStack, owningStacks } from "./stacks.ts";

const PER_MONTH = "USD/month";

const categoryUsd = ({ decision }: OwningStack, ...categories: readonly string[]): number =>
  sumUsd(decision.projection.owning.filter(({ category }) => categories.includes(category)));

const span = (values: readonly number[]): Range => [Math.min(...values), Math.max(...values)];
const percentSpan = ([low, high]: Range): string => `${percentText(low)} to ${percentText(high)}`;

const peopleShare: Claim = {
  id: "S0-4",
  says: "People are 40-60 % of the total cost",
  recompute(facts) {
    const figures = owningStacks(facts).map((stack) =>
      figure(
        stack.file,
        "share",
        [0.4, 0.6],
        categoryUsd(stack, "people") / stack.decision.projection.owningUsdPerMonth,
      ),
    );
    const shares = span(figures.flatMap(({ ours }) => ours ?? []));
    return compared(figures, {
      published: "40-60 %",
      ours: `${percentSpan(shares)} of our stacks' bills`,
      reason: `Hours hardly grow with the fleet, so the share is high for one GPU and low for a rack: it is a result, not a rule. In the range: ${tally(figures)} committed stacks.`,
    });
  },
};

/** What platform and people of the committed stacks cost a month. */
const aroundUsd = (facts: Facts): Range =>
  span(owningStacks(facts).map((stack) => categoryUsd(stack, "platform", "people")));

const HOURLY_SPOT_USD = 1.65;

const spotYear: Claim = {
  id: "S2-1",
  says: "An H100 on spot at $1.65 an hour and 70 % utilisation costs about $10,000 a year",
  recompute(facts) {
    const year = HOURLY_SPOT_USD * HOURS_PER_YEAR * 0.7;
    const spot = gpuHourUsd(facts, "H100-SXM", "H100", ["spot"]);
    return compared([figure("a year at 70 %", "USD/year", 10_000, year)], {
      published: "$10,000/year",
      ours: `${usdText(year)}/year`,
      reason: `The product holds, for a GPU that is given back while idle: utilisation divides work, not the bill. Held all year it costs ${usdText(HOURLY_SPOT_USD * HOURS_PER_YEAR)}. Spot offers in the catalogue: ${usdText(spot[0])}-${usdText(spot[1])} an hour.`,
    });
  },
};

const totalOverGpu: Claim = {
  id: "S2-2",
  says: "The full cost of ownership is three to five times the raw GPU price",
  recompute(facts) {
    const figures = owningStacks(facts).map((stack) =>
      figure(stack.file, "ratio", [3, 5], categoryUsd(stack, "gpu", "platform", "people") / categoryUsd(stack, "gpu")),
    );
    const [low, high] = span(figures.flatMap(({ ours }) => ours ?? []));
    return compared(figures, {
      published: "3-5x",
      ours: `${low.toFixed(1)}x to ${high.toFixed(1)}x for our stacks`,
      reason: `Without the API lines: GPUs, platform and people over GPUs. In the range: ${tally(figures)} committed stacks. The factor falls as the fleet grows, so it cannot be applied to a price.`,
    });
  },
};

/** Monthly volume of the unit-price claim, and how it is cut into requests: half input, half output. */
const TEN_BILLION = 10e9;
const REQUEST_TOKENS = 2000;
const SECONDS_PER_MONTH = HOURS_PER_MONTH * SECONDS_PER_HOUR;

/** Cost of a million tokens at a flat 10 B tokens a month: rented replicas at the market's prices, platform and people. */
function unitUsdPerMillion(facts: Facts, model: string, gpus: number): Range {
  const half = REQUEST_TOKENS / 2;
  const query = { model, gpu: "H100-SXM", gpus, precision: "fp8", inputTokens: half, outputTokens: half } as const;
  const { median } = known(replicaCapacity(facts, query)).requestsPerSecond;
  const replicas = Math.ceil(TEN_BILLION / REQUEST_TOKENS / SECONDS_PER_MONTH / median);
  const rent = gpuHourUsd(facts, "H100-SXM", "H100", ["on-demand"]);
  const around = aroundUsd(facts);
  const unit = (gpuHour: number, rest: number) =>
    (replicas * gpus * HOURS_PER_MONTH * gpuHour + rest) / (TEN_BILLION / MILLION);
  return [unit(rent[0], around[0]), unit(rent[1], around[1])];
}

const rangeText = ([low, high]: Range): string => `${usdText(low)}-${usdText(high)}`;

const unitPrice: Claim = {
  id: "S2-3",
  says: "At 10 B tokens a month self-hosting costs $0.001-0.002 per thousand tokens",
  recompute(facts) {
    const [small, large] = [unitUsdPerMillion(facts, "Llama-3.1-8B", 1), unitUsdPerMillion(facts, "Llama-3.1-70B", 2)];
    const hosted = facts.catalog.apiModels
      .filter(({ openWeights }) => openWeights === "Llama-3.1-70B")
      .map((api) => mixedUsdPerMillion(api, 0.5, facts.today));
    return compared(
      [
        figure("Llama-3.1-8B fp8 on H100", "USD/M tokens", [1, 2], small),
        figure("Llama-3.1-70B fp8 on pairs of H100", "USD/M tokens", [1, 2], large),
      ],
      {
        published: "$1-2 per million",
        ours: `8B ${rangeText(small)}, 70B ${rangeText(large)} per million`,
        reason: `On-demand rents of the catalogue, 1,000 + 1,000 tokens at an even rate, with platform and people of the committed stacks. It needs that even rate and no spare replica; the 70B weights are hosted for ${rangeText(span(hosted))}.`,
      },
    );
  },
};

/** What serves all month: spot nodes are taken away. */
const WITHOUT_SPOT = ["on-demand", "commit-1y", "commit-3y", "capacity-block"] as const;

/** Published monthly amounts by fleet of A100 GPUs: rent, and owned. */
const A100_FLEETS: readonly (readonly [string, number, "40" | "80", Range, Range])[] = [
  ["7-9B, 1x A100-40", 1, "40", [400, 800], [200, 400]],
  ["13-14B, 1x A100-80", 1, "80", [600, 1200], [300, 600]],
  ["27-32B, 2x A100-80", 2, "80", [1000, 2000], [500, 1000]],
  ["70-72B, 4x A100-80", 4, "80", [2000, 4000], [1000, 2000]],
  ["200B+, 8x A100-80", 8, "80", [4000, 8000], [2000, 4000]],
];
/** Stated terms of owning; the purchase price is solved for, as the claim names none. */
const OWNED = { lifeMonths: 48, pue: 1.4, usdPerKwh: 0.14 } as const;

const ownedUsdPerMonth = ({ tdpWatts }: Gpu, gpus: number, usdPerGpu: number): number => {
  const { lifeMonths, pue, usdPerKwh } = OWNED;
  const bought = { purchaseUsd: gpus * usdPerGpu, residualUsd: 0, lifeMonths, colocationUsdPerMonth: 0, spareShare: 0 };
  return HOURS_PER_MONTH * ownedUsdPerNodeHour(ownedCost({ ...bought, watts: gpus * tdpWatts, pue, usdPerKwh }, 0));
};

/** What one GPU may cost for an owned amount to come out: the write-off that is left beside electricity. */
const impliedPurchaseUsd = (gpu: Gpu, gpus: number, usdPerMonth: number): number =>
  ((usdPerMonth - ownedUsdPerMonth(gpu, gpus, 0)) / gpus) * OWNED.lifeMonths;

const rentAndOwn: Claim = {
  id: "S4-2",
  says: "Monthly rent and owned cost by model size, from 1x A100-40 at $400-800 or $200-400 to 8x A100-80 at $4,000-8,000 or $2,000-4,000",
  recompute(facts) {
    const rents = A100_FLEETS.map(([name, gpus, memory, rent]) => {
      const offers = gpuHourUsd(facts, `A100-${memory}-SXM`, `A100-${memory}GB`, WITHOUT_SPOT);
      return figure(`${name}, rent`, PER_MONTH, rent, [
        offers[0] * gpus * HOURS_PER_MONTH,
        offers[1] * gpus * HOURS_PER_MONTH,
      ]);
    });
    const gpu = known(facts.catalog.gpu("A100-80-SXM"));
    const implied = A100_FLEETS.map(
      ([, gpus, , , own]) => own.map((usd) => impliedPurchaseUsd(gpu, gpus, usd)) as [number, number],
    );
    const common: Range = [Math.max(...implied.map(([low]) => low)), Math.min(...implied.map(([, high]) => high))];
    const owned = A100_FLEETS.map(([name, gpus, , , own]) =>
      figure(`${name}, owned at ${usdText(common[0])} a GPU`, PER_MONTH, own, ownedUsdPerMonth(gpu, gpus, common[0])),
    );
    const hourly = A100_FLEETS.flatMap(([, gpus, , rent]) => rent.map((usd) => perGpuHour(usd, gpus)));
    const { lifeMonths, pue, usdPerKwh } = OWNED;
    return compared([...rents, ...owned], {
      published: "$400-8,000 rented, $200-4,000 owned",
      ours: `${tally(rents)} rents on offer, ${tally(owned)} owned amounts`,
      reason: `The owned amounts come out, over ${lifeMonths} months at ${gpu.tdpWatts} W, PUE ${pue} and $${usdPerKwh}/kWh, for ${rangeText(common)} an A100: no published price says so, and hosts, spares and rent of the room are left out. Rents are ${usdText(Math.min(...hourly))}-${usdText(Math.max(...hourly))} a GPU-hour; without spot an A100-40 is offered from ${usdText(gpuHourUsd(facts, "A100-40-SXM", "A100-40GB", WITHOUT_SPOT)[0])}.`,
    });
  },
};

const HIDDEN_LINES: readonly (readonly [string, number, number])[] = [
  ["load balancer and gateway", 50, 200],
  ["monitoring", 50, 200],
  ["DevOps", 500, 3000],
  ["updates", 100, 500],
  ["electricity on premises", 200, 1000],
];

const hiddenCosts: Claim = {
  id: "S4-3",
  says: "Monthly hidden costs, line by line: load balancer 50-200, monitoring 50-200, DevOps 500-3,000, updates 100-500, electricity 200-1,000, in all 900-4,900",
  recompute(facts) {
    const low = HIDDEN_LINES.reduce((sum, [, from]) => sum + from, 0);
    const high = HIDDEN_LINES.reduce((sum, [, , to]) => sum + to, 0);
    const ours = aroundUsd(facts);
    return compared(
      [figure("sum of the low ends", PER_MONTH, 900, low), figure("sum of the high ends", PER_MONTH, 4900, high)],
      {
        published: "$900-4,900/month",
        ours: `${usdText(low)}-${usdText(high)}/month`,
        reason: `The lines add up to the total. Platform and people of the committed stacks cost ${usdText(ours[0])}-${usdText(ours[1])}: on-call and set-up are missing from the list.`,
      },
    );
  },
};

const WORKING_HOURS_PER_YEAR = 2080;

const engineerShare: Claim = {
  id: "S4-4",
  says: "One engineer at about 30 %: saving $1,800 of API cost a month costs $11,000 of engineering",
  recompute({ stacks }) {
    const rate = span(stacks.map(({ input }) => input.operations.engineerUsdPerHour));
    const hours = (WORKING_HOURS_PER_YEAR / MONTHS_PER_YEAR) * 0.3;
    const usd: Range = [hours * rate[0], hours * rate[1]];
    return compared([figure("30 % of an engineer", PER_MONTH, 11_000, usd)], {
      published: "$11,000/month",
      ours: `${usdText(usd[0])}-${usdText(usd[1])}/month`,
      reason: `30 % of ${WORKING_HOURS_PER_YEAR.toLocaleString("en-US")} hours a year are ${Math.round(hours)} a month, at ${usdText(rate[0])}-${usdText(rate[1])} an hour in the committed stacks; $11,000 takes ${usdText(11_000 / hours)} an hour. The point stands at either rate: the people alone cost more than the $1,800 saved.`,
    });
  },
};

export const OWNERSHIP_CLAIMS: readonly Claim[] = [
  peopleShare,
  spotYear,
  totalOverGpu,
  unitPrice,
  rentAndOwn,
  hiddenCosts,
  engineerShare,
];
