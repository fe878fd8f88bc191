import type { ApiModel } from "../economics/api-price.ts";
import { percentText, usdText } from "../economics/format.ts";
import { MILLION, SECONDS_PER_HOUR } from "../economics/units.ts";
import {
  ARTICLE_DAYS_PER_MONTH,
  apiAt,
  apiUsd,
  basePrice,
  gpuHourUsd,
  inputShareFor,
  listed,
  mixedUsdPerMillion,
  perGpuHour,
} from "./amounts.ts";
import { type Claim, compared, type Figure, figure, tally } from "./claim.ts";

const PER_MILLION = "USD/M tokens";
const PER_MONTH = "USD/month";

/** Published input and output prices, with the model's name in the catalogue. */
const PRICES_OF_2025 = {
  "GPT-4.1": { api: apiAt(2, 8), catalog: "openai/gpt-4.1" },
  "GPT-4.1 mini": { api: apiAt(0.4, 1.6), catalog: "openai/gpt-4.1-mini" },
  "GPT-4.1 nano": { api: apiAt(0.1, 0.4), catalog: "openai/gpt-4.1-nano" },
  "o3-mini": { api: apiAt(1.1, 4.4), catalog: "openai/o3-mini" },
  o1: { api: apiAt(15, 60), catalog: "openai/o1" },
  "Claude 3.7 Sonnet": { api: apiAt(3, 15), catalog: "anthropic/claude-3-7-sonnet-latest" },
  "Claude 3.5 Haiku": { api: apiAt(1, 5), catalog: "anthropic/claude-3-5-haiku-latest" },
  "Claude 3 Haiku": { api: apiAt(0.25, 1.25), catalog: "anthropic/claude-3-haiku" },
  "Gemini 2.5 Flash": { api: apiAt(0.15, 0.6), catalog: "google/gemini-2.5-flash" },
  "Gemini 2.0 Flash": { api: apiAt(0.1, 0.4), catalog: "google/gemini-2.0-flash" },
} as const;

/** GPT-4o as the second article prices it. */
export const GPT_4O = apiAt(5, 15);

function changesText(figures: readonly Figure[]): string {
  const changed = figures.filter(({ holds }) => holds === false);
  return changed.map(({ what, published, ours }) => `${what} ${published[0]} is now ${ours?.[0]}`).join(", ");
}

const listPrices: Claim = {
  id: "S0-1",
  says: "Input and output prices per million tokens of ten API models of 2025",
  recompute(facts) {
    const figures = Object.entries(PRICES_OF_2025).flatMap(([name, { api, catalog }]) => {
      const today = listed(facts, catalog);
      const said = basePrice(api);
      const is = today === undefined ? undefined : basePrice(today);
      return [
        figure(`${name} input`, PER_MILLION, said.input, is?.input),
        figure(`${name} output`, PER_MILLION, said.output, is?.output),
      ];
    });
    figures.push(figure("Gemini 2.5 Flash thinking output", PER_MILLION, 3.5, undefined));
    return compared(figures, {
      published: "20 prices",
      ours: `${tally(figures)} as in the catalogue`,
      reason: `The catalogue has today's prices, not those of 2025: ${changesText(figures)}. The others still hold; a separate price of thinking tokens is no longer listed.`,
    });
  },
};

const VOLUMES = [3, 30, 300, 3000] as const;
/** The largest total is rounded least. */
const LARGEST = 3;
const LARGEST_VOLUME = VOLUMES[LARGEST];
const TOTALS = {
  "GPT-4.1": [19.5, 195, 1950, 19_500],
  "Claude 3.7 Sonnet": [36, 360, 3600, 36_000],
  "Gemini 2.5 Flash": [1.46, 14.63, 146.25, 1462.5],
} as const;

type TotalledModel = keyof typeof TOTALS;

/** The input share at which a model's published totals come out. */
const inputShareOf = (model: TotalledModel, today: string): number =>
  inputShareFor(PRICES_OF_2025[model].api, TOTALS[model][LARGEST] / LARGEST_VOLUME, today);

/** What a million tokens cost as the first article mixes input and output. */
export const articleUsdPerMillion = (model: TotalledModel, today: string): number =>
  mixedUsdPerMillion(PRICES_OF_2025[model].api, inputShareOf(model, today), today);

const monthlyTotals: Claim = {
  id: "S0-2",
  says: "Monthly totals of three models at 3 M to 3 B tokens, the input share not stated",
  recompute({ today }) {
    const share = inputShareOf("GPT-4.1", today);
    const figures = Object.entries(TOTALS).flatMap(([name, totals]) => {
      const { api } = PRICES_OF_2025[name as TotalledModel];
      const usdPerMillion = mixedUsdPerMillion(api, share, today);
      return totals.map((usd, row) =>
        figure(`${name}, ${VOLUMES[row]} M tokens`, PER_MONTH, usd, (VOLUMES[row] as number) * usdPerMillion, 0.005),
      );
    });
    const shares = Object.keys(TOTALS).map((name) => percentText(inputShareOf(name as TotalledModel, today)));
    const api = PRICES_OF_2025["GPT-4.1"].api;
    const flipped = mixedUsdPerMillion(api, 1 - share, today);
    return compared(figures, {
      published: "12 totals, GPT-4.1 $19.50 to $19,500",
      ours: `${tally(figures)} at ${percentText(share)} input`,
      reason: `Solved for: each model's totals need ${[...new Set(shares)].join(", ")} input. Most traffic is mostly prompt; at ${percentText(1 - share)} input GPT-4.1 costs ${usdText(flipped)} per million, not ${usdText(mixedUsdPerMillion(api, share, today))}.`,
    });
  },
};

