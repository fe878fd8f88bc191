import { type GatewayPlan, taskDeployments } from "./config.ts";
import { apiModel } from "./providers.ts";
import { taskGroups } from "./routes.ts";

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

const OWN = "hosted_vllm/";

/** All targets of all tasks: the key from the gateway's metrics to tasks, models and who answers. */
export function gatewayTargets(plan: GatewayPlan): readonly Target[] {
  const named = new Map(
    Object.values(plan.tasks).flatMap(({ apiModel: name }) =>
      name === undefined ? [] : [[apiModel(name).litellmModel, name] as const],
    ),
  );
  return Object.entries(plan.tasks).flatMap(([task, definition]) => {
    const { external } = taskGroups(task, definition);
    return taskDeployments(plan, task, definition).map(({ model_name, model_info, litellm_params }): Target => {
      const { model } = litellm_params;
      if (!model_info.external) return { id: model_info.id, task, model: model.slice(OWN.length), route: "own" };
      const route = model_name === external ? "api-again" : "api";
      return { id: model_info.id, task, model: named.get(model) ?? model, route };
    });
  });
}
