import { advice } from "../economics/advice.ts";
import { DRAINS, sumUsd } from "../economics/bill.ts";
import { percentText, usdText } from "../economics/format.ts";
import { HOURS_PER_MONTH, HOURS_PER_WEEK, MILLION } from "../economics/units.ts";
import { apiAt, apiUsd, awsUsd, gpuHourUsd, known, mixedUsdPerMillion } from "./amounts.ts";
import { type Claim, compared, type Finding, figure, notComputable } from "./claim.ts";
import { articleUsdPerMillion, GPT_4O } from "./prices.ts";
import { exampleDecision, type OwningStack, owningStacks, savedShares } from "./stacks.ts";

const shareText = (share: number | undefined): string => (share === undefined ? "no verdict" : percentText(share));

const ENGINEER_WEEK_HOURS = 40;

const distillation: Claim = {
  id: "S0-7",
  says: "Distilling a teacher into a 7-13B student pays back in weeks past about 40 M tokens a month",
  recompute({ stacks, today }) {
    const monthly = 40 * articleUsdPerMillion("GPT-4.1", today);
    const rate = Math.min(...stacks.map(({ input }) => input.operations.engineerUsdPerHour));
    const week = ENGINEER_WEEK_HOURS * rate;
    const weeks = (week / monthly) * (HOURS_PER_MONTH / HOURS_PER_WEEK);
    return compared([figure("payback of one engineer-week, serving for nothing", "weeks", [1, 12], weeks)], {
      published: "weeks (at most 12)",
      ours: `${Math.round(weeks)} weeks`,
      reason: `40 M tokens cost ${usdText(monthly)} a month on GPT-4.1 at its own prices: that is the most a student saves. One engineer-week (${usdText(week)}) takes ${Math.round(weeks)} weeks to earn back, with sampling, training and GPUs free.`,
    });
  },
};

const tiers: Claim = {
  id: "S1-6",
  says: "Simple questions to a small self-hosted model, hard ones escalated: 70-90 % of the API cost is saved",
  recompute(facts) {
    const chat = savedShares(facts, "support-chat");
    const hybrid = savedShares(facts, "fintech-hybrid");
    return compared(
      [
        figure("examples/support-chat.yaml", "share saved", [0.7, 0.9], chat?.owning),
        figure("examples/fintech-hybrid.yaml", "share saved", [0.7, 0.9], hybrid?.owning),
      ],
      {
        published: "70-90 %",
        ours: `${shareText(chat?.owning)} and ${shareText(hybrid?.owning)} in two examples`,
        reason: `The part of the API bill that moves is saved, less GPUs, platform and people, which do not shrink with it. Renting the same small model instead saves ${shareText(chat?.hosted)} and ${shareText(hybrid?.hosted)} before escalations: the saving is the model's size, not its ownership.`,
      },
    );
  },
};

const sovereignty: Claim = {
  id: "S1-7",
  says: "For some data the API is forbidden and cost is secondary; a fintech fell from $150,000 to $12,000 a month on two H100 nodes",
  recompute(facts) {
    const cheapest = gpuHourUsd(facts, "H100-SXM", "H100")[0];
    const gpus = 2 * 8;
    const least = gpus * cheapest * HOURS_PER_MONTH;
    const aws = 2 * HOURS_PER_MONTH * awsUsd(facts, "p5.48xlarge", "commit-3y");
    return compared([figure("two nodes of eight H100, the cheapest offer there is", "USD/month", 12_000, least)], {
      published: "$12,000/month",
      ours: `from ${usdText(least)}/month`,
      reason: `$12,000 are ${usdText(12_000 / gpus / HOURS_PER_MONTH)} a GPU-hour; the lowest price in the catalogue, spot included, is ${usdText(cheapest)}, and two AWS nodes for three years cost ${usdText(aws)}, before people. The sovereign case is examples/sovereign.yaml: ${exampleDecision(facts, "sovereign")?.kind ?? "no verdict"} on cost, allowed by a recorded justification.`,
    });
  },
};

const fintech: Claim = {
  id: "S2-6",
  says: "Hybrid routing saves 40-70 %; about 80 % of enterprise calls fit a 7B model; a fintech fell from $47,000 to $8,000 a month",
  recompute(facts) {
    const saved = savedShares(facts, "fintech-hybrid");
    const least = 0.2 * 47_000;
    return compared(
      [
        figure("examples/fintech-hybrid.yaml", "share saved", [0.4, 0.7], saved?.owning),
        figure("what is left on the API when 80 % of equal calls move for nothing", "USD/month", 8000, least),
      ],
      {
        published: "40-70 %; $8,000/month",
        ours: `${shareText(saved?.owning)}; at least ${usdText(least)}/month`,
        reason: `The range is possible at this size. $8,000 is not: the 20 % of calls that stay cost ${usdText(least)} already if they cost what others do, and hard calls cost more. The smaller model saves, not its ownership: hosted, the same split saves ${shareText(saved?.hosted)}.`,
      },
    );
  },
};

const successfulOutcome: Claim = {
  id: "S2-7",
  says: "Judge by cost per successful outcome: a cheap model that fails half the time is the expensive one",
  recompute(facts) {
    const cheap = apiUsd(known(facts.catalog.apiModel("deepinfra/Qwen/Qwen3-32B")), 1, 1000, 1000, facts.today);
    const strong = apiUsd(known(facts.catalog.apiModel("openai/gpt-6.1-sol")), 1, 1000, 1000, facts.today);
    const failure = (strong - cheap) / 0.5;
    return notComputable(
      `No cost of a failure is stated. Hosted Qwen3-32B failing every second time costs ${usdText(MILLION * cheap * 2)} per million successes, GPT-6.1 Sol ${usdText(MILLION * strong)}: the cheap one is dearer only when a failure costs more than ${(failure * 100).toFixed(1)} cents. Tasks state successRate and failureUsd; both bills carry them.`,
      `dearer above ${(failure * 100).toFixed(1)} cents a failure`,
    );
  },
};

