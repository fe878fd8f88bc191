import { stringify } from "yaml";
import { isCapturing } from "./capture.ts";
import { type GatewayPlan, type Group, gatewayGroups, isExternal, slots, type Target, taskGroupsOf } from "./groups.ts";
import { metricsConfig } from "./metrics.ts";
import { keyVariable, litellmModel, mountedKey } from "./providers.ts";
import { externalModels, type GatewayTask, groupNames } from "./routes.ts";

/** A model name whose requests are judged and sent on, in LiteLLM's words. */
export interface LiteLlmRouter {
  readonly model_name: string;
  readonly litellm_params: {
    readonly model: "auto_router/complexity_router";
    readonly complexity_router_config: Readonly<Record<string, unknown>>;
    readonly complexity_router_default_model: string;
  };
  readonly model_info: { readonly id: string; readonly external: false };
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
  readonly model_list: readonly (LiteLlmDeployment | LiteLlmRouter)[];
  readonly router_settings: Readonly<Record<string, string | number | object | Fallbacks>>;
  readonly litellm_settings: Readonly<Record<string, unknown>>;
  readonly general_settings: Readonly<Record<string, string | number | boolean | object>>;
}

const keyOf = (provider: string, mounted: readonly string[]): string =>
  mounted.includes(provider) ? mountedKey(provider) : `os.environ/${keyVariable(provider)}`;

/** How providers are reached. */
type Providers = Pick<GatewayPlan, "mountedKeys" | "awsRegion">;

/** Where an own model's requests go, and how LiteLLM calls it. */
function reached(
  { answers, timeouts }: Target,
  { mountedKeys = [], awsRegion }: Providers,
): Pick<LiteLlmDeployment["litellm_params"], "model" | "api_base" | "api_key" | "timeout" | "stream_timeout"> {
  const waits = { timeout: timeouts.wholeSeconds, stream_timeout: timeouts.gapSeconds };
  if (answers.by === "own") {
    // Not `openai/`: streams cost a fifth less work and fields only vLLM has are kept. Never without api_base, which would mean api.openai.com.
    return {
      model: `hosted_vllm/${answers.model}`,
      api_base: answers.url,
      api_key: "os.environ/VLLM_API_KEY",
      ...waits,
    };
  }
  const { apiBase, credentials, provider } = answers.api;
  return {
    model: litellmModel(answers.api, awsRegion),
    ...(apiBase === undefined ? {} : { api_base: apiBase }),
    ...(credentials === "key" ? { api_key: keyOf(provider, mountedKeys) } : {}),
    ...waits,
  };
}

function deployment({ name, levels }: Group, target: Target, level: number, providers: Providers): LiteLlmDeployment {
  const { id, weight, parallelRequests, isWatched, price } = target;
  const external = isExternal(target);
  return {
    model_name: name,
    litellm_params: {
      ...reached(target, providers),
      ...(levels.length > 1 ? { order: level + 1 } : {}),
      ...(weight === undefined ? {} : { weight }),
      ...(parallelRequests === undefined ? {} : { max_parallel_requests: parallelRequests }),
      // Within an own model a retry only waits before the next level is asked.
      ...(external ? { num_retries: 2 } : { max_retries: 0 }),
      // The last resort is never put aside, however shaky it is.
      ...(isWatched ? {} : { cooldown_time: 0 }),
    },
    model_info: {
      id,
      external,
      // A real one-token generation: it sees an engine that hangs. One of the API would be billed.
      ...(isWatched
        ? { health_check_timeout: 5, health_check_max_tokens: 1 }
        : { disable_background_health_check: true }),
      ...(price === undefined ? {} : { input_cost_per_token: price.inputUsd, output_cost_per_token: price.outputUsd }),
    },
  };
}

/** Longest a request waits to be judged; then keywords judge it. Unit: milliseconds. */
const JUDGE_MS = 2000;

/** A self-hosted model judges; LiteLLM's defaults that change requests or let their text choose a tier are off. */
const router = ({ name, byDifficulty }: Group): readonly LiteLlmRouter[] =>
  byDifficulty === undefined
    ? []
    : [
        {
          model_name: name,
          litellm_params: {
            model: "auto_router/complexity_router",
            complexity_router_config: {
              classifier_type: "llm",
              classifier_llm_config: { model: byDifficulty.judge, timeout_ms: JUDGE_MS },
              classifier_fallback: "heuristic",
              tiers: Object.fromEntries(byDifficulty.tiers.map(([tier, group]) => [tier.toUpperCase(), group])),
              escalation_keywords: [],
              max_tokens_from_tier_model: false,
              context_compaction: false,
              session_affinity: false,
              deployment_affinity: false,
            },
            complexity_router_default_model: byDifficulty.tiers[0]?.[1] ?? "",
          },
          model_info: { id: `${name}-by-difficulty`, external: false },
        },
      ];

