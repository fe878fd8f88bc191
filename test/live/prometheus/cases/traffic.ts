import { growing } from "./case.ts";

const UP = 'up{namespace="llm", container="litellm", pod="gateway-0"}';

/** Answers and tokens of one target as the gateway counts them, for a rate of requests per second. */
export function target(
  id: string,
  requestsPerSecond: number,
  stepMinutes: number,
  tokens: { readonly input: number; readonly cached?: number; readonly output: number } = { input: 1000, output: 100 },
): Readonly<Record<string, string>> {
  const perSample = requestsPerSecond * 60 * stepMinutes;
  const labels = `{namespace="llm", requested_model="chat", model_id="${id}"}`;
  return {
    [UP]: "1x100000",
    [`litellm_deployment_success_responses_total${labels}`]: growing(perSample),
    [`litellm_input_tokens_metric_total${labels}`]: growing(perSample * tokens.input),
    ...(tokens.cached === undefined
      ? {}
      : { [`litellm_input_cached_tokens_metric_total${labels}`]: growing(perSample * tokens.cached) }),
    [`litellm_output_tokens_metric_total${labels}`]: growing(perSample * tokens.output),
  };
}

/** What kube-state-metrics says of one node of the pool. */
export const node = {
  'kube_node_info{node="gpu-0"}': "1x100000",
  'kube_node_labels{node="gpu-0", label_breakeven_dev_pool="h100"}': "1x100000",
};
