import { HOURS_PER_DAY, MILLION, SECONDS_PER_HOUR } from "../../economics/units.ts";
import { type MonitoringPlan, nodeLabels } from "./plan.ts";
import { type Labels, type RecordingRule, type RuleGroup, series, sumBy } from "./promql.ts";
import { recorder } from "./recorder.ts";
import { sloRules } from "./slo-rules.ts";

const WINDOWS = ["5m", "1h"] as const;
const BY_ROUTE = ["task", "model", "route"] as const;

/** Traffic, money and service levels from live metrics, one series per question. */
export function recordingRules(plan: MonitoringPlan): readonly RuleGroup[] {
  const { namespace, figures } = plan;
  return [
    { name: `${namespace}-traffic`, interval: "1m", rules: trafficRules(plan) },
    ...(figures === undefined ? [] : [{ name: `${namespace}-money`, interval: "1m", rules: moneyRules(plan) }]),
    ...(Object.keys(plan.config.models).length === 0
      ? []
      : [{ name: `${namespace}-slo`, interval: "1m", rules: sloRules(plan) }]),
  ];
}

function trafficRules(plan: MonitoringPlan): readonly RecordingRule[] {
  const to = recorder(plan);
  // The gateway's own health probes are counted as answers without a task.
  const routed = (metric: string, window: string): string =>
    sumBy(
      BY_ROUTE,
      `rate(${to.raw(metric, { requested_model: "!=" })}[${window}]) * on (model_id) group_left (task, model, route) ${to.own("breakeven:route_info")}`,
    );
  const answers = `rate(${to.raw("litellm_deployment_success_responses_total", { requested_model: "!=" })}[1h])`;
  const failed = to.raw("litellm_proxy_failed_requests_metric_total", { requested_model: "!=" });
  const aside: RecordingRule[] = [
    // Traffic of targets that this deployment does not know would be missing everywhere else.
    to.rule(
      "breakeven:unmapped_requests:rate1h",
      `sum by (model_id) (${answers} unless on (model_id) ${to.own("breakeven:route_info")})`,
    ),
    to.rule(
      "breakeven:failed_requests:rate1h",
      `sum by (task) (label_replace(rate(${failed}[1h]), "task", "$1", "requested_model", "(.*)"))`,
    ),
  ];
  const byWindow = WINDOWS.flatMap((window) => {
    const input = routed("litellm_input_tokens_metric_total", window);
    const cached = routed("litellm_input_cached_tokens_metric_total", window);
    const record = `breakeven:tokens:rate${window}`;
    return [
      to.rule(`breakeven:requests:rate${window}`, routed("litellm_deployment_success_responses_total", window)),
      // The gateway counts cached tokens among the input tokens as well.
      to.rule(record, `${input} - (${cached} or 0 * ${input})`, { direction: "input" }),
      to.rule(record, cached, { direction: "cached" }),
      to.rule(record, routed("litellm_output_tokens_metric_total", window), { direction: "output" }),
    ];
  });
  return [...byWindow, ...aside];
}

const sanitized = (label: string): string => `label_${label.replace(/[^a-zA-Z0-9_]/g, "_")}`;

/** Live nodes of a pool by kube-state-metrics, never fewer than are paid for. Without a live count only fixed pools are known. */
function poolNodes(plan: MonitoringPlan, pool: string, paidNodes: number, isFixed: boolean): string {
  const labels = nodeLabels(plan, pool);
  if (Object.keys(labels).length === 0) return `vector(${paidNodes})`;
  const matchers: Labels = Object.fromEntries(
    Object.entries(labels).map(([label, value]) => [sanitized(label), value]),
  );
  const live = `clamp_min(count(${series("kube_node_labels", matchers)}) or 0 * count(kube_node_info), ${paidNodes})`;
  return isFixed ? `${live} or vector(${paidNodes})` : live;
}

