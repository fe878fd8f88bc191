import type { Catalog } from "../economics/catalog.ts";
import { hourlyDemand } from "../economics/traffic.ts";
import type { PlatformConfig } from "./platform.ts";

/**
 * Work of one request, and of one event of a stream it relays; events arrive one by one, as tokens do. LiteLLM 1.106.2 with the
 * generated configuration and plug-ins, `npm run bench:gateway` of 2026-11-21 (docs/gateway-speed.md). Unit: core seconds.
 */
export const CORE_SECONDS_PER_REQUEST = 0.012;
export const CORE_SECONDS_PER_EVENT = 0.0008;
/** Within an hour traffic has peaks of its own. */
const PEAK_OVER_HOUR = 1.5;
/** Streams are relayed by one process per pod: beyond this share of its core, tokens begin to wait. */
export const BUSY_SHARE = 0.6;
/** vLLM takes more, but some of its parsers of tool calls had trouble with several tokens at once. */
const MOST_TOKENS_PER_EVENT = 10;
/** Longest pause between two events of a stream at its latency target: what readers still see as flowing. Unit: milliseconds. */
const EVENT_PAUSE_MS = 250;
/** Kubernetes, agents, controllers and monitoring take about one core of every system node. */
const SYSTEM_CORES_PER_NODE = 1;
const SECONDS_PER_HOUR = 3600;

type Tasks = PlatformConfig["tasks"];
type Task = Tasks[string];

/** Tokens in an event of a stream, by own model. APIs send one. */
export type StreamIntervals = Readonly<Record<string, number>>;

/** What a gateway has to relay in the busiest hour, and the pods of one core each it takes. */
export interface GatewaySize {
  readonly peakRequestsPerSecond: number;
  /** Were all answers streamed. */
  readonly peakEventsPerSecond: number;
  /** Busy in the busiest hour, its own peaks included. Unit: cores. */
  readonly peakCores: number;
  /** Events one pod relays when it is as busy as it should be, the planned requests beside them. Unit: events per second. */
  readonly eventsPerSecondPerPod: number;
  readonly replicas: number;
  readonly maxReplicas: number;
}

/** `gateway` serves all tasks but restricted ones. */
export type GatewayRole = "gateway" | "restricted";

function eventsPerRequest({ selfHosted, outputTokensPerRequest }: Task, intervals: StreamIntervals): number {
  const ownShare = selfHosted.reduce((sum, { share }) => sum + share, 0);
  const own = selfHosted.reduce((sum, { model, share }) => sum + share / (intervals[model] ?? 1), 0);
  return outputTokensPerRequest * (own + Math.max(0, 1 - ownShare));
}

function busiestHour(tasks: Tasks, intervals: StreamIntervals) {
  const demands = Object.values(tasks).map((task) => ({
    ...hourlyDemand(task),
    events: eventsPerRequest(task, intervals),
  }));
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
  return peak;
}

/** Pods of one gateway for its planned peak, at least `replicas`; autoscaling may double them unless `maxReplicas` says otherwise. */
export function gatewaySize(
  tasks: Tasks,
  { replicas, maxReplicas }: { readonly replicas: number; readonly maxReplicas?: number | undefined },
  intervals: StreamIntervals,
): GatewaySize {
  const { requests, events, cores } = busiestHour(tasks, intervals);
  const needed = Math.max(replicas, Math.ceil(cores));
  return {
    peakRequestsPerSecond: requests,
    peakEventsPerSecond: events,
    peakCores: cores,
    eventsPerSecondPerPod: cores === 0 ? 0 : (BUSY_SHARE * PEAK_OVER_HOUR * events) / cores,
    replicas: needed,
    maxReplicas: Math.max(needed, maxReplicas ?? 2 * needed),
  };
}

const ROLES: readonly GatewayRole[] = ["gateway", "restricted"];

/** Tasks one gateway serves. */
export const tasksOfRole = (tasks: Tasks, role: GatewayRole): Tasks =>
  Object.fromEntries(
    Object.entries(tasks).filter(([, { dataClass }]) => (dataClass === "restricted") === (role === "restricted")),
  );

type Platform = Pick<PlatformConfig, "tasks" | "models" | "gateway">;

