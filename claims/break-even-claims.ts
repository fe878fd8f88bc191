import { percentText, usdText } from "../economics/format.ts";
import { HOURS_PER_MONTH, MILLION, SECONDS_PER_HOUR } from "../economics/units.ts";
import {
  ARTICLE_DAYS_PER_MONTH,
  apiUsd,
  awsUsd,
  known,
  listed,
  mixedUsdPerMillion,
  replicaCapacity,
} from "./amounts.ts";
import { type Claim, compared, type Facts, figure, type Range } from "./claim.ts";
import { ARTICLE_8XH100_USD_PER_HOUR } from "./hardware.ts";
import { amountText, rangeText } from "./number-text.ts";
import { articleUsdPerMillion, GPT_4O, TABLE_GPU } from "./prices.ts";
import { exampleDecision } from "./stacks.ts";

const REQUESTS_PER_MONTH = "requests/month";
const TOKENS_PER_MONTH = "M tokens/month";
const requestsText = (requests: number): string => `${amountText(requests / MILLION)} M`;

/** Millions of tokens a day that a monthly number of requests or millions of tokens comes to. */
export const perDay = (requestsPerMonth: number, tokensPerRequest: number): number =>
  (requestsPerMonth * tokensPerRequest) / MILLION / ARTICLE_DAYS_PER_MONTH;

const S0_MODELS = ["Claude 3.7 Sonnet", "GPT-4.1", "Gemini 2.5 Flash"] as const;
export const S0_MONTHLY: Range = [40, 50];

/** Monthly tokens, in millions, whose API bill pays for one always-on L4 node, the smallest GPU that holds a 7-8B model. */
export function smallestNodeTie(facts: Facts, model: (typeof S0_MODELS)[number]): number {
  const usdPerMonth = HOURS_PER_MONTH * awsUsd(facts, "g6.xlarge", "on-demand");
  return usdPerMonth / articleUsdPerMillion(model, facts.today);
}

const fortyMillion: Claim = {
  id: "S0-5",
  says: "Look at owning from 40-50 M tokens a month, hybrid from 10 M, a must from 100 M",
  recompute(facts) {
    const ties = S0_MODELS.map((model) =>
      figure(`tie with ${model}, no people`, TOKENS_PER_MONTH, S0_MONTHLY, smallestNodeTie(facts, model)),
    );
    const text = ties.map(({ ours }, row) => `${amountText(ours?.[0] ?? 0)} M (${S0_MODELS[row]})`).join(", ");
    const bill = 45 * articleUsdPerMillion("GPT-4.1", facts.today);
    return compared(ties, {
      published: "40-50 M tokens/month",
      ours: text,
      reason: `At its own prices 45 M tokens cost ${usdText(bill)} a month on GPT-4.1. One L4 node on AWS costs ${usdText(HOURS_PER_MONTH * awsUsd(facts, "g6.xlarge", "on-demand"))}: the tie comes out only against the dearest of its three models, on one small GPU that nobody looks after.`,
    });
  },
};

/** Tokens of a request in the second article's example. */
export const S1_TOKENS = 2000;

export function millionRequestTies(facts: Facts): Range {
  const perRequest = apiUsd(GPT_4O, 1, S1_TOKENS / 2, S1_TOKENS / 2, facts.today);
  return [4800 / perRequest, (HOURS_PER_MONTH * ARTICLE_8XH100_USD_PER_HOUR) / perRequest];
}

const millionRequests: Claim = {
  id: "S1-5",
  says: "Owning pays from about 1 M requests a month",
  recompute(facts) {
    const [low, high] = millionRequestTies(facts);
    const node =
      (awsUsd(facts, "p5.48xlarge", "on-demand") * HOURS_PER_MONTH) /
      apiUsd(listed(facts, "openai/gpt-4o") ?? GPT_4O, 1, 1000, 1000, facts.today);
    return compared(
      [
        figure("its $4,800 a month for 8x H100", REQUESTS_PER_MONTH, MILLION, low, 0.1),
        figure("its $200 an hour for 8x H100, always on", REQUESTS_PER_MONTH, MILLION, high, 0.1),
      ],
      {
        published: "1 M requests/month",
        ours: `${requestsText(low)} or ${requestsText(high)}`,
        reason: `At its $0.02 a request, 1,000 + 1,000 tokens on GPT-4o; its two prices of the same eight GPUs are ${Math.round(high / low)} times apart and neither gives 1 M. At today's prices of both, AWS on demand, it is ${requestsText(node)}, before people.`,
      },
    );
  },
};

