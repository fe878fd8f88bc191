/**
 * Labels of LiteLLM's metrics. The defaults carry client address and user agent, one series per visitor. One wrong name in
 * here turns all metrics off without an error at start.
 */
const labels: readonly (readonly [group: string, metrics: readonly string[], includeLabels: readonly string[]])[] = [
  [
    "requests",
    ["litellm_proxy_total_requests_metric"],
    ["requested_model", "model_id", "api_provider", "status_code", "api_key_alias", "route"],
  ],
  [
    "errors",
    ["litellm_proxy_failed_requests_metric"],
    ["requested_model", "model_id", "exception_status", "exception_class", "api_key_alias"],
  ],
  [
    "latency",
    [
      "litellm_request_total_latency_metric",
      "litellm_llm_api_latency_metric",
      "litellm_llm_api_time_to_first_token_metric",
    ],
    ["requested_model", "model_id", "api_provider"],
  ],
  ["overhead", ["litellm_overhead_latency_metric"], ["model_group", "model_id"]],
  [
    "cost",
    [
      "litellm_spend_metric",
      "litellm_input_tokens_metric",
      "litellm_input_cached_tokens_metric",
      "litellm_output_tokens_metric",
    ],
    ["requested_model", "model_id", "api_provider", "api_key_alias"],
  ],
  [
    "deployments",
    ["litellm_deployment_success_responses", "litellm_deployment_total_requests"],
    ["requested_model", "model_group", "model_id", "api_provider"],
  ],
  [
    "deployment_errors",
    ["litellm_deployment_failure_responses"],
    ["requested_model", "model_group", "model_id", "api_provider", "exception_status", "exception_class"],
  ],
  // With more labels this gauge keeps its old series and stays at "out" after a recovery.
  ["state", ["litellm_deployment_state"], ["model_id", "api_provider"]],
  [
    "fallbacks",
    ["litellm_deployment_successful_fallbacks", "litellm_deployment_failed_fallbacks"],
    ["requested_model", "fallback_model", "exception_status", "exception_class"],
  ],
];

/** Metrics whose labels cannot be chosen: LiteLLM fails to count when some are left out. */
const fixed = { group: "fixed", metrics: ["litellm_deployment_cooled_down"] };

export const metricsConfig = [
  ...labels.map(([group, metrics, include_labels]) => ({ group, metrics, include_labels })),
  fixed,
];
