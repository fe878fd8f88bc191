import type { types } from "@pulumi/kubernetes";

/** What the PodSecurity level `restricted` asks of a pod. Nothing here talks to the Kubernetes API, so no token is mounted. */
export const restrictedPod = (runAsUser: number, runAsGroup: number) =>
  ({
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, runAsUser, runAsGroup, seccompProfile: { type: "RuntimeDefault" } },
  }) satisfies Partial<types.input.core.v1.PodSpec>;

/** What it asks of a container, and a root file system that cannot be written. */
export const restrictedContainer = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
} satisfies types.input.core.v1.SecurityContext;

/** Address ranges inside clouds and clusters: a way out to the internet is no way to a neighbour or to instance metadata. */
export const PRIVATE_RANGES = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];

/** Name lookups at the cluster's own DNS, or the node's cache of it, and nowhere else. */
export const dnsEgress = {
  to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }, { ipBlock: { cidr: "169.254.20.10/32" } }],
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
} satisfies types.input.networking.v1.NetworkPolicyEgressRule;

/** HTTPS to addresses outside every private range. */
export const internetEgress = {
  to: [{ ipBlock: { cidr: "0.0.0.0/0", except: PRIVATE_RANGES } }],
  ports: [{ protocol: "TCP", port: 443 }],
} satisfies types.input.networking.v1.NetworkPolicyEgressRule;
