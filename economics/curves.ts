import type { BreakEven } from "./break-even.ts";
import { availability } from "./fleet.ts";
import type { Projector } from "./projection.ts";
import { AS_PLANNED } from "./scenario.ts";
import type { AnsweredBy } from "./unit-costs.ts";
import { DAYS_PER_MONTH } from "./units.ts";

export interface VolumePoint {
  /** Multiple of today's traffic. */
  readonly volume: number;
  /** Mean over the horizon. */
  readonly tokensPerMonth: number;
  readonly requestsPerDay: number;
  readonly owningUsdPerMonth: number;
  readonly stayingUsdPerMonth: number;
  readonly utilization: number;
  readonly answeredBy: AnsweredBy;
}

/** 168 hours, Monday 00:00 UTC first. */
export interface ModelWeekResult {
  readonly model: string;
  readonly pool: string;
  /** Month of the horizon it is taken from, 0 the first. */
  readonly month: number;
  /** Requests per hour that are meant for the model. */
  readonly demand: readonly number[];
  /** Requests per hour the running replicas can serve within their latency targets. */
  readonly capacity: readonly number[];
  /** Requests per hour they do serve, downtime taken off. */
  readonly served: readonly number[];
  readonly replicas: readonly number[];
  /** Nodes of the whole pool that are paid; other models may share them. */
  readonly poolNodes: readonly number[];
}

/** From a sixteenth of today's traffic to sixteen times of it, and past the break-even, in steps of a quarter octave. */
const REACH = 16;
const STEP = 2 ** 0.25;

/** Mean requests and tokens per month of a volume, over the horizon. */
export function trafficAt({ prepared }: Projector, volume: number): { requestsPerDay: number; tokensPerMonth: number } {
  let requests = 0;
  let tokens = 0;
  for (const { task, growth } of prepared.tasks) {
    const mean = growth.reduce((sum, factor) => sum + factor, 0) / growth.length;
    const perDay = task.requestsPerDay * mean * volume;
    requests += perDay;
    tokens += perDay * DAYS_PER_MONTH * (task.inputTokensPerRequest + task.outputTokensPerRequest);
  }
  return { requestsPerDay: requests, tokensPerMonth: tokens };
}

const answeredBy = (selfHosted: number, unserved: number): AnsweredBy => ({
  selfHosted,
  api: Math.max(0, 1 - selfHosted - unserved),
  unserved,
});

/** Both bills over volume, today's and the break-even volume among the points. */
export function volumeCurve(projector: Projector, meeting: BreakEven): readonly VolumePoint[] {
  const crossing = meeting.reached ? [meeting.volume] : [];
  const least = Math.min(1 / REACH, ...crossing.map((volume) => volume / 2));
  const most = Math.max(REACH, ...crossing.map((volume) => volume * 2));
  const volumes = new Set([1, ...crossing]);
  for (let volume = least; volume <= most * 1.001; volume *= STEP)
    if (![...volumes].some((known) => Math.abs(known / volume - 1) < 0.01)) volumes.add(volume);
  return [...volumes]
    .toSorted((a, b) => a - b)
    .map((volume) => {
      const at = projector.project({ ...AS_PLANNED, traffic: volume });
      return {
        volume,
        ...trafficAt(projector, volume),
        owningUsdPerMonth: at.owningUsdPerMonth,
        stayingUsdPerMonth: at.stayingUsdPerMonth,
        utilization: at.utilization,
        answeredBy: answeredBy(at.selfServedShare, at.unservedShare),
      };
    });
}

/** The month with the most requests. */
function busiestMonth({ prepared }: Projector): number {
  const { horizonMonths } = prepared.plan.terms;
  const requests = Array.from({ length: horizonMonths }, (_, month) =>
    prepared.tasks.reduce((sum, { task, growth }) => sum + task.requestsPerDay * (growth[month] as number), 0),
  );
  return requests.indexOf(Math.max(...requests));
}

/** Demand against capacity of every self-hosted model, hour by hour of the busiest month's week. */
export function modelWeeks(projector: Projector): readonly ModelWeekResult[] {
  const { prepared, simulator } = projector;
  const { plan, tasks } = prepared;
  const month = busiestMonth(projector);
  const { models, nodes } = simulator.week(AS_PLANNED, month);
  const available = availability(plan);
  return plan.models.map((model, index): ModelWeekResult => {
    const { load, replicas, servedShare } = models[index] as (typeof models)[number];
    const demand = new Array<number>(load.length).fill(0);
    for (const { requests, shares, growth } of tasks)
      for (const { modelIndex, share } of shares)
        if (modelIndex === index)
          requests.forEach((value, hour) => {
            demand[hour] = (demand[hour] as number) + value * share * (growth[month] as number);
          });
    // Replicas are busy by the mix of requests of the whole week.
    const loadPerRequest =
      load.reduce((sum, value) => sum + value, 0) / (demand.reduce((sum, value) => sum + value, 0) || 1);
    const pool = plan.priced.pools.findIndex(({ name }) => name === model.pool);
    return {
      model: model.name,
      pool: model.pool,
      month,
      demand,
      capacity: Array.from(replicas, (count) => (loadPerRequest > 0 ? count / loadPerRequest : 0)),
      served: demand.map((value, hour) => value * (servedShare[hour] as number) * (available[index] as number)),
      replicas: Array.from(replicas),
      poolNodes: Array.from(nodes[pool] ?? []),
    };
  });
}