const TCO_FACTORS: Range = [3, 5];
const SPOT_USD_PER_HOUR = 1.65;

/** Monthly tokens, in millions, whose bill on a current middle model pays for one spot H100 times the article's factor. */
export function spotTies(facts: Facts): Range {
  const api = known(facts.catalog.apiModel("openai/gpt-6.1-sol"));
  const unit = mixedUsdPerMillion(api, 0.5, facts.today);
  return TCO_FACTORS.map((factor) => (factor * SPOT_USD_PER_HOUR * HOURS_PER_MONTH) / unit) as [number, number];
}

const twoMillionADay: Claim = {
  id: "S2-4",
  says: "Break-even from 2 M tokens a day; below 60 M a month API, to 500 M tiered, to 5 B managed GPUs, from 10 B own",
  recompute(facts) {
    const [low, high] = spotTies(facts);
    const needed = TCO_FACTORS.map((factor) => (factor * SPOT_USD_PER_HOUR * HOURS_PER_MONTH) / 60);
    return compared(
      [
        figure("first band against 2 M a day", TOKENS_PER_MONTH, 60, 2 * ARTICLE_DAYS_PER_MONTH),
        figure("tie of one GPU with GPT-6.1 Sol, half output", TOKENS_PER_MONTH, 60, [low, high]),
      ],
      {
        published: "60 M tokens/month",
        ours: `${rangeText([low, high])} M tokens/month`,
        reason: `One H100 at its own $1.65 an hour, times its own factor of 3-5: at 60 M tokens the API would have to cost ${usdText(needed[0] ?? 0)}-${usdText(needed[1] ?? 0)} per million. Its bands say to own only from 10 B a month, ${Math.round(10_000 / 60)} times the break-even; 5-10 B is in no band.`,
      },
    );
  },
};

/** The published calculator, with its defaults. */
const CALCULATOR = {
  usdPerThousand: 0.002,
  tokens: 1000,
  rps: 50,
  gpuUsdPerHour: 2.5,
  usdPerHour: 100,
  setupHours: 40,
  monthlyHours: 5,
} as const;
export const CALCULATOR_TOKENS = CALCULATOR.tokens;

const calculatorApi = (requests: number): number => requests * (CALCULATOR.tokens / 1000) * CALCULATOR.usdPerThousand;
const calculatorPeople = (): number => (CALCULATOR.setupHours / 12 + CALCULATOR.monthlyHours) * CALCULATOR.usdPerHour;
const busyUsd = (requests: number): number => (requests / CALCULATOR.rps / SECONDS_PER_HOUR) * CALCULATOR.gpuUsdPerHour;
const alwaysUsd = (): number => HOURS_PER_MONTH * CALCULATOR.gpuUsdPerHour;

/** Requests a month at which the calculator's bills meet: with busy GPU seconds alone, and with a GPU that is held. */
export function calculatorTies(): { readonly busy: number; readonly held: number } {
  const perRequest = calculatorApi(1);
  return {
    busy: calculatorPeople() / (perRequest - busyUsd(1)),
    held: (calculatorPeople() + alwaysUsd()) / perRequest,
  };
}

const millionOrTwo: Claim = {
  id: "S3-3",
  says: "Owning pays from 1-2 M requests a month",
  recompute() {
    const { held, busy } = calculatorTies();
    return compared([figure("tie of its calculator, the GPU held all month", REQUESTS_PER_MONTH, [1e6, 2e6], held)], {
      published: "1-2 M requests/month",
      ours: `${requestsText(held)} requests/month`,
      reason: `It follows from its calculator's prices once idle seconds are billed, which the calculator does not do (then ${requestsText(busy)}). It rests on $2 per million tokens and ${(CALCULATOR.setupHours / 12 + CALCULATOR.monthlyHours).toFixed(1)} hours of people a month.`,
    });
  },
};

