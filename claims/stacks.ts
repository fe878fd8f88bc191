import { type Compared, planOf } from "../economics/decide.ts";
import { preparePlan } from "../economics/prepare.ts";
import { projector } from "../economics/projection.ts";
import { AS_PLANNED } from "../economics/scenario.ts";
import type { Facts, JudgedStack } from "./claim.ts";

/** A stack with GPUs and a verdict. */
export interface OwningStack extends JudgedStack {
  readonly decision: Compared;
}

const isOwning = (stack: JudgedStack): stack is OwningStack =>
  stack.decision.kind !== "rent" && stack.decision.kind !== "unpriced";

export const owningStacks = ({ stacks }: Facts): readonly OwningStack[] => stacks.filter(isOwning);

const example = (facts: Facts, name: string): OwningStack | undefined =>
  owningStacks(facts).find(({ file }) => file === `examples/${name}.yaml`);

/** The decision of the example that plays a claim's scenario; undefined without a verdict. */
export const exampleDecision = (facts: Facts, name: string): Compared | undefined => example(facts, name)?.decision;

/** What an example saves of today's API bill: by owning as planned, and by renting the same split of models instead. */
export interface SavedShares {
  readonly owning: number;
  readonly hosted: number;
}

/** Shares of the bill on the API model in use, which is what articles compare with. */
export function savedShares(facts: Facts, name: string): SavedShares | undefined {
  const stack = example(facts, name);
  if (stack === undefined) return undefined;
  const { input, decision } = stack;
  const usdOn = (baseline: "current" | "same-weights"): number | undefined => {
    const terms = { ...input.terms, baseline, approvedProviders: undefined };
    const prepared = preparePlan(planOf({ ...input, terms }), input.catalog);
    return prepared.missing.length > 0 ? undefined : projector(prepared).totals(AS_PLANNED).stayingUsdPerMonth;
  };
  const current = usdOn("current");
  const hosted = usdOn("same-weights");
  if (current === undefined || hosted === undefined) return undefined;
  return { owning: 1 - decision.projection.owningUsdPerMonth / current, hosted: 1 - hosted / current };
}
