import { type Compared, decide } from "../economics/decide.ts";
import type { Facts, JudgedStack } from "./claim.ts";

const example = ({ stacks }: Facts, name: string): JudgedStack | undefined =>
  stacks.find(({ file }) => file === `examples/${name}.yaml`);

const comparedIn = (decision: JudgedStack["decision"] | undefined): Compared | undefined =>
  decision === undefined || decision.kind === "rent" || decision.kind === "unpriced" ? undefined : decision;

/** The decision of the example that plays a claim's scenario; undefined without a verdict. */
export const exampleDecision = (facts: Facts, name: string): Compared | undefined =>
  comparedIn(example(facts, name)?.decision);

/** What an example saves of today's API bill: by owning as planned, and by renting the same split of models instead. */
export interface SavedShares {
  readonly owning: number;
  readonly hosted: number;
}

/** Shares of the bill on the API model in use, which is what articles compare with. */
export function savedShares(facts: Facts, name: string): SavedShares | undefined {
  const stack = example(facts, name);
  if (stack === undefined) return undefined;
  const { terms } = stack.input;
  const against = (changed: Partial<typeof terms>) =>
    comparedIn(decide({ ...stack.input, terms: { ...terms, ...changed } }))?.projection;
  const current = against({ baseline: "current" });
  const hosted = against({ baseline: "same-weights", approvedProviders: undefined });
  if (current === undefined || hosted === undefined) return undefined;
  return {
    owning: current.savingUsdPerMonth / current.stayingUsdPerMonth,
    hosted: 1 - hosted.stayingUsdPerMonth / current.stayingUsdPerMonth,
  };
}
