import type { types } from "@pulumi/kubernetes";
import { dnsEgress, internetEgress, podIdentityEgress, prometheusPods, s3Egress } from "../pod-security.ts";
import { VLLM_PORT } from "./flags.ts";
import type { WeightsSource } from "./weights.ts";

type Policy = types.input.networking.v1.NetworkPolicySpec;
type Selector = { matchLabels: Record<string, string> };

export interface VllmPaths {
  readonly source: WeightsSource;
  /** Nodes one replica spans; with more than one its pods talk to each other on ports they choose. */
  readonly nodes: number;
  /** Range of a private S3 endpoint. @default S3 is reached at its public addresses */
  readonly s3Cidr?: string | undefined;
}

/** The way to the weights, where a replica fetches them itself. */
function weightsEgress({ source, s3Cidr }: VllmPaths): types.input.networking.v1.NetworkPolicyEgressRule[] {
  switch (source) {
    case "hub":
      return [internetEgress];
    case "s3":
      return [s3Egress(s3Cidr), podIdentityEgress];
    case "cache":
    case "image":
      return [];
    default:
      return source satisfies never;
  }
}

/** vLLM's key guards `/v1` alone, so only gateways, routers and Prometheus may connect at all. Out: names, and the weights. */
export function vllmNetworkPolicy(podSelector: Selector, paths: VllmPaths): Policy {
  const group = paths.nodes > 1 ? [{ podSelector }] : [];
  return {
    podSelector,
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      {
        from: [
          { podSelector: { matchLabels: { "app.kubernetes.io/name": "llm-gateway" } } },
          { podSelector: { matchLabels: { "app.kubernetes.io/name": "vllm-router" } } },
          prometheusPods,
        ],
        ports: [{ protocol: "TCP", port: VLLM_PORT }],
      },
      ...group.map((peer) => ({ from: [peer] })),
    ],
    egress: [dnsEgress, ...weightsEgress(paths), ...group.map((peer) => ({ to: [peer] }))],
  };
}

/** Nobody may connect to the job that fetches weights; it reaches names and the internet. */
export const prefetchNetworkPolicy = (podSelector: Selector): Policy => ({
  podSelector,
  policyTypes: ["Ingress", "Egress"],
  ingress: [],
  egress: [dnsEgress, internetEgress],
});
