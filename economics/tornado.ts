import { type DecisionInput, planOf } from "./decide.ts";
import { multipleText, percentText } from "./format.ts";
import { preparePlan } from "./prepare.ts";
import { type Projector, projector } from "./projection.ts";
import { AS_PLANNED, type Scenario } from "./scenario.ts";
import type { Task } from "./task.ts";

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

/** Ends of inputs without a stated uncertainty: plausible moves, the same for every plan. */
const GROWTH_POINTS = 0.03;
const ANSWER_LENGTH = 1.25;
const ESCALATION = 2;
const SUCCESS_POINTS = 0.05;
/** API prices that stay, and that halve every year. */
const DECLINES = [0, 0.5] as const;

interface Ends {
  readonly input: string;
  readonly label: string;
  readonly low: string;
  readonly high: string;
  readonly savings: readonly [number, number];
}

/** Moves one input at a time to both of its plausible ends, all others as planned. The most powerful first. */
export function tornado(input: DecisionInput, projected: Projector): readonly TornadoBar[] {
  const base = projected.totals(AS_PLANNED).savingUsdPerMonth;
  const { uncertainty, apiPriceDeclinePerYear } = input.terms;
  const at = (changes: Partial<Scenario>) => projected.totals({ ...AS_PLANNED, ...changes }).savingUsdPerMonth;
  const replanned = (changed: DecisionInput): number => {
    const prepared = preparePlan(planOf(changed), changed.catalog);
    return prepared.missing.length > 0 ? Number.NaN : projector(prepared).totals(AS_PLANNED).savingUsdPerMonth;
  };
  const scaled = (key: "traffic" | "apiPrice" | "gpuPrice" | "peopleHours", label: string, spread: number): Ends => {
    const [low, high] = [1 / (1 + spread), 1 + spread];
    return {
      input: key,
      label,
      low: multipleText(low),
      high: multipleText(high),
      savings: [at({ [key]: low }), at({ [key]: high })],
    };
  };
  const withTasks = (change: (task: Task) => Partial<Task>): number =>
    replanned({
      ...input,
      tasks: Object.fromEntries(
        Object.entries(input.tasks).map(([name, task]) => [name, { ...task, ...change(task) }]),
      ),
    });
  const points = (value: number) => `${value > 0 ? "+" : "-"}${percentText(Math.abs(value))}`;
  const declining = (decline: number) =>
    decline === apiPriceDeclinePerYear
      ? base
      : replanned({ ...input, terms: { ...input.terms, apiPriceDeclinePerYear: decline } });
  const tasks = Object.values(input.tasks);

  const bars: Ends[] = [
    scaled("traffic", "traffic", uncertainty.traffic),
    {
      input: "capacity",
      label: "throughput of a replica",
      low: "pessimistic end",
      high: "optimistic end",
      savings: [at({ capacity: -1 }), at({ capacity: 1 })],
    },
    scaled("apiPrice", "API prices", uncertainty.apiPrice),
    scaled("gpuPrice", "GPU prices", uncertainty.gpuMarketPrice),
    scaled("peopleHours", "hours of people", uncertainty.peopleHours),
    {
      input: "monthlyGrowth",
      label: "growth of traffic per month",
      low: points(-GROWTH_POINTS),
      high: points(GROWTH_POINTS),
      savings: [
        withTasks(({ monthlyGrowth }) => ({ monthlyGrowth: monthlyGrowth - GROWTH_POINTS })),
        withTasks(({ monthlyGrowth }) => ({ monthlyGrowth: monthlyGrowth + GROWTH_POINTS })),
      ],
    },
    {
      input: "apiPriceDeclinePerYear",
      label: "fall of API prices per year",
      low: percentText(DECLINES[0]),
      high: percentText(DECLINES[1]),
      savings: [declining(DECLINES[0]), declining(DECLINES[1])],
    },
    {
      input: "outputTokensPerRequest",
      label: "length of answers",
      low: multipleText(1 / ANSWER_LENGTH),
      high: multipleText(ANSWER_LENGTH),
      savings: [
        withTasks(({ outputTokensPerRequest: tokens }) => ({ outputTokensPerRequest: tokens / ANSWER_LENGTH })),
        withTasks(({ outputTokensPerRequest: tokens }) => ({ outputTokensPerRequest: tokens * ANSWER_LENGTH })),
      ],
    },
  ];
  if (tasks.some(({ escalationRate }) => escalationRate > 0))
    bars.push({
      input: "escalationRate",
      label: "answers escalated to the API",
      low: multipleText(1 / ESCALATION),
      high: multipleText(ESCALATION),
      savings: [
        withTasks(({ escalationRate: rate }) => ({ escalationRate: rate / ESCALATION })),
        withTasks(({ escalationRate: rate }) => ({ escalationRate: Math.min(1, rate * ESCALATION) })),
      ],
    });
  if (tasks.some(({ failureUsd, retryRate }) => failureUsd > 0 || retryRate > 0)) {
    const moved = (by: number) =>
      withTasks(({ successRate }) => ({
        successRate: { ...successRate, selfHosted: Math.min(1, Math.max(0, successRate.selfHosted + by)) },
      }));
    bars.push({
      input: "successRate",
      label: "own answers that do their job",
      low: points(-SUCCESS_POINTS),
      high: points(SUCCESS_POINTS),
      savings: [moved(-SUCCESS_POINTS), moved(SUCCESS_POINTS)],
    });
  }

  const wins = base >= 0;
  return bars
    .filter(({ savings }) => savings.every(Number.isFinite))
    .map(
      ({ savings: [savingLowUsdPerMonth, savingHighUsdPerMonth], ...bar }): TornadoBar => ({
        ...bar,
        savingLowUsdPerMonth,
        savingHighUsdPerMonth,
        flips: [savingLowUsdPerMonth, savingHighUsdPerMonth].some((saving) => saving >= 0 !== wins),
      }),
    )
    .toSorted((a, b) => reach(b) - reach(a));
}

const reach = ({ savingLowUsdPerMonth, savingHighUsdPerMonth }: TornadoBar): number =>
  Math.abs(savingHighUsdPerMonth - savingLowUsdPerMonth);
