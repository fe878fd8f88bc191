import { type Group, isExternal, type Target } from "../../components/gateway/groups.ts";

/** What Envoy is told: the gateway's groups in its words, for a comparison of speed. */
export interface EnvoyOptions {
  readonly groups: readonly Group[];
  /** Addresses of targets, `/v1` included, by the name of the own model or of the API's provider. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly port: number;
  readonly adminPort: number;
}

/** Envoy does not read bodies, so the client says here what it says there. */
export const MODEL_HEADER = "x-model";

const typed = (name: string, type: string, config: object = {}) => ({
  name,
  typed_config: { "@type": `type.googleapis.com/${type}`, ...config },
});
const seconds = (value: number): string => `${value}s`;
const listen = (port: number) => ({ socket_address: { address: "127.0.0.1", port_value: port } });
const clusterName = ({ id }: Target): string => id;

/** Tried again where a gateway can see the failure: before any header of an answer. */
function route({ name, levels }: Group) {
  const targets = levels.flat();
  return {
    match: { prefix: "/v1/", headers: [{ name: MODEL_HEADER, string_match: { exact: name } }] },
    route: {
      timeout: seconds(Math.max(...targets.map(({ timeouts }) => timeouts.wholeSeconds))),
      idle_timeout: seconds(Math.max(...targets.map(({ timeouts }) => timeouts.gapSeconds))),
      auto_host_rewrite: true,
      inline_cluster_specifier_plugin: {
        extension: typed(
          "envoy.router.cluster_specifier_plugin.priority_group",
          "envoy.extensions.router.cluster_specifiers.priority_group.v3.PriorityGroupClusterSpecifier",
          {
            priority_groups: levels.map((level, index) => ({
              name: `level-${index + 1}`,
              clusters: level.map((target) => ({
                cluster_name: clusterName(target),
                weight: Math.round(1000 * (target.weight ?? 1)),
              })),
            })),
          },
        ),
      },
      retry_policy: {
        retry_on: "5xx,reset,connect-failure,retriable-status-codes",
        retriable_status_codes: [429],
        num_retries: levels.length - 1,
        refresh_cluster_on_retry: true,
      },
    },
  };
}

/** A target under one group's name; limits of what runs at once turn the surplus to the next level, as in the gateway. */
function cluster(target: Target, addresses: EnvoyOptions["addresses"]) {
  const name = target.answers.by === "own" ? target.answers.model : target.answers.api.provider;
  const address = addresses[name];
  if (address === undefined) throw new Error(`no address of "${name}"; known: ${Object.keys(addresses).join(", ")}`);
  const { hostname, port, pathname, protocol } = new URL(address);
  if (protocol !== "http:" || pathname !== "/v1" || port === "")
    throw new Error(`address of "${name}" is ${address}; the comparison speaks to http://host:port/v1 only`);
  // Envoy's own limits (1,024 requests, 3 retries) would reject at loads the gateway takes.
  const most = 1_000_000;
  return {
    name: clusterName(target),
    type: "STATIC",
    connect_timeout: "1s",
    circuit_breakers: {
      thresholds: [
        {
          max_connections: most,
          max_pending_requests: most,
          max_retries: most,
          max_requests: target.parallelRequests ?? most,
        },
      ],
    },
    load_assignment: {
      cluster_name: clusterName(target),
      endpoints: [
        {
          lb_endpoints: [
            { endpoint: { address: { socket_address: { address: hostname, port_value: Number(port) } } } },
          ],
        },
      ],
    },
    ...(isExternal(target) || !target.isWatched
      ? {}
      : { outlier_detection: { consecutive_5xx: 1, base_ejection_time: "15s", max_ejection_percent: 100 } }),
  };
}

/**
 * A bootstrap file of Envoy: groups with levels, weights, timeouts and limits, made from the same description as the
 * gateway's own configuration. Keys, limits of clients, the guard and second answers have no counterpart here.
 */
export function envoyConfig({ groups, addresses, port, adminPort }: EnvoyOptions): object {
  const clusters = new Map(
    groups.flatMap(({ levels }) => levels.flat().map((target) => [target.id, cluster(target, addresses)] as const)),
  );
  return {
    admin: { address: listen(adminPort) },
    static_resources: {
      listeners: [
        {
          name: "gateway",
          address: listen(port),
          filter_chains: [
            {
              filters: [
                typed(
                  "envoy.filters.network.http_connection_manager",
                  "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                  {
                    stat_prefix: "gateway",
                    route_config: {
                      virtual_hosts: [{ name: "gateway", domains: ["*"], routes: groups.map(route) }],
                    },
                    http_filters: [
                      typed("envoy.filters.http.router", "envoy.extensions.filters.http.router.v3.Router"),
                    ],
                  },
                ),
              ],
            },
          ],
        },
      ],
      clusters: [...clusters.values()],
    },
  };
}