const CONVERSATIONS_PER_DAY = 10_000;

const supportChat: Claim = {
  id: "S1-1",
  says: "10,000 conversations a day of 1,000 + 1,000 tokens on GPT-4o at $5/$15 cost $200 a day; ten times that $60,000 a month",
  recompute(facts) {
    const day = apiUsd(GPT_4O, CONVERSATIONS_PER_DAY, 1000, 1000, facts.today);
    const month = day * ARTICLE_DAYS_PER_MONTH;
    const now = listed(facts, "openai/gpt-4o");
    const today = now && apiUsd(now, CONVERSATIONS_PER_DAY, 1000, 1000, facts.today) * ARTICLE_DAYS_PER_MONTH;
    const since = today === undefined ? "" : ` At the catalogue's price of GPT-4o the month costs ${usdText(today)}.`;
    return compared(
      [
        figure("a day", "USD/day", 200, day),
        figure("a month", PER_MONTH, 6000, month),
        figure("ten times the traffic", PER_MONTH, 60_000, 10 * month),
      ],
      {
        published: "$200/day, $6,000/month, $60,000/month",
        ours: `${usdText(day)}/day, ${usdText(month)}/month, ${usdText(10 * month)}/month`,
        reason: `The arithmetic holds with ${ARTICLE_DAYS_PER_MONTH} days to a month.${since} Whether owning is cheaper is another question: examples/support-chat.yaml.`,
      },
    );
  },
};

const tenMillionADay: Claim = {
  id: "S1-2",
  says: "10 M tokens a day, half of them output, on GPT-4o cost $100,000 a month, $10 per million",
  recompute({ today }) {
    const unit = mixedUsdPerMillion(GPT_4O, 0.5, today);
    const month = 10 * unit * ARTICLE_DAYS_PER_MONTH;
    const neededPerDay = 100_000 / unit / ARTICLE_DAYS_PER_MONTH;
    return compared([figure("a million tokens", PER_MILLION, 10, unit), figure("a month", PER_MONTH, 100_000, month)], {
      published: "$10/M, $100,000/month",
      ours: `${usdText(unit)}/M, ${usdText(month)}/month`,
      reason: `The unit price holds, the total is ${Math.round(100_000 / month)} times too high: it takes ${Math.round(neededPerDay)} M tokens a day to spend it.`,
    });
  },
};

const priceFall: Claim = {
  id: "S1-8",
  says: "API prices fall by 50-70 % by 2026, and a self-hosted model is a lock-in of its own",
  recompute(facts) {
    const before = apiUsd(GPT_4O, 1, 1000, 1000, facts.today);
    const fallOf = (name: string): number | undefined => {
      const api = listed(facts, name);
      return api && 1 - apiUsd(api, 1, 1000, 1000, facts.today) / before;
    };
    const same = fallOf("openai/gpt-4o");
    const successor = fallOf("openai/gpt-6.1-terra");
    const text = (fall: number | undefined) => (fall === undefined ? "not listed" : percentText(fall));
    return compared([figure("GPT-4o itself, 1,000 + 1,000 tokens", "fall", [0.5, 0.7], same)], {
      published: "50-70 %",
      ours: text(same),
      reason: `GPT-4o fell by ${text(same)} from $5/$15; changing to the provider's current middle model (GPT-6.1 Terra) makes it ${text(successor)}. A stack states its own expectation: economics.apiPriceDeclinePerYear. Lock-in is not computable.`,
    });
  },
};

const REQUESTS = [1e4, 1e5, 1e6, 1e7, 1e8];
const API_TOTALS = [18, 180, 1800, 18_000, 180_000];
/** What one always-on GPU costs per month in this table, and the requests that keep it fully busy. */
export const TABLE_GPU = { usdPerMonth: 1800, requestsPerMonth: 1e7, apiUsdPerRequest: 18 / 1e4 } as const;

