import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { MODEL_LABEL } from "../config/marks.ts";
import { ROUTER_PORT, ROUTER_REPLICAS, type Router, routerNetworkPolicy, routerPod } from "./vllm/router.ts";
import { vllmUrl } from "./vllm-service.ts";

export interface VllmRouterArgs extends Omit<Router, "name"> {
  /** Name of the model in the platform. */
  readonly model: string;
}

/**
 * The vLLM router in front of the replicas of one model: requests that begin alike go to the same replica, whose cache
 * holds that beginning. It finds replicas by their labels, under a role that reads the pods of its namespace and nothing else.
 *
 * ### Cost
 * Nothing by itself: two pods on system nodes, a quarter of a CPU core and 256 MiB each.
 *
 * @example
 * const router = new VllmRouter("llm-router-qwen3", {
 *   namespace: "llm", model: "qwen3", workers: service.answering, maxConcurrentSequences: 256, longestSeconds: 300,
 * }, { provider, dependsOn: [namespace] });
 */
export class VllmRouter extends pulumi.ComponentResource {
  /** OpenAI-compatible address inside the cluster, `/v1` included. */
  readonly url: string;

  constructor(name: string, args: VllmRouterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("breakeven:index:VllmRouter", name, args, opts);
    const parent = { parent: this };
    const matchLabels = { "app.kubernetes.io/name": "vllm-router", "app.kubernetes.io/instance": name };
    const selector = { matchLabels };
    const labels = { ...matchLabels, "app.kubernetes.io/part-of": "breakeven", [MODEL_LABEL]: args.model };
    const metadata = { name, namespace: args.namespace, labels };

    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false },
      parent,
    );
    const role = new k8s.rbac.v1.Role(
      `${name}-role`,
      { metadata, rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }] },
      parent,
    );
    const binding = new k8s.rbac.v1.RoleBinding(
      `${name}-role-binding`,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
        subjects: [{ kind: "ServiceAccount", name, namespace: args.namespace }],
      },
      { ...parent, dependsOn: [role, account] },
    );
    new k8s.networking.v1.NetworkPolicy(
      `${name}-network-policy`,
      { metadata, spec: routerNetworkPolicy(selector, args.workers) },
      parent,
    );
    const deployment = new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      {
        // Ready when the model is, which is waited for where the model is made.
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          replicas: ROUTER_REPLICAS,
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          selector,
          template: { metadata: { labels }, spec: routerPod({ ...args, name }, selector) },
        },
      },
      { ...parent, dependsOn: [account, binding] },
    );
    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-disruption-budget`,
      // While the model sleeps no router is ready, and a node must still be drained.
      { metadata, spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector } },
      parent,
    );
    new k8s.core.v1.Service(
      `${name}-service`,
      {
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          type: "ClusterIP",
          selector: matchLabels,
          ports: [{ name: "http", port: ROUTER_PORT, targetPort: "http" }],
        },
      },
      { ...parent, dependsOn: [deployment] },
    );

    this.url = vllmUrl(name, args.namespace);
    this.registerOutputs({ url: this.url });
  }
}
