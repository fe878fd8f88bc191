import { breakEven } from "../economics/break-even.ts";
import { MILLION } from "../economics/units.ts";
import { ARTICLE_DAYS_PER_MONTH } from "./amounts.ts";
import {
  CALCULATOR_TOKENS,
  calculatorTies,
  millionRequestTies,
  perDay,
  S0_MONTHLY,
  S1_TOKENS,
  S4_TOKENS_PER_DAY,
  s4Ties,
  smallestNodeTie,
  spotTies,
  tableTokens,
} from "./break-even-claims.ts";
import type { Claim, Facts, Range } from "./claim.ts";
import { type OwningStack, owningStacks } from "./stacks.ts";

/** The volume from which owning is said to pay, in millions of tokens a day. */
export interface VolumeClaim {
  readonly id: Claim["id"];
  readonly published: Range;
  /** What the claim's own inputs give; undefined where it has none. */
  readonly ownInputs?: Range;
  /** How requests and months became tokens a day, and what the second figure rests on. */
  readonly basis: string;
}

/** Where one of this repository's plans breaks even. */
export interface StackBreakEven {
  readonly file: string;
  readonly tokensPerDay: number;
  /** Undefined when no volume is enough. */
  readonly breakEvenTokensPerDay?: number;
}

/** How far the published answers to one question lie apart. */
export interface Contradiction {
  readonly claims: readonly VolumeClaim[];
  /** Highest published volume over the lowest. */
  readonly factor: number;
  readonly stacks: readonly StackBreakEven[];
}

const day = ([low, high]: Range): Range => [low / ARTICLE_DAYS_PER_MONTH, high / ARTICLE_DAYS_PER_MONTH];
const one = (value: number): Range => [value, value];

function volumeClaims(facts: Facts): readonly VolumeClaim[] {
  const { busy, held } = calculatorTies();
  const [low, high] = millionRequestTies(facts);
  return [
    {
      id: "S0-5",
      published: day(S0_MONTHLY),
      ownInputs: day([smallestNodeTie(facts, "Claude 3.7 Sonnet"), smallestNodeTie(facts, "Gemini 2.5 Flash")]),
      basis: "its three API totals against one L4 node",
    },
    {
      id: "S2-4",
      published: one(2),
      ownInputs: day(spotTies(facts)),
      basis: "its spot H100 times 3-5, against GPT-6.1 Sol",
    },
    {
      id: "S3-4",
      published: one(perDay(busy, CALCULATOR_TOKENS)),
      ownInputs: one(perDay(held, CALCULATOR_TOKENS)),
      basis: "its calculator solved; then with idle seconds billed",
    },
    {
      id: "S3-1",
      published: one(perDay(MILLION, tableTokens())),
      ownInputs: one(perDay(MILLION, tableTokens())),
      basis: `1 M requests of ${Math.round(tableTokens())} tokens, at $2/M`,
    },
    {
      id: "S3-3",
      published: [perDay(MILLION, CALCULATOR_TOKENS), perDay(2 * MILLION, CALCULATOR_TOKENS)],
      ownInputs: one(perDay(held, CALCULATOR_TOKENS)),
      basis: "1-2 M requests of 1,000 tokens",
    },
    {
      id: "S1-5",
      published: one(perDay(MILLION, S1_TOKENS)),
      ownInputs: [perDay(low, S1_TOKENS), perDay(high, S1_TOKENS)],
      basis: "1 M requests of 2,000 tokens; its two prices of 8x H100",
    },
    {
      id: "S2-8",
      published: one(10_000 / ARTICLE_DAYS_PER_MONTH),
      basis: "10 B tokens a month, one of five questions",
    },
    {
      id: "S4-5",
      published: one(S4_TOKENS_PER_DAY),
      ownInputs: [s4Ties([2000, 4000])[0], s4Ties([4000, 8000])[1]],
      basis: "its $0.25/M against 8x A100, owned to rented",
    },
  ];
}

function stackBreakEven({ file, input, decision }: OwningStack): StackBreakEven {
  const tokensPerDay = Object.values(input.tasks).reduce(
    (sum, task) => sum + task.requestsPerDay * (task.inputTokensPerRequest + task.outputTokensPerRequest),
    0,
  );
  const meeting = breakEven(decision.projector);
  const millions = tokensPerDay / MILLION;
  return {
    file,
    tokensPerDay: millions,
    ...(meeting.reached ? { breakEvenTokensPerDay: meeting.volume * millions } : {}),
  };
}

/** Every published break-even volume in one unit, lowest first, and where this repository's own plans break even. */
export function contradiction(facts: Facts): Contradiction {
  const claims = volumeClaims(facts).toSorted((a, b) => a.published[0] - b.published[0]);
  const volumes = claims.flatMap(({ published }) => published);
  return {
    claims,
    factor: Math.max(...volumes) / Math.min(...volumes),
    stacks: owningStacks(facts).map(stackBreakEven),
  };
}
