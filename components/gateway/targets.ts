import { type GatewayPlan, taskGroupsOf } from "./groups.ts";

/** Who answers: own replicas, the API in their place, or the API asked after (escalation, requests too long). */
export type Route = "own" | "api" | "api-again";

/** One target of the gateway, as its metrics name it. */
export interface Target {
  /** Label `model_id`. */
  readonly id: string;
  readonly task: string;
  /** A model of the config, or the catalogue name of an API model. */
  readonly model: string;
  readonly route: Route;
}

/** All targets of all tasks: the key from the gateway's metrics to tasks, models and who answers. */
export function gatewayTargets(plan: GatewayPlan): readonly Target[] {
  return Object.entries(plan.tasks).flatMap(([task, definition]) => {
    const groups = taskGroupsOf(plan, task, definition);
    const asksAgain = groups.find(({ rescue }) => rescue !== undefined)?.rescue;
    return groups.flatMap(({ name, levels }) =>
      levels.flat().map(({ id, answers }): Target => {
        if (answers.by === "own") return { id, task, model: answers.model, route: "own" };
        return { id, task, model: answers.api.name, route: name === asksAgain ? "api-again" : "api" };
      }),
    );
  });
}