const deployments = (groups: readonly Group[], providers: Providers): readonly LiteLlmDeployment[] =>
  groups.flatMap((group) =>
    group.levels.flatMap((targets, level) => targets.map((target) => deployment(group, target, level, providers))),
  );

/** Targets of one task: own models first, the API as the next level and for the share it is meant to get. */
export const taskDeployments = (plan: GatewayPlan, name: string, task: GatewayTask): readonly LiteLlmDeployment[] =>
  deployments(taskGroupsOf(plan, name, task), plan);

/** A Redis that hangs costs a request a quarter of a second, not twenty. */
const connection = (redis: NonNullable<GatewayPlan["redis"]>) => ({
  socket_timeout: 0.25,
  socket_connect_timeout: 0.25,
  ...(redis.kind === "elasticache" || (redis.kind === "endpoint" && redis.tls) ? { ssl: true } : {}),
});
const redisAddress = {
  host: "os.environ/REDIS_HOST",
  port: "os.environ/REDIS_PORT",
  password: "os.environ/REDIS_PASSWORD",
};
/** The router shares cool-downs and budgets, the proxy the limits of keys: both want settings of their own. */
const routerRedis = {
  redis_host: redisAddress.host,
  redis_port: redisAddress.port,
  redis_password: redisAddress.password,
};

/** Caps by LiteLLM's name of the provider. */
function budgets({ tasks, apiBudgets = {} }: GatewayPlan): {
  provider_budget_config?: Readonly<Record<string, object>>;
} {
  const capped = Object.entries(apiBudgets).flatMap(([provider, { usd, period }]) => {
    const called = externalModels(tasks).find((api) => api.provider === provider);
    return called === undefined ? [] : [[called.litellmName, { budget_limit: usd, time_period: period }]];
  });
  return capped.length === 0 ? {} : { provider_budget_config: Object.fromEntries(capped) };
}

/** Whether any key is read from a file. */
export const hasMountedKeys = ({ mountedKeys = [] }: GatewayPlan): boolean => mountedKeys.length > 0;

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
  const groups = gatewayGroups(plan);
  const isProbing = groups.some(({ levels }) => levels.flat().some(({ isWatched }) => isWatched));
  // Both skip the levels of a group and so need a group of their own to go to; empty answers count as content policy.
  const typedFallbacks: Fallbacks = groups.flatMap(({ name, rescue }) =>
    rescue === undefined ? [] : [{ [name]: [rescue] }],
  );
  return {
    model_list: [...groups.flatMap(router), ...deployments(groups, plan)],
    router_settings: {
      routing_strategy: "simple-shuffle",
      // With one Service per model a retry only waits before the next level is tried.
      num_retries: 0,
      // Whoever says "too many" is not asked again at once: the next level is, and without one the client is told.
      retry_policy: { RateLimitErrorRetries: 0 },
      allowed_fails: 1,
      cooldown_time: 15,
      ...(typedFallbacks.length === 0
        ? {}
        : { context_window_fallbacks: typedFallbacks, content_policy_fallbacks: typedFallbacks }),
      ...budgets(plan),
      ...(plan.redis === undefined ? {} : { ...routerRedis, cache_kwargs: connection(plan.redis) }),
    },
    litellm_settings: {
      drop_params: true,
      enable_post_custom_auth_checks: true,
      // Without a database the endpoint's own check fails; metrics have a port of their own behind a network policy.
      require_auth_for_metrics_endpoint: false,
      callbacks: [
        "gwstart.start",
        "gwpaths.guard",
        "gwpolicy.policy",
        "gwanswers.answers",
        // After second answers: it copies what the client gets.
        ...(hasMountedKeys(plan) ? ["gwproviders.keys"] : []),
        ...(isCapturing(plan.tasks) ? ["gwcapture.capture"] : []),
        "prometheus",
      ],
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
      ...(plan.redis === undefined ? {} : { coordination_redis: { ...redisAddress, ...connection(plan.redis) } }),
    },
  };
}

/** The configuration file. LiteLLM's reader takes an unquoted `off` or `no`, which a task may be called, for false. */
export const gatewayYaml = (plan: GatewayPlan): string =>
  stringify(gatewayConfig(plan), { lineWidth: 0, aliasDuplicateObjects: false, compat: "yaml-1.1" });
