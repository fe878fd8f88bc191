import { stringify } from "yaml";
import { metricsConfig } from "./metrics.ts";
import { type ApiModel, keyVariable } from "./providers.ts";
import {
  externalModel,
  type GatewayModel,
  type GatewayModels,
  type GatewayTask,
  type GatewayTasks,
  groupNames,
  ownShares,
  taskGroups,
} from "./routes.ts";

export interface GatewayPlan {
  readonly tasks: GatewayTasks;
  readonly models: GatewayModels;
  /** Gateway pods; limits are kept by each for itself. */
  readonly replicas: number;
  /** Longest answer that is waited for. Unit: seconds. */
  readonly timeoutSeconds: number;
  /** Longest gap in a stream, the first token included. Unit: seconds. */
  readonly streamTimeoutSeconds: number;
}

/** One target of a model group, in LiteLLM's words. */
export interface LiteLlmDeployment {
  readonly model_name: string;
  readonly litellm_params: {
    readonly model: string;
    readonly api_base?: string;
    readonly api_key?: string;
    /** Level within the group: the next one is tried when all targets of this one are out, full or failing. */
    readonly order?: number;
    /** Part of the level's requests. */
    readonly weight?: number;
    readonly timeout: number;
    readonly stream_timeout: number;
    readonly max_retries?: number;
    readonly num_retries?: number;
    readonly cooldown_time?: number;
    readonly max_parallel_requests?: number;
  };
  readonly model_info: {
    readonly id: string;
    /** Read by the data-class guard: restricted requests never reach an external target. */
    readonly external: boolean;
    readonly disable_background_health_check?: boolean;
    readonly health_check_timeout?: number;
    readonly health_check_max_tokens?: number;
    readonly input_cost_per_token?: number;
    readonly output_cost_per_token?: number;
  };
}

type Fallbacks = readonly Readonly<Record<string, readonly string[]>>[];

/** The part of LiteLLM's configuration this platform generates. */
export interface LiteLlmConfig {
  readonly model_list: readonly LiteLlmDeployment[];
  readonly router_settings: Readonly<Record<string, string | number | Fallbacks>>;
  readonly litellm_settings: Readonly<Record<string, unknown>>;
  readonly general_settings: Readonly<Record<string, string | number | boolean>>;
}

type Placement = Pick<LiteLlmDeployment["litellm_params"], "order" | "weight" | "max_parallel_requests">;

/** Slots of a model one gateway pod fills: a quarter above what its replicas work on, so that their batches stay full. */
const slots = (model: GatewayModel, gatewayReplicas: number): number =>
  Math.max(1, Math.ceil((1.25 * model.maxConcurrentSequences * model.replicas) / gatewayReplicas));

function modelOf(plan: GatewayPlan, name: string): GatewayModel {
  const model = plan.models[name];
  if (model === undefined)
    throw new Error(`no self-hosted model "${name}"; known: ${Object.keys(plan.models).join(", ") || "none"}`);
  return model;
}

const local = (
  plan: GatewayPlan,
  group: string,
  name: string,
  hasAlternative: boolean,
  placement: Placement,
): LiteLlmDeployment => ({
  model_name: group,
  litellm_params: {
    // Not `openai/`: streams cost a fifth less work and fields only vLLM has are kept. Never without api_base, which would mean api.openai.com.
    model: `hosted_vllm/${name}`,
    api_base: modelOf(plan, name).url,
    api_key: "os.environ/VLLM_API_KEY",
    ...placement,
    timeout: plan.timeoutSeconds,
    stream_timeout: plan.streamTimeoutSeconds,
    max_retries: 0,
    // Put aside after failures only where there is somewhere else to go.
    ...(hasAlternative ? {} : { cooldown_time: 0 }),
  },
  model_info: {
    id: `${group}-on-${name}`,
    external: false,
    // A real one-token generation: it sees an engine that hangs.
    ...(hasAlternative
      ? { health_check_timeout: 5, health_check_max_tokens: 1 }
      : { disable_background_health_check: true }),
    input_cost_per_token: 0,
    output_cost_per_token: 0,
  },
});

const external = (
  plan: GatewayPlan,
  group: string,
  id: string,
  api: ApiModel,
  placement: Placement,
): LiteLlmDeployment => ({
  model_name: group,
  litellm_params: {
    model: api.litellmModel,
    ...(api.apiBase === undefined ? {} : { api_base: api.apiBase }),
    ...(api.credentials === "key" ? { api_key: `os.environ/${keyVariable(api.provider)}` } : {}),
    ...placement,
    timeout: plan.timeoutSeconds,
    stream_timeout: plan.streamTimeoutSeconds,
    num_retries: 2,
    // The last resort is never put aside, however shaky it is.
    cooldown_time: 0,
  },
  // A probe of the API would be billed.
  model_info: { id, external: true, disable_background_health_check: true },
});

