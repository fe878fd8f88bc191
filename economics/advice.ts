import { percentText } from "./format.ts";
import type { PreparedPlan } from "./prepare.ts";
import { DAYS_PER_MONTH } from "./units.ts";

export interface AdviceResult {
  readonly question: string;
  readonly answer: "yes" | "no" | "not stated";
  readonly why: string;
}

const LARGE_TOKENS_PER_MONTH = 10e9;
const NEAR_ENOUGH = 0.95;
/** Volume bands of the field, tokens per month from which each holds. */
const BANDS = [
  [0, "stay on the API"],
  [60e6, "tiers: small models for simple requests, the API for the rest"],
  [500e6, "managed GPUs"],
  [10e9, "own"],
] as const;

/** The qualitative tests practitioners use. Three yes of the five questions mean: look at owning. Never part of the verdict. */
export function advice({ plan, tasks }: PreparedPlan): readonly AdviceResult[] {
  const tokens = tasks.reduce(
    (sum, { task }) =>
      sum + task.requestsPerDay * DAYS_PER_MONTH * (task.inputTokensPerRequest + task.outputTokensPerRequest),
    0,
  );
  const millions = `${Math.round(tokens / 1e6).toLocaleString("en-US")} M tokens per month`;
  const restricted = tasks.filter(({ task }) => task.dataClass === "restricted").map(({ name }) => name);
  const tuned = plan.models.filter(({ fineTuned }) => fineTuned).map(({ name }) => name);
  const rated = tasks.filter(({ task }) => task.selfHosted.length > 0);
  const isRated = rated.some(({ task }) => task.successRate.selfHosted < 1 || task.successRate.api < 1);
  const worst = Math.min(...rated.map(({ task }) => task.successRate.selfHosted / (task.successRate.api || 1)));
  const yes = (isTrue: boolean) => (isTrue ? "yes" : "no");
  const band = BANDS.findLast(([from]) => tokens >= from) ?? BANDS[0];
  return [
    { question: "more than 10 B tokens per month?", answer: yes(tokens > LARGE_TOKENS_PER_MONTH), why: millions },
    {
      question: "data that may not leave?",
      answer: yes(restricted.length > 0),
      why: restricted.length > 0 ? `restricted: ${restricted.join(", ")}` : "no task is restricted",
    },
    {
      question: "deep fine-tuning needed?",
      answer: yes(tuned.length > 0),
      why: tuned.length > 0 ? `weights of your own: ${tuned.join(", ")}` : "no model is fine-tuned",
    },
    { question: "a team that runs models exists?", answer: "not stated", why: "the config does not say who runs it" },
    {
      question: "an open model reaches 95 % of the accuracy?",
      answer: isRated ? yes(worst >= NEAR_ENOUGH) : "not stated",
      why: isRated
        ? `own answers do their job ${percentText(worst)} as often as the API's`
        : "no task states success rates",
    },
    {
      question: "does the volume alone suggest owning?",
      answer: yes(band[1] === "own"),
      why: `${millions}: ${band[1]}`,
    },
  ];
}