function moneyRules(plan: MonitoringPlan): readonly RecordingRule[] {
  const to = recorder(plan);
  const { own } = to;
  const pools = plan.figures?.pools ?? [];
  // A gateway that is up and has answered nothing has had no traffic; one that is down has had an unknown amount.
  const gatewayUp = `count(${to.raw("up", { container: "litellm" })} == 1)`;
  const zero = `0 * ${gatewayUp}`;
  const zeroByTask = `(0 * ${own("breakeven:plan_requests_per_day")} and on () ${gatewayUp})`;
  const perTask = (expression: string): string => `${sumBy(["task"], expression)} or on (task) ${zeroByTask}`;
  const tokens = (labels: Labels): string => own("breakeven:tokens:rate1h", labels);
  const priced = (labels: Labels, on: string, price: string): string =>
    `${SECONDS_PER_HOUR} * ${tokens(labels)} * on (${on}) group_left () ${own(price)}`;
  const average = (record: string, labels?: Labels): string => `avg_over_time(${own(record, labels)}[7d])`;
  const perMillion = (usd: string, route: string): string =>
    `${MILLION} * ${average(usd)} / on (platform) (${average("breakeven:tokens:per_hour", { route })} > 0)`;

  const traffic = [
    to.rule(
      "breakeven:requests:per_day",
      `${HOURS_PER_DAY * SECONDS_PER_HOUR} * (${perTask(own("breakeven:requests:rate1h", { route: "=~own|api" }))})`,
    ),
    to.rule("breakeven:requests:per_day_avg7d", average("breakeven:requests:per_day")),
    to.rule(
      "breakeven:traffic_vs_forecast:ratio7d",
      `sum(${own("breakeven:requests:per_day_avg7d")} * on (task) ${own("breakeven:plan_request_usd")}) / sum(${own("breakeven:plan_requests_per_day")} * on (task) ${own("breakeven:plan_request_usd")})`,
    ),
    to.rule(
      "breakeven:api_spend:usd_per_hour",
      perTask(priced({ route: "=~api|api-again" }, "task, model, direction", "breakeven:plan_api_usd_per_token")),
    ),
    ...["own", "api"].map((route) =>
      to.rule(
        "breakeven:staying:usd_per_hour",
        perTask(priced({ route }, "task, route, direction", "breakeven:plan_staying_usd_per_token")),
        { route },
      ),
    ),
    to.rule("breakeven:tokens:per_hour", `${SECONDS_PER_HOUR} * sum(${tokens({ route: "own" })}) or ${zero}`, {
      route: "own",
    }),
    to.rule(
      "breakeven:tokens:per_hour",
      `${SECONDS_PER_HOUR} * sum(${tokens({ route: "=~api|api-again" })}) or ${zero}`,
      {
        route: "api",
      },
    ),
    to.rule("breakeven:api_spend:usd_per_hour_sum", `sum(${own("breakeven:api_spend:usd_per_hour")})`),
    to.rule("breakeven:usd_per_million_tokens:avg7d", perMillion("breakeven:api_spend:usd_per_hour_sum", "api"), {
      route: "api",
    }),
  ];
  if (pools.length === 0) return traffic;

  const gpus = `sum(${own("breakeven:pool_nodes:count")} * on (pool) ${own("breakeven:plan_gpus_per_node")})`;
  const busyGpus = `sum(${own("breakeven:requests:rate1h", { route: "own" })} / on (task, model) ${own("breakeven:plan_replica_requests_per_second")} * on (task, model) ${own("breakeven:plan_gpus_per_replica")})`;
  return [
    ...traffic,
    ...pools.map(({ name, paidNodes, isFixed }) =>
      to.rule("breakeven:pool_nodes:count", poolNodes(plan, name, paidNodes, isFixed), { pool: name }),
    ),
    to.rule(
      "breakeven:fleet:usd_per_hour",
      sumBy(["pool"], `${own("breakeven:pool_nodes:count")} * on (pool) ${own("breakeven:plan_node_usd_per_hour")}`),
    ),
    to.rule(
      "breakeven:owned:usd_per_hour",
      `sum(${own("breakeven:fleet:usd_per_hour")}) + sum(${own("breakeven:plan_other_usd_per_hour")})`,
    ),
    to.rule(
      "breakeven:owning:usd_per_hour",
      `sum(${own("breakeven:owned:usd_per_hour")}) + sum(${own("breakeven:api_spend:usd_per_hour_sum")})`,
    ),
    to.rule(
      "breakeven:saving:usd_per_hour",
      `sum(${own("breakeven:staying:usd_per_hour")}) - sum(${own("breakeven:owning:usd_per_hour")})`,
    ),
    to.rule(
      "breakeven:staying_own:usd_per_hour_sum",
      `sum(${own("breakeven:staying:usd_per_hour", { route: "own" })})`,
    ),
    to.rule("breakeven:usd_per_million_tokens:avg7d", perMillion("breakeven:owned:usd_per_hour", "own"), {
      route: "own",
    }),
    to.rule("breakeven:usd_per_million_tokens:avg7d", perMillion("breakeven:staying_own:usd_per_hour_sum", "own"), {
      route: "own-on-api",
    }),
    to.rule("breakeven:utilization:ratio", `(${busyGpus} or ${zero}) / ${gpus}`),
    to.rule("breakeven:utilization:ratio7d", average("breakeven:utilization:ratio")),
  ];
}