/**
 * Tokens per event of every own model: as few as let the pods that are there anyway (`gateway.replicas`) carry the planned
 * peak, so that streams flow as smoothly as they can; at most what its latency target per token allows. `serving.streamInterval` wins.
 */
export function streamIntervals({ tasks, models, gateway }: Platform): StreamIntervals {
  const gateways = ROLES.map((role) => tasksOfRole(tasks, role));
  const at = (most: number): StreamIntervals =>
    Object.fromEntries(
      Object.entries(models).map(([name, { serving, slo }]) => [
        name,
        serving.streamInterval ?? Math.max(1, Math.min(most, Math.floor(EVENT_PAUSE_MS / slo.tpotMs))),
      ]),
    );
  for (let most = 1; most < MOST_TOKENS_PER_EVENT; most++) {
    const intervals = at(most);
    if (gateways.every((own) => busiestHour(own, intervals).cores <= gateway.replicas)) return intervals;
  }
  return at(MOST_TOKENS_PER_EVENT);
}

/** The gateways of a platform. */
export function gatewaySizes(platform: Platform): readonly (GatewaySize & { readonly role: GatewayRole })[] {
  const intervals = streamIntervals(platform);
  return ROLES.flatMap((role) => {
    const tasks = tasksOfRole(platform.tasks, role);
    return Object.keys(tasks).length === 0 ? [] : [{ role, ...gatewaySize(tasks, platform.gateway, intervals) }];
  });
}

/**
 * Why the gateways do not fit the system nodes of a new cluster, which are all the bill knows of: pods nobody has room for are
 * capacity nobody pays for. Undefined where they fit, or the cluster and its nodes are there already.
 */
export function missingRoom(
  platform: Platform & Pick<PlatformConfig, "cluster">,
  catalog: Pick<Catalog, "instanceType">,
): string | undefined {
  if (platform.cluster.kind !== "eks") return undefined;
  const { instanceType, count } = platform.cluster.systemNodes;
  const type = catalog.instanceType(instanceType);
  const room = type.ok ? count * Math.max(0, type.value.vcpu - SYSTEM_CORES_PER_NODE) : 0;
  const pods = gatewaySizes(platform).reduce((sum, { replicas }) => sum + replicas, 0);
  if (pods <= room) return undefined;
  return `cluster.systemNodes: ${count} x ${instanceType} have room for ${counted(room, "gateway pod")} of a core and the planned peak takes ${pods}; raise count, or choose a larger instanceType`;
}

const figure = (value: number): string =>
  value >= 10 ? Math.round(value).toLocaleString("en-US") : String(Number(value.toPrecision(2)));

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

/**
 * `gateway: 2 pods for 9.3 requests/s and 930 events/s at the peak (1.3 cores); tokens per event: support 4`, one line per gateway.
 */
export function gatewaySizeText(platform: Platform): readonly string[] {
  const intervals = streamIntervals(platform);
  return gatewaySizes(platform).map(({ role, replicas, peakRequestsPerSecond, peakEventsPerSecond, peakCores }) => {
    const models = [
      ...new Set(
        Object.values(tasksOfRole(platform.tasks, role)).flatMap(({ selfHosted }) =>
          selfHosted.map(({ model }) => model),
        ),
      ),
    ];
    const tokens = models.map((model) => `${model} ${intervals[model] ?? 1}`).join(", ");
    const name = role === "gateway" ? "gateway" : "gateway of restricted tasks";
    return [
      `${name}: ${counted(replicas, "pod")} for ${figure(peakRequestsPerSecond)} requests/s and ${figure(peakEventsPerSecond)} events/s at the peak, ${figure(peakCores)} cores`,
      ...(tokens === "" ? [] : [`tokens per event: ${tokens}`]),
    ].join("; ");
  });
}

/** The same, and what stands in the way of it. */
export const gatewayLines = (
  platform: Parameters<typeof missingRoom>[0],
  catalog: Parameters<typeof missingRoom>[1],
): readonly string[] => {
  const missing = missingRoom(platform, catalog);
  return [...gatewaySizeText(platform), ...(missing === undefined ? [] : [missing])];
};
