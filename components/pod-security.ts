import type { types } from "@pulumi/kubernetes";
import { LINK_LOCAL, POD_IDENTITY, PRIVATE_NETWORKS } from "../config/addresses.ts";

/** What the PodSecurity level `restricted` asks of a pod. Hardly anything here talks to the Kubernetes API, so no token is mounted. */
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

/** Name lookups at the cluster's own DNS and nowhere else: no address range, so nothing here leads out of the cluster. */
export const dnsEgress = {
  to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }],
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
} satisfies types.input.networking.v1.NetworkPolicyEgressRule;

/** Prometheus, wherever it runs: the label the Prometheus operator gives its pods. */
export const prometheusPods = {
  namespaceSelector: {},
  podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } },
} satisfies types.input.networking.v1.NetworkPolicyPeer;

/** The Kubernetes API at a private address, behind the Service `kubernetes`; policies are applied to where that leads. */
export const apiServerEgress = {
  to: PRIVATE_NETWORKS.map((cidr) => ({ ipBlock: { cidr } })),
  ports: [
    { protocol: "TCP", port: 443 },
    { protocol: "TCP", port: 6443 },
  ],
} satisfies types.input.networking.v1.NetworkPolicyEgressRule;

/** HTTPS to addresses outside every private range: a way out to the internet is no way to a neighbour or to instance metadata. */
export const internetEgress = {
  to: [{ ipBlock: { cidr: "0.0.0.0/0", except: [...PRIVATE_NETWORKS, LINK_LOCAL].sort() } }],
  ports: [{ protocol: "TCP", port: 443 }],
} satisfies types.input.networking.v1.NetworkPolicyEgressRule;

/** S3, at its public addresses or at a private endpoint in a range. */
export const s3Egress = (cidr: string | undefined): types.input.networking.v1.NetworkPolicyEgressRule =>
  cidr === undefined ? internetEgress : { to: [{ ipBlock: { cidr } }], ports: [{ protocol: "TCP", port: 443 }] };

/** Address at which EKS hands a pod the credentials of its role. */
export const podIdentityEgress = {
  to: [{ ipBlock: { cidr: POD_IDENTITY } }],
  ports: [{ protocol: "TCP", port: 80 }],
} satisfies types.input.networking.v1.NetworkPolicyEgressRule;
