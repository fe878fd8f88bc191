import { GATEWAY_PORT } from "./pod.ts";
import type { GatewayService } from "./service.ts";

type Route = Extract<GatewayService, { type: "Route" }>;

/** The gateway gives up first, and says why. */
const SLACK_SECONDS = 10;

/**
 * Spec of an HTTPRoute (gateway.networking.k8s.io/v1) from a host name to the gateway's Service. Both timeouts cover the whole
 * answer, a stream to its last token, so they are longer than the longest.
 */
export function httpRoute({ name, namespace, listener, hostname }: Route, service: string, longestSeconds: number) {
  const timeout = `${longestSeconds + SLACK_SECONDS}s`;
  return {
    parentRefs: [
      {
        group: "gateway.networking.k8s.io",
        kind: "Gateway",
        name,
        namespace,
        ...(listener === undefined ? {} : { sectionName: listener }),
      },
    ],
    hostnames: [hostname],
    rules: [
      {
        matches: [{ path: { type: "PathPrefix", value: "/" } }],
        backendRefs: [{ group: "", kind: "Service", name: service, port: GATEWAY_PORT, weight: 1 }],
        timeouts: { request: timeout, backendRequest: timeout },
      },
    ],
  };
}