const tieTable: Claim = {
  id: "S3-1",
  says: "API $18 to $180,000 a month at 10 K to 100 M requests, against one GPU at $1,800 up to 10 M (then 100 % busy) and three at $5,400 for 100 M; a tie at 1 M",
  recompute() {
    const { usdPerMonth, requestsPerMonth, apiUsdPerRequest } = TABLE_GPU;
    const gpusFor = (requests: number) => Math.max(1, Math.ceil(requests / requestsPerMonth));
    const api = REQUESTS.map((requests, row) =>
      figure(
        `API, ${requests.toLocaleString("en-US")} requests`,
        PER_MONTH,
        API_TOTALS[row] as number,
        requests * apiUsdPerRequest,
      ),
    );
    const own = REQUESTS.map((requests) =>
      figure(
        `GPUs, ${requests.toLocaleString("en-US")} requests`,
        PER_MONTH,
        requests > requestsPerMonth ? 5400 : usdPerMonth,
        gpusFor(requests) * usdPerMonth,
      ),
    );
    const tie = figure("tie", "requests/month", 1e6, usdPerMonth / apiUsdPerRequest);
    const needed = gpusFor(1e8);
    return compared([...api, ...own, tie], {
      published: "tie at 1 M; 100 M on 3 GPUs, $5,400",
      ours: `tie at ${(tie.ours?.[0] ?? 0) / MILLION} M; 100 M on ${needed} GPUs, ${usdText(needed * usdPerMonth)}`,
      reason: `A GPU that is fully busy at 10 M requests cannot serve 33 M: 100 M take ${needed}. The tie follows from $${apiUsdPerRequest} a request and ${usdText(perGpuHour(usdPerMonth, 1))} a GPU-hour, with no people and nothing spare.`,
    });
  },
};

const batchShares = (models: readonly ApiModel[]): readonly number[] =>
  models.flatMap((api) => (api.batch === undefined ? [] : [api.batch.outputUsdPerMillion / basePrice(api).output]));

const gpuPrices: Claim = {
  id: "S3-2",
  says: "Batch costs half; serverless GPUs $0.0001-0.0005 a second; an H100 rents for $2.50-4.00 an hour and sells for $25,000-35,000",
  recompute(facts) {
    const batch = batchShares(facts.catalog.apiModels);
    const rent = gpuHourUsd(facts, "H100-SXM", "H100", ["on-demand"]);
    const serverless = [0.0001, 0.0005].map((usd) => usd * SECONDS_PER_HOUR) as [number, number];
    return compared(
      [
        figure("batch price over ordinary price", "share", 0.5, [Math.min(...batch), Math.max(...batch)]),
        figure("H100, on demand", "USD/GPU-hour", [2.5, 4], rent),
        figure("serverless GPU", "USD/hour", serverless, undefined),
        figure("H100, bought", "USD", [25_000, 35_000], undefined),
      ],
      {
        published: "50 %; $2.50-4.00/h; $25-35 K",
        ours: `${percentText(Math.min(...batch))} for all ${batch.length}; ${usdText(rent[0])}-${usdText(rent[1]).slice(1)}/h`,
        reason: `On-demand offers of the catalogue spread wider and include the range. Purchase and serverless prices are in no row; ${usdText(serverless[0])}-${usdText(serverless[1])} an hour is no more than the cheapest H100 rent, so that GPU is hardly one.`,
      },
    );
  },
};

const HOSTED = [
  ["DeepSeek V4 Flash", 0.25, "deepseek-v4-flash"],
  ["DeepSeek V3.2", 0.38, "deepseek-v3.2"],
  ["Qwen3-32B", 0.28, "qwen3-32b"],
  ["Qwen3-8B", 0.01, "qwen3-8b"],
  ["Qwen3.5-27B", 0.19, "qwen3.5-27b"],
  ["Seed-OSS-36B", 0.2, "seed-oss-36b"],
  ["GLM-4-32B", 0.56, "glm-4-32b"],
  ["GLM-4-9B", 0.01, "glm-4-9b"],
  ["Hunyuan-A13B", 0.57, "hunyuan-a13b"],
  ["Ling-Flash-2.0", 0.5, "ling-flash-2.0"],
] as const;

const hostedPrices: Claim = {
  id: "S4-1",
  says: "Output prices per million tokens of ten hosted open models, $0.01 to $0.57",
  recompute({ catalog }) {
    const figures = HOSTED.map(([name, usd, slug]) => {
      const prices = catalog.apiModels
        .filter((api) => new RegExp(`/${slug.replaceAll(".", "[.p]")}(-\\d+)?$`, "i").test(api.name))
        .map((api) => basePrice(api).output);
      return figure(
        name,
        PER_MILLION,
        usd,
        prices.length === 0 ? undefined : [Math.min(...prices), Math.max(...prices)],
      );
    });
    const off = figures.filter(({ holds }) => holds === false);
    const unlisted = figures.filter(({ ours }) => ours === undefined).length;
    const offText = off.map(
      ({ what, ours, published }) =>
        `${what} costs at least $${ours?.[0]}, ${Math.round((ours?.[0] ?? 0) / published[0])} times as much`,
    );
    return compared(figures, {
      published: "10 prices",
      ours: `${tally(figures)} within the offers of the catalogue`,
      reason: `${offText.join("; ")}. ${unlisted} models are not in the catalogue and are not compared. Input tokens, which these prices leave out, are billed too.`,
    });
  },
};

export const PRICE_CLAIMS: readonly Claim[] = [
  listPrices,
  monthlyTotals,
  supportChat,
  tenMillionADay,
  priceFall,
  tieTable,
  gpuPrices,
  hostedPrices,
];