const middleGround: Claim = {
  id: "S2-9",
  says: "Brokered GPUs and hosted open models are the middle ground",
  recompute({ catalog, today }) {
    const hosts = catalog.apiModels.filter(({ openWeights }) => openWeights === "Qwen3-32B");
    const prices = hosts.map((api) => mixedUsdPerMillion(api, 0.5, today)).toSorted((a, b) => a - b);
    const [low = Number.NaN] = prices;
    const high = prices.at(-1) ?? Number.NaN;
    return notComputable(
      `No figure to check. It is the baseline same-weights, part of the default comparison: Qwen3-32B costs ${usdText(low)}-${usdText(high)} per million at ${hosts.length} offers, half output.`,
      `${usdText(low)}-${usdText(high)} per million`,
    );
  },
};

const ROUTER_CHEAP = apiAt(0.28, 0.28);

const costAwareRouter: Claim = {
  id: "S4-7",
  says: "A router asks a cheap model first and escalates unsure or short answers: -60 %",
  recompute({ today }) {
    const ratio = apiUsd(ROUTER_CHEAP, 1, 1000, 1000, today) / apiUsd(GPT_4O, 1, 1000, 1000, today);
    const most = 1 - 0.6 - ratio;
    return {
      status: "not reproduced",
      published: "-60 %",
      ours: "0 %: it raises an error",
      reason: `The published code asks whether a boolean is in a string, which Python refuses with a TypeError at the first answer. Mended, it saves 60 % only while at most ${percentText(most)} of answers escalate (its own Qwen3-32B price against GPT-4o at the $5/$15 of S1-1): every escalated one is paid twice. A task states its escalationRate; the bill carries it.`,
      figures: [],
    };
  },
};

/** Claims without a number, and the feature that does what they ask for. */
const qualitative = (id: Claim["id"], says: string, feature: string): Claim => ({
  id,
  says,
  recompute: (): Finding => notComputable(feature),
});

/** How many of the five questions a stack answers with yes. */
const yesAnswers = ({ decision }: OwningStack): number =>
  advice(decision.prepared).filter(({ answer }) => answer === "yes").length;

const fiveQuestions: Claim = {
  id: "S2-8",
  says: "Three yes of five mean look at owning: over 10 B tokens a month, data cannot leave, deep fine-tuning, an MLOps team, an open model at 95 % of the accuracy",
  recompute(facts) {
    const stacks = owningStacks(facts);
    const most = Math.max(0, ...stacks.map(yesAnswers));
    const won = stacks
      .filter(({ decision }) => decision.kind === "pass")
      .map((stack) => `${stack.file} with ${yesAnswers(stack)}`);
    return notComputable(
      `A rule, no figure; a report answers the questions as advice, as far as the config can. No committed stack has more than ${most} yes; owning passes on cost for ${won.join(" and ")}: the rule and the cost are different things.`,
      `at most ${most} yes`,
    );
  },
};

const sixDrains: Claim = {
  id: "S2-5",
  says: "Six drains on owning: engineering labour, MLOps infrastructure, hardware decay, incidents, opportunity cost, idle capacity",
  recompute(facts) {
    const shares = owningStacks(facts).map(({ decision: { projection } }) => {
      const drained = projection.owning.filter(({ drain }) => drain !== undefined);
      return sumUsd(drained) / projection.owningUsdPerMonth;
    });
    const range = `${percentText(Math.min(...shares))} to ${percentText(Math.max(...shares))}`;
    return notComputable(
      `No amounts. Each of the ${DRAINS.length} is a mark on the lines of the bill; in the committed stacks they make up ${range} of owning, the rest is busy GPUs and the API.`,
      `${range} of our stacks' bills`,
    );
  },
};

export const ARCHITECTURE_CLAIMS: readonly Claim[] = [
  qualitative(
    "S0-6",
    "An orchestration layer routes each request by need over a portfolio of self-hosted models and APIs; startups API, mid-size hybrid, enterprises a portfolio",
    "Architecture, no figure. It is what is deployed: tasks name models, shares and an API model, and the gateway routes by task.",
  ),
  distillation,
  tiers,
  sovereignty,
  sixDrains,
  fintech,
  successfulOutcome,
  fiveQuestions,
  middleGround,
  qualitative(
    "S3-5",
    "A hybrid stack: self-hosted core, API for the frontier, and the API as fallback when the cluster is down",
    "Architecture, no figure. The gateway falls back to a task's API model; availability, overflow and escalation are billed at its price.",
  ),
  qualitative(
    "S4-6",
    "A registry of task to model in the config: a model is swapped by changing one string",
    "Architecture, no figure. It is the config: tasks name a model, catalogModel names its weights, apiModel the API.",
  ),
  costAwareRouter,
  qualitative(
    "S4-8",
    "Development and QA use the API; production starts on the API and owns only past the threshold",
    "A rule, no figure. Policies enforce it: dev-rents, traffic-is-proven with 90 measured days, cheaper-than-api.",
  ),
  qualitative(
    "S4-9",
    "Owning is still right for sustained 500 M+ tokens a day, compliance, research on the model, idle GPUs at hand, latency below 50 ms",
    "Reasons, no figure but the volume (see S4-5). They are the typed justifications: restricted-data, latency-floor, custom-weights, idle-owned-hardware, each with owner and expiry date.",
  ),
];
