/** The one home of PromQL. Metric names: vLLM 0.30 (labels `model_name`, `engine`) and LiteLLM 1.106.2 as the gateway configures it. */
export interface Queries {
  readonly requestsByTask: string;
  readonly failedRequestsByTask: string;
  readonly promptTokensByModel: string;
  readonly generatedTokensByModel: string;
  readonly timeToFirstTokenP95: string;
  readonly interTokenLatencyP95: string;
  readonly waitingRequests: string;
  readonly runningRequests: string;
  readonly kvCacheUse: string;
  /** Share of answers that came from a commercial API, 0 to 1. */
  readonly apiShare: string;
  readonly answersByTarget: string;
  readonly unusableTargets: string;
  /** US dollars per hour, by the task that caused them. */
  readonly apiSpend: string;
}

export function queries(namespace: string): Queries {
  const rate = (metric: string, selector = ""): string => `rate(${metric}{namespace="${namespace}"${selector}}[5m])`;
  const p95 = (metric: string): string =>
    `histogram_quantile(0.95, sum by (le, model_name) (${rate(`${metric}_bucket`)}))`;
  const byModel = (metric: string): string => `sum by (model_name) (${metric}{namespace="${namespace}"})`;
  // The gateway's own health probes are counted as answers without a task.
  const asked = `, requested_model!=""`;
  const answers = "litellm_deployment_success_responses_total";
  return {
    requestsByTask: `sum by (requested_model) (${rate("litellm_proxy_total_requests_metric_total", asked)})`,
    failedRequestsByTask: `sum by (requested_model, exception_class) (${rate("litellm_proxy_failed_requests_metric_total", asked)})`,
    promptTokensByModel: `sum by (model_name) (${rate("vllm:prompt_tokens_total")})`,
    generatedTokensByModel: `sum by (model_name) (${rate("vllm:generation_tokens_total")})`,
    timeToFirstTokenP95: p95("vllm:time_to_first_token_seconds"),
    interTokenLatencyP95: p95("vllm:inter_token_latency_seconds"),
    waitingRequests: byModel("vllm:num_requests_waiting"),
    runningRequests: byModel("vllm:num_requests_running"),
    kvCacheUse: `max by (model_name) (vllm:kv_cache_usage_perc{namespace="${namespace}"})`,
    apiShare: `sum(${rate(answers, `${asked}, api_provider!="hosted_vllm"`)}) / sum(${rate(answers, asked)})`,
    answersByTarget: `sum by (model_id) (${rate(answers, asked)})`,
    unusableTargets: `max by (model_id) (litellm_deployment_state{namespace="${namespace}", model_id!=""}) == 2`,
    apiSpend: `sum by (requested_model) (increase(litellm_spend_metric_total{namespace="${namespace}"${asked}}[1h]))`,
  };
}
