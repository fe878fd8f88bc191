import type { DecisionInput } from "../../economics/decide.ts";
import type { Results } from "../../economics/results.ts";
import { AS_STATED, type WhatIf } from "../../economics/what-if.ts";
import { compact, compactUsd } from "../text.ts";
import { isCompared } from "../verdict.ts";
import type { Meanings } from "./what-if.ts";

type Stated = Pick<DecisionInput, "tasks" | "operations">;

const rounded = (value: number): string => `${Number(value.toPrecision(3))}`;

/** What a set of multiples means for this plan, in requests, dollars and hours. */
export function meanings({ tasks, operations }: Stated, results: Results, change: WhatIf = AS_STATED): Meanings {
  const requests = Object.values(tasks).reduce((sum, task) => sum + task.requestsPerDay, 0);
  const hours =
    operations.maintenanceHoursPerMonth + operations.onCallHoursPerMonth + operations.modelUpdateHoursPerMonth;
  const pools = isCompared(results) ? results.pools : [];
  return {
    traffic: `${compact(requests * change.traffic)} requests/day`,
    gpuPrice:
      pools.length === 0
        ? "no GPUs in this plan"
        : pools.map(({ usdPerNodeHour, name }) => `${name}: $${rounded(usdPerNodeHour)}/node-hour`).join(", "),
    apiPrice:
      results.verdict === "unpriced"
        ? "list price less discount"
        : `staying ${compactUsd(results.staying.usdPerMonth)}/month`,
    peopleHours: `${rounded(hours * change.peopleHours)} h/month, set-up ${rounded(operations.setupHours * change.peopleHours)} h`,
  };
}
