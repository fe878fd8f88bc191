import { type Evaluated, evaluatePlan, isServed, type Question } from "./evaluate.ts";
import { Families, type FamilyResult } from "./families.ts";
import { ParetoFront } from "./front.ts";
import { groupSearch, mustStay } from "./group-search.ts";
import { nodeKinds, optionsOf } from "./option.ts";
import type { PlanSpace } from "./space.ts";
import { disjointChoices, taskGroups } from "./subsets.ts";

/** What a search found. */
export interface SearchResult {
  /** The plans nobody beats in cost, latency and share kept in-house at once, cheapest first. */
  readonly front: readonly Evaluated[];
  readonly families: readonly FamilyResult[];
  /** Complete candidates that were priced. */
  readonly priced: number;
  /** Candidates that a bound ruled out. */
  readonly ruledOut: number;
}

export interface SearchOptions {
  /** Prices every candidate, bound or not: for checks on small spaces. */
  readonly isExhaustive?: boolean;
  /** Hears how far the search is, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** Plans kept of each group of tasks when groups are put together; the cheapest is always among them. */
const KEPT_PER_GROUP = 6;

/** Every way to take one of each list. */
function product<T>(lists: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return lists.reduce<readonly (readonly T[])[]>(
    (chosen, list) => chosen.flatMap((some) => list.map((next) => [...some, next])),
    [[]],
  );
}

/**
 * The best plans for the tasks of a config. Groups of tasks share a pool; groups are searched one by one, since what one
 * group costs does not depend on another, and are then put together and priced whole.
 */
export function search(question: Question, space: PlanSpace, options: SearchOptions = {}): SearchResult {
  const { isExhaustive = false, onProgress = () => undefined } = options;
  const { base, catalog } = question;
  const names = Object.keys(base.tasks);
  const groups = taskGroups(names);
  const families = new Families();
  const front = new ParetoFront<Evaluated>();
  let priced = 0;
  let ruledOut = 0;
  const all = optionsOf(nodeKinds(base, space, catalog), space, catalog);
  const steps = groups.length * all.length;
  let step = 0;

  for (const region of new Set(all.map((option) => option.region))) {
    const here = all.filter((option) => option.region === region);
    const best = new Map<readonly string[], readonly Evaluated[]>();
    for (const tasks of groups) {
      const searched = groupSearch({ question, space, tasks, families, isExhaustive });
      for (const option of here) {
        searched.visit(option);
        onProgress(++step / steps);
      }
      priced += searched.counts.priced;
      ruledOut += searched.counts.ruledOut;
      best.set(tasks, searched.front.plans);
    }
    for (const choice of disjointChoices(groups)) {
      const served = new Set(choice.flat());
      if (choice.length === 0 || names.some((name) => !served.has(name) && mustStay(base.tasks[name] as never)))
        continue;
      const kept = choice.map((tasks) => best.get(tasks) ?? []);
      // A group of all tasks is a whole plan already.
      if (choice.length === 1 && served.size === names.length) {
        for (const plan of kept.flat()) front.add(plan);
        continue;
      }
      for (const parts of product(kept.map((plans) => plans.slice(0, KEPT_PER_GROUP)))) {
        priced++;
        const plan = evaluatePlan(
          parts.flatMap((part) => part.groups),
          question,
        );
        if (plan.ok && isServed(plan.value, question)) front.add(plan.value);
      }
    }
  }
  return { front: front.plans, families: families.results(), priced, ruledOut };
}
