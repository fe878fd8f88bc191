import type { types } from "@pulumi/kubernetes";
import { imageReference, images } from "../images.ts";
import { apiServerEgress, dnsEgress, prometheusPods, restrictedContainer, restrictedPod } from "../pod-security.ts";
import { VLLM_PORT } from "./flags.ts";

/** The router answers on the port of what it stands for. */
export const ROUTER_PORT = VLLM_PORT;
export const ROUTER_REPLICAS = 2;
const METRICS_PORT = 29000;

/** The endpoint leaves the Service before the process is told to stop; it then finishes what is running. */
const PRE_STOP_SECONDS = 10;

/** Prompts remembered per replica, about four million tokens: more than the key-value cache of a node holds. */
const TREE_CHARACTERS = 2 ** 24;

export type Labels = Readonly<Record<string, string>>;
type Selector = { matchLabels: Record<string, string> };

export interface Router {
  /** Name of all objects. */
  readonly name: string;
  readonly namespace: string;
  /** Labels that only the pods that answer for the model have. */
  readonly workers: Labels;
  /** Requests one replica works on at once. */
  readonly maxConcurrentSequences: number;
  /** Longest answer the gateway waits for, of any task. Unit: seconds. */
  readonly longestSeconds: number;
  /** In front of the image. @default it comes from its own registry */
  readonly registryMirror?: string | undefined;
}

/**
 * Arguments of the router. A request goes to the replica that saw most of its prompt, unless that replica is ahead of
 * the least busy one by an eighth of what it can take; a prompt nobody saw goes to the least busy one.
 */
export const routerArgs = ({ namespace, workers, maxConcurrentSequences, longestSeconds }: Router): string[] => [
  "--host=0.0.0.0",
  `--port=${ROUTER_PORT}`,
  "--policy=cache_aware",
  `--balance-abs-threshold=${Math.ceil(maxConcurrentSequences / 8)}`,
  `--max-tree-size=${TREE_CHARACTERS}`,
  "--service-discovery",
  `--service-discovery-namespace=${namespace}`,
  `--service-discovery-port=${VLLM_PORT}`,
  "--selector",
  ...Object.entries(workers).map(([key, value]) => `${key}=${value}`),
  // The gateway gives up first, and it alone decides what is asked next; a second replica is worth one try.
  `--request-timeout-secs=${longestSeconds + 10}`,
  "--retry-max-retries=2",
  "--health-check-interval-secs=5",
  // Without a host the router serves its metrics to its own pod alone.
  "--prometheus-host=0.0.0.0",
  `--prometheus-port=${METRICS_PORT}`,
];

/** No model, no key: callers' keys are passed on to vLLM. Only this pod of the platform asks the Kubernetes API, for replicas. */
export function routerPod(router: Router, selector: Selector): types.input.core.v1.PodSpec {
  const probe = (path: string) => ({ httpGet: { path, port: "http" }, periodSeconds: 5, timeoutSeconds: 5 });
  return {
    // `nobody`: nothing in the image belongs to it.
    ...restrictedPod(65534, 65534),
    automountServiceAccountToken: true,
    serviceAccountName: router.name,
    topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
      topologyKey,
      maxSkew: 1,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: selector,
    })),
    terminationGracePeriodSeconds: router.longestSeconds + PRE_STOP_SECONDS + 10,
    containers: [
      {
        name: "router",
        image: imageReference(images.vllmRouter, router.registryMirror),
        command: ["vllm-router"],
        args: routerArgs(router),
        ports: [
          { name: "http", containerPort: ROUTER_PORT },
          { name: "metrics", containerPort: METRICS_PORT },
        ],
        resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "1Gi" } },
        startupProbe: { ...probe("/liveness"), failureThreshold: 12 },
        // Not ready without a replica: the gateway then finds nobody and asks the next target.
        readinessProbe: { ...probe("/readiness"), failureThreshold: 3 },
        livenessProbe: { ...probe("/liveness"), failureThreshold: 6 },
        lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
        securityContext: restrictedContainer,
      },
    ],
  };
}

/** In: gateways, and Prometheus to the metrics. Out: names, the Kubernetes API and the replicas of the one model. */
export const routerNetworkPolicy = (
  podSelector: Selector,
  workers: Labels,
): types.input.networking.v1.NetworkPolicySpec => ({
  podSelector,
  policyTypes: ["Ingress", "Egress"],
  ingress: [
    {
      from: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "llm-gateway" } } }],
      ports: [{ protocol: "TCP", port: ROUTER_PORT }],
    },
    { from: [prometheusPods], ports: [{ protocol: "TCP", port: METRICS_PORT }] },
  ],
  egress: [
    dnsEgress,
    apiServerEgress,
    { to: [{ podSelector: { matchLabels: { ...workers } } }], ports: [{ protocol: "TCP", port: VLLM_PORT }] },
  ],
});
