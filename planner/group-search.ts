import type { PlatformConfig } from "../config/platform.ts";
import { type Evaluated, isServed, type Question } from "./evaluate.ts";
import type { Families } from "./families.ts";
import { ParetoFront } from "./front.ts";
import { groupPricing, nodesForPeak, type ReadyOption, type Sizing } from "./group-pricing.ts";
import type { Option } from "./option.ts";
import type { PlanSpace } from "./space.ts";

type TaskConfig = PlatformConfig["tasks"][string];

/** Whether no request of the task may go to an API. */
export const mustStay = ({ dataClass, apiModel }: TaskConfig): boolean =>
  dataClass === "restricted" || apiModel === undefined;

export interface GroupSearchInput {
  readonly question: Question;
  readonly space: PlanSpace;
  readonly tasks: readonly string[];
  readonly families: Families;
  /** Leaves the bound out: every size is priced. */
  readonly isExhaustive: boolean;
}

export interface GroupSearch {
  readonly front: ParetoFront<Evaluated>;
  readonly counts: { priced: number; ruledOut: number };
  /** Tries an option at every share, scaling and size. */
  visit(option: Option): void;
}

/**
 * Commitments and owned nodes are paid whether they run or not, so only what is paid by the hour may be elastic; and only
 * where an API answers while replicas start.
 */
function scalingsOf({ hardware }: Option, { scalings }: PlanSpace, isBound: boolean): readonly Sizing["scaling"][] {
  const isPaidByHour = hardware.kind === "instance" && ["on-demand", "spot"].includes(hardware.purchase);
  return scalings.filter((scaling) => scaling === "fixed" || (isPaidByHour && !isBound));
}

/** Searches the plans that serve one group of tasks from one pool. */
export function groupSearch({ question, space, tasks, families, isExhaustive }: GroupSearchInput): GroupSearch {
  const front = new ParetoFront<Evaluated>();
  const counts = { priced: 0, ruledOut: 0 };
  const isBound = tasks.some((name) => mustStay(question.base.tasks[name] as TaskConfig));

  const pricing = groupPricing(tasks, question);

  function price(ready: ReadyOption, sizing: Sizing, isLargest: boolean): Evaluated {
    counts.priced++;
    const plan = pricing.price(ready, sizing);
    if (isServed(plan, question)) {
      families.price(plan);
      front.add(plan);
    } else if (isLargest) families.refuse(ready.option, "leaves requests unanswered that may not go to an API");
    return plan;
  }

  /**
   * From the size of the peak down. What fewer nodes of a fixed size save is at most their price, since the API takes over what
   * they no longer serve: a size that would be beaten even so is ruled out without being priced. Fewer elastic nodes may serve more.
   */
  function sizes(ready: ReadyOption, scaling: Sizing["scaling"], share: number): void {
    const most = Math.min(nodesForPeak(ready, share), ready.option.maxNodes);
    const largest = price(ready, { scaling, share, nodes: most }, true);
    for (let nodes = most - 1; nodes >= 1; nodes--) {
      const usdPerMonth = largest.usdPerMonth - (most - nodes) * ready.usdPerNodeMonth;
      if (!isExhaustive && scaling === "fixed" && front.isCovered({ ...largest, usdPerMonth })) counts.ruledOut++;
      else price(ready, { scaling, share, nodes }, false);
    }
  }

  return {
    front,
    counts,
    visit(option) {
      const ready = pricing.ready(option);
      if (!ready.ok) return families.refuse(option, ready.reason);
      for (const share of isBound ? [1] : space.shares)
        for (const scaling of scalingsOf(option, space, isBound)) sizes(ready.value, scaling, share);
    },
  };
}