/** Rounding noise of added shares is no traffic. */
const remainder = (task: GatewayTask): number =>
  Number((1 - task.selfHosted.reduce((sum, { share }) => sum + share, 0)).toFixed(6));

/** Targets of one task: own models first, the API as the next level and for the share it is meant to get. */
export function taskDeployments(plan: GatewayPlan, name: string, task: GatewayTask): readonly LiteLlmDeployment[] {
  const api = externalModel(task);
  const groups = taskGroups(name, task);
  const own = ownShares(task);
  const apiShare = api === undefined ? 0 : remainder(task);
  if (own.length === 0) return api === undefined ? [] : [external(plan, name, `${name}-ext`, api, {})];

  const isSplit = own.length > 1;
  const among = (hasOthers: boolean, share: number): Placement => (hasOthers ? { weight: share } : {});
  if (api === undefined) {
    // Nothing to overflow to: requests wait in vLLM's own queue.
    return own.map(({ model, share }) => local(plan, name, model, isSplit, among(isSplit, share)));
  }
  return [
    ...own.map(({ model, share }) =>
      local(plan, name, model, true, {
        order: 1,
        ...among(isSplit || apiShare > 0, share),
        max_parallel_requests: slots(modelOf(plan, model), plan.replicas),
      }),
    ),
    ...(apiShare > 0 ? [external(plan, name, `${name}-ext-share`, api, { order: 1, weight: apiShare })] : []),
    external(plan, name, `${name}-ext`, api, { order: 2 }),
    ...own.map(({ model, share }) => local(plan, groups.local as string, model, false, among(isSplit, share))),
    external(plan, groups.external as string, `${name}-ext-direct`, api, {}),
  ];
}

/** Room for every slot of every model, and for calls to the API beside them. */
function inFlightLimit(plan: GatewayPlan): number {
  const all = Object.values(plan.models).reduce((sum, model) => sum + slots(model, plan.replicas), 0);
  return Math.max(256, all + 128);
}

/**
 * LiteLLM's configuration. What the settings do was measured on 1.106.2; several defaults do the wrong thing here:
 * without `allowed_fails: 1` a single target is never put aside, and 3 means "unset".
 */
export function gatewayConfig(plan: GatewayPlan): LiteLlmConfig {
  groupNames(plan.tasks);
  const tasks = Object.entries(plan.tasks);
  const deployments = tasks.flatMap(([name, task]) => taskDeployments(plan, name, task));
  const isProbing = deployments.some(({ model_info }) => model_info.disable_background_health_check !== true);
  // Both skip the levels of a group and so need a group of their own to go to; empty answers count as content policy.
  const typedFallbacks: Fallbacks = tasks.flatMap(([name, task]) => {
    const { external } = taskGroups(name, task);
    return external === undefined ? [] : [{ [name]: [external] }];
  });
  return {
    model_list: deployments,
    router_settings: {
      routing_strategy: "simple-shuffle",
      // With one Service per model a retry only waits before the next level is tried.
      num_retries: 0,
      allowed_fails: 1,
      cooldown_time: 15,
      ...(typedFallbacks.length === 0
        ? {}
        : { context_window_fallbacks: typedFallbacks, content_policy_fallbacks: typedFallbacks }),
    },
    litellm_settings: {
      drop_params: true,
      enable_post_custom_auth_checks: true,
      // Without a database the endpoint's own check fails; metrics have a port of their own behind a network policy.
      require_auth_for_metrics_endpoint: false,
      callbacks: ["gwwarm.warm", "gwpaths.guard", "gwpolicy.policy", "prometheus"],
      prometheus_initialize_budget_metrics: false,
      prometheus_metrics_config: metricsConfig,
    },
    general_settings: {
      master_key: "os.environ/LITELLM_MASTER_KEY",
      custom_auth: "gwauth.user_api_key_auth",
      custom_auth_run_common_checks: true,
      enforce_fallback_model_access: true,
      cancel_on_disconnect: true,
      ...(isProbing
        ? {
            background_health_checks: true,
            health_check_interval: 10,
            enable_health_check_routing: true,
            health_check_staleness_threshold: 40,
          }
        : {}),
      max_in_flight_requests_per_worker: inFlightLimit(plan),
      max_queued_requests_per_worker: 64,
      admission_queue_timeout_seconds: 5,
    },
  };
}

/** The configuration file. */
export const gatewayYaml = (plan: GatewayPlan): string =>
  stringify(gatewayConfig(plan), { lineWidth: 0, aliasDuplicateObjects: false });