const calculator: Claim = {
  id: "S3-4",
  says: "A calculator: 5 M requests of 1,000 tokens cost $10,000.00 on the API and $1,236.11 owned, saving $8,763.89",
  recompute(facts) {
    const requests = 5e6;
    const api = calculatorApi(requests);
    const own = busyUsd(requests) + calculatorPeople();
    const held = alwaysUsd() + calculatorPeople();
    const setup = (CALCULATOR.setupHours * CALCULATOR.usdPerHour) / 12;
    const query = {
      model: "Llama-3.1-8B",
      gpu: "H100-SXM",
      gpus: 1,
      precision: "fp8",
      inputTokens: 500,
      outputTokens: 500,
    } as const;
    const rps = known(replicaCapacity(facts, query)).requestsPerSecond.median;
    const exact = 0.0001;
    const usd = (amount: number) =>
      `$${amount.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
    return compared(
      [
        figure("API", "USD/month", 10_000, api, exact),
        figure("own, as its formula says", "USD/month", 1236.11, own, exact),
        figure("saving", "USD/month", 8763.89, api - own, exact),
      ],
      {
        published: "$10,000.00 - $1,236.11 = $8,763.89",
        ours: `${usd(api)} - ${usd(own)} = ${usd(api - own)}`,
        reason: `The published amount holds one set-up instalment too many: ${usd(1236.11 - own)} against ${usd(setup)}. It bills ${(requests / CALCULATOR.rps / SECONDS_PER_HOUR).toFixed(1)} busy hours; a GPU held all month makes it ${usd(held)}, saving ${usd(api - held)}. An H100 serves ${rps.toFixed(0)} such requests a second with an 8B model, not ${CALCULATOR.rps}.`,
      },
    );
  },
};

/** The last article's price of hosted tokens, and what it says eight A100 cost. */
const S4_USD_PER_MILLION = 0.25;
const S4_FLEET = { rented: [4000, 8000], owned: [2000, 4000] } as const;
export const S4_TOKENS_PER_DAY = 500;

/** Millions of tokens a day whose API bill pays for its fleet. */
export const s4Ties = ([low, high]: Range): Range => [
  low / S4_USD_PER_MILLION / ARTICLE_DAYS_PER_MONTH,
  high / S4_USD_PER_MILLION / ARTICLE_DAYS_PER_MONTH,
];

const threeScenarios: Claim = {
  id: "S4-5",
  says: "1 M tokens a day cost $12.50 on the API, 50 M $375, 500 M $3,750 (Qwen3-32B $4,200), against $400-800, $1,000-2,000, $4,000-8,000 rented; own only above 500 M a day",
  recompute(facts) {
    const served = exampleDecision(facts, "tokens-500m-a-day")?.projection.selfServedShare;
    const month = (tokensPerDay: number, price: number) => tokensPerDay * ARTICLE_DAYS_PER_MONTH * price;
    const [a, b, c] = [1, 50, S4_TOKENS_PER_DAY].map((tokens) => month(tokens, S4_USD_PER_MILLION)) as [
      number,
      number,
      number,
    ];
    const rented = s4Ties(S4_FLEET.rented);
    const owned = s4Ties(S4_FLEET.owned);
    return compared(
      [
        figure("A, 1 M tokens a day", "USD/month", 12.5, a),
        figure("B, 50 M", "USD/month", 375, b),
        figure("C, 500 M", "USD/month", 3750, c),
        figure("C on Qwen3-32B", "USD/month", 4200, month(500, 0.28)),
        figure("tie with eight rented A100", "M tokens/day", S4_TOKENS_PER_DAY, rented, 0.1),
        figure("tie with eight owned A100", "M tokens/day", S4_TOKENS_PER_DAY, owned, 0.1),
      ],
      {
        published: "$12.50 / $375 / $3,750; 500 M/day",
        ours: `${usdText(a)} / ${usdText(b)} / ${usdText(c)}; ${rangeText([owned[0], rented[1]])} M/day`,
        reason: `30 M x $0.25 is ${usdText(a)}, not $12.50; B and C hold. The tie holds at the low end of the rent, if eight A100 serve 500 M tokens a day and nobody is paid: a 235B model on them serves ${served === undefined ? "a share that is not known" : percentText(served)} of it (examples/tokens-500m-a-day.yaml). All tokens are billed at the output price.`,
      },
    );
  },
};

/** The tie of the table with one always-on GPU, in tokens: at the calculator's $2 per million. */
export const tableTokens = (): number => (TABLE_GPU.apiUsdPerRequest / calculatorApi(1)) * CALCULATOR.tokens;

export const BREAK_EVEN_CLAIMS: readonly Claim[] = [
  fortyMillion,
  millionRequests,
  twoMillionADay,
  millionOrTwo,
  calculator,
  threeScenarios,
];
