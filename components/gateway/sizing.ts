import { hourlyDemand } from "../../economics/traffic.ts";
import { STREAM_INTERVAL_TOKENS } from "../vllm/flags.ts";
import { type GatewayTask, type GatewayTasks, ownShares } from "./routes.ts";

/** CPU work of one request and of one event of a stream it relays. Measured on LiteLLM 1.106.2: 9 ms, 2,200 events a second. Unit: core seconds. */
const CORE_SECONDS_PER_REQUEST = 0.009;
const CORE_SECONDS_PER_EVENT = 1 / 2200;
/** Within an hour traffic has peaks of its own. */
const PEAK_OVER_HOUR = 1.5;
const SECONDS_PER_HOUR = 3600;

/** What the gateway has to relay in the busiest hour, and the pods of one core each it takes. */
export interface GatewaySize {
  readonly peakRequestsPerSecond: number;
  /** Were all answers streamed: own models send several tokens in an event, APIs one. */
  readonly peakEventsPerSecond: number;
  readonly replicas: number;
  readonly maxReplicas: number;
}

function eventsPerRequest(task: GatewayTask): number {
  const own = ownShares(task).reduce((sum, { share }) => sum + share, 0);
  return task.outputTokensPerRequest * (own / STREAM_INTERVAL_TOKENS + (1 - own));
}

/** Pods for the planned peak, at least `replicas`; autoscaling may double them unless `maxReplicas` says otherwise. */
export function gatewaySize(
  tasks: GatewayTasks,
  { replicas, maxReplicas }: { readonly replicas: number; readonly maxReplicas?: number | undefined },
): GatewaySize {
  const demands = Object.values(tasks).map((task) => ({ ...hourlyDemand(task), events: eventsPerRequest(task) }));
  const hours = (demands[0]?.interactive ?? new Float64Array(1)).map((_, hour) => hour);
  let peak = { requests: 0, events: 0, cores: 0 };
  for (const hour of hours) {
    let requests = 0;
    let events = 0;
    for (const demand of demands) {
      const perSecond = ((demand.interactive[hour] ?? 0) + (demand.batch[hour] ?? 0)) / SECONDS_PER_HOUR;
      requests += perSecond;
      events += perSecond * demand.events;
    }
    const cores = PEAK_OVER_HOUR * (requests * CORE_SECONDS_PER_REQUEST + events * CORE_SECONDS_PER_EVENT);
    if (cores > peak.cores) peak = { requests, events, cores };
  }
  const needed = Math.max(replicas, Math.ceil(peak.cores));
  return {
    peakRequestsPerSecond: peak.requests,
    peakEventsPerSecond: peak.events,
    replicas: needed,
    maxReplicas: Math.max(needed, maxReplicas ?? 2 * needed),
  };
}
