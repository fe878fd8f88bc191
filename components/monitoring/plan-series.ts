import type { DatedTokenPrices, PlanFigures, TaskFigures } from "../../economics/plan-figures.ts";
import { HOURS_PER_MONTH, MILLION, SECONDS_PER_HOUR } from "../../economics/units.ts";
import type { MonitoringPlan } from "./plan.ts";
import { figure, type Labels, type RecordingRule, type RuleGroup } from "./promql.ts";
import { type Recorder, recorder } from "./recorder.ts";

const SECONDS_PER_MONTH = HOURS_PER_MONTH * SECONDS_PER_HOUR;
const unixSeconds = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1000;

/** The plan's figures as series that never change until the next deployment: what live metrics are held against. */
export function planSeries(plan: MonitoringPlan): readonly RuleGroup[] {
  const to = recorder(plan);
  const { config, targets, figures, namespace } = plan;
  const rules: RecordingRule[] = [
    ...targets.map(({ id, ...target }) => to.constant("breakeven:route_info", 1, { model_id: id, ...target })),
    ...Object.entries(config.models).map(([name, { replicas }]) =>
      to.constant("breakeven:plan_min_replicas", replicas.min, { model_name: name }),
    ),
    ...expiries(plan).map(({ what, date }) =>
      to.constant("breakeven:plan_expires_timestamp_seconds", unixSeconds(date), { what }),
    ),
    ...(figures === undefined ? [] : moneySeries(figures, to)),
  ];
  return [{ name: `${namespace}-plan`, interval: "1m", rules }];
}

/** What stops being valid on a day the config states. */
export function expiries({ config }: MonitoringPlan): readonly { readonly what: string; readonly date: string }[] {
  const justifications = config.economics.justifications.map(({ exception, expires }) => ({
    what: `justification ${exception}`,
    date: expires,
  }));
  return [...config.monitoring.expires, ...justifications];
}

function moneySeries(figures: PlanFigures, to: Recorder): readonly RecordingRule[] {
  const { pools, tasks, breakEven, otherUsdPerHour, apiUsdPerHour, day } = figures;
  const constant = (record: string, value: number, labels?: Labels) =>
    to.constant(`breakeven:plan_${record}`, value, labels);
  return [
    ...pools.flatMap(({ name: pool, usdPerNodeHour, priceDate, gpusPerNode, paidNodes }) => [
      constant("node_usd_per_hour", usdPerNodeHour, { pool, price_date: priceDate }),
      constant("gpus_per_node", gpusPerNode, { pool }),
      constant("paid_nodes", paidNodes, { pool }),
    ]),
    constant("other_usd_per_hour", otherUsdPerHour),
    constant("api_usd_per_hour", apiUsdPerHour),
    ...tasks.flatMap((task) => taskSeries(task, day, to)),
    ...(breakEven === undefined
      ? []
      : [constant("break_even_utilization", breakEven.utilization), constant("break_even_volume", breakEven.volume)]),
  ];
}

function taskSeries(task: TaskFigures, day: string, to: Recorder): readonly RecordingRule[] {
  const { name, staying, api, replicas, cachedInputShare } = task;
  const labels = { task: name };
  // Own engines rarely say what they cached, so own input is priced at the plan's mix.
  const mixed =
    (1 - cachedInputShare) * staying.inputUsdPerMillion + cachedInputShare * staying.cachedInputUsdPerMillion;
  const ownMix = { ...staying, inputUsdPerMillion: mixed, cachedInputUsdPerMillion: mixed };
  const months = `clamp_min(vector(time()) - ${unixSeconds(day)}, 0) / ${SECONDS_PER_MONTH}`;
  return [
    to.rule(
      "breakeven:plan_requests_per_day",
      `${figure(task.requestsPerDay)} * ${figure(1 + task.monthlyGrowth)} ^ (${months})`,
      labels,
    ),
    to.constant("breakeven:plan_request_usd", task.stayingUsdPerRequest, labels),
    to.constant("breakeven:plan_api_share", task.apiShare, labels),
    ...tokenSeries("breakeven:plan_staying_usd_per_token", ownMix, { ...labels, route: "own" }, to),
    ...tokenSeries("breakeven:plan_staying_usd_per_token", staying, { ...labels, route: "api" }, to),
    ...Object.entries(api).flatMap(([model, prices]) =>
      tokenSeries("breakeven:plan_api_usd_per_token", prices, { ...labels, model }, to),
    ),
    ...replicas.flatMap(({ model, requestsPerSecond, gpusPerReplica }) => [
      to.constant("breakeven:plan_replica_requests_per_second", requestsPerSecond, { ...labels, model }),
      to.constant("breakeven:plan_gpus_per_replica", gpusPerReplica, { ...labels, model }),
    ]),
  ];
}

function tokenSeries(record: string, prices: DatedTokenPrices, labels: Labels, to: Recorder): readonly RecordingRule[] {
  const { inputUsdPerMillion, cachedInputUsdPerMillion, outputUsdPerMillion, priceDate } = prices;
  const byDirection = { input: inputUsdPerMillion, cached: cachedInputUsdPerMillion, output: outputUsdPerMillion };
  return Object.entries(byDirection).map(([direction, usdPerMillion]) =>
    to.constant(record, usdPerMillion / MILLION, { ...labels, direction, price_date: priceDate }),
  );
}
