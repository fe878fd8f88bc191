import { readFileSync } from "node:fs";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { MODEL_LABEL, POOL_LABEL } from "../config/marks.ts";
import { type Autoscaling, type ScaleTarget, scaledObject } from "./vllm/autoscaling.ts";
import { VLLM_PORT } from "./vllm/flags.ts";
import { leaderWorkerSet } from "./vllm/group.ts";
import { progressDeadlineSeconds } from "./vllm/lifecycle.ts";
import { prefetchNetworkPolicy, vllmNetworkPolicy } from "./vllm/network-policy.ts";
import { prefetchPod, pythonConfigMap, type Replica, startOf, vllmPod, weightsClaim } from "./vllm/pod.ts";
import { weightsSource } from "./vllm/weights.ts";

export interface VllmServiceArgs extends Omit<Replica, "name"> {
  /** Namespace of all objects; it must exist before, so pass it in `dependsOn`. */
  readonly namespace: string;
  /** Replicas to run; undefined where KEDA decides. Unit: count. */
  readonly replicas?: number | undefined;
  /** How KEDA scales the replicas. @default nothing scales them */
  readonly autoscaling?: Autoscaling | undefined;
  /** What knows and scales ScaledObjects; it must outlive them. @default it is there already */
  readonly scaler?: pulumi.Resource | undefined;
  /** Account whose role may read the weights in S3. @default the namespace's own, without any role */
  readonly serviceAccountName?: string | undefined;
  /** Range of a private S3 endpoint. @default S3 is reached at its public addresses */
  readonly s3Cidr?: string | undefined;
  /** Key callers must present. A secret. */
  readonly apiKey: pulumi.Input<string>;
  /** Token for repositories that ask for one. A secret. @default weights are fetched without a token */
  readonly huggingFaceToken?: pulumi.Input<string> | undefined;
}

/**
 * One model served by vLLM: a Deployment, or a LeaderWorkerSet where a replica spans nodes, that loads the weights, its
 * Service, and a fence that lets only gateways and Prometheus in. Rollouts replace one replica at a time and never ask for
 * more GPUs than are there. Weights from a volume are fetched once, by a job, and replicas then have no way out at all.
 *
 * ### Cost
 * Nothing by itself: the replicas run on nodes of a pool, which are what is paid. A weights volume costs what its class does.
 *
 * @example
 * new VllmService("llm-vllm-qwen3", {
 *   namespace: "llm", model: "qwen3", config, huggingFaceId: "Qwen/Qwen3-32B", weightsGiB: 62, replicas: 2, nodes: 1,
 *   efaInterfaces: 0, startUp: pool.startUp, poolSelector: { "breakeven.dev/pool": "h100" }, apiKey: password.result,
 * }, { provider, dependsOn: [namespace] });
 */
export class VllmService extends pulumi.ComponentResource {
  /** OpenAI-compatible address inside the cluster, `/v1` included. */
  readonly url: string;
  /** Labels of the pods that answer: of each replica the one, where it spans nodes. */
  readonly answering: Readonly<Record<string, string>>;

  constructor(name: string, args: VllmServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { apiKey, huggingFaceToken, scaler, ...visible } = args;
    super("breakeven:index:VllmService", name, visible, opts);
    const parent = { parent: this };
    const replica: Replica = { ...visible, name };
    const source = weightsSource(args.config.weights);
    const labels = vllmLabels(name, args.model, args.config.pool);
    const metadata = { name, namespace: args.namespace, labels };
    const selector = { matchLabels: { "app.kubernetes.io/name": "vllm", "app.kubernetes.io/instance": name } };

    const secret = new k8s.core.v1.Secret(
      `${name}-keys`,
      {
        metadata: { ...metadata, name: `${name}-keys` },
        stringData: { VLLM_API_KEY: apiKey, ...(huggingFaceToken === undefined ? {} : { HF_TOKEN: huggingFaceToken }) },
      },
      parent,
    );
    const python = new k8s.core.v1.ConfigMap(
      `${name}-python`,
      { metadata: { ...metadata, name: pythonConfigMap(name) }, data: PYTHON_FILES },
      parent,
    );
    const weights = source === "cache" ? this.prefetchedWeights(name, args, replica, labels, [secret, python]) : [];
    new k8s.networking.v1.NetworkPolicy(
      `${name}-network-policy`,
      { metadata, spec: vllmNetworkPolicy(selector, { source, nodes: args.nodes, s3Cidr: args.s3Cidr }) },
      parent,
    );

    const target = this.workload(name, args, replica, { metadata, labels, selector }, [secret, python, ...weights]);
    if (args.autoscaling !== undefined)
      new k8s.apiextensions.CustomResource(
        `${name}-scaling`,
        {
          apiVersion: "keda.sh/v1alpha1",
          kind: "ScaledObject",
          metadata,
          spec: scaledObject(target.kind, args.namespace, args.model, args.config, args.autoscaling),
        },
        { ...parent, dependsOn: [target.resource, ...(scaler === undefined ? [] : [scaler])] },
      );

    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-disruption-budget`,
      { metadata, spec: { maxUnavailable: 1, selector } },
      parent,
    );
    this.answering = { ...selector.matchLabels, ...(args.nodes > 1 ? { "breakeven.dev/role": "leader" } : {}) };
    new k8s.core.v1.Service(
      `${name}-service`,
      {
        // The workload is what is waited for: a Service without endpoints is right while weights load or at zero replicas.
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          type: "ClusterIP",
          selector: this.answering,
          ports: [{ name: "http", port: VLLM_PORT, targetPort: "http" }],
        },
      },
      { ...parent, dependsOn: [target.resource] },
    );

    this.url = vllmUrl(name, args.namespace);
    this.registerOutputs({ url: this.url });
  }

  /** The volume of the weights, and the job that fills it before any replica starts. */
  private prefetchedWeights(
    name: string,
    { config, namespace }: VllmServiceArgs,
    replica: Replica,
    labels: Record<string, string>,
    dependsOn: pulumi.Resource[],
  ): pulumi.Resource[] {
    const parent = { parent: this };
    const claim = new k8s.core.v1.PersistentVolumeClaim(
      `${name}-weights`,
      {
        metadata: {
          name: weightsClaim(name),
          namespace,
          labels,
          // Bound when the job's pod lands, with classes that wait for it.
          annotations: { "pulumi.com/skipAwait": "true" },
        },
        spec: {
          accessModes: ["ReadWriteMany"],
          storageClassName: config.weights.cache?.storageClass ?? "",
          resources: { requests: { storage: `${config.weights.cache?.sizeGiB ?? 0}Gi` } },
        },
      },
      parent,
    );
    const jobName = `${name}-prefetch`;
    const jobLabels = { ...labels, "app.kubernetes.io/name": "vllm-prefetch" };
    const matchLabels = { "app.kubernetes.io/name": "vllm-prefetch", "app.kubernetes.io/instance": name };
    new k8s.networking.v1.NetworkPolicy(
      `${jobName}-network-policy`,
      { metadata: { name: jobName, namespace, labels: jobLabels }, spec: prefetchNetworkPolicy({ matchLabels }) },
      parent,
    );
    const job = new k8s.batch.v1.Job(
      jobName,
      {
        metadata: { name: jobName, namespace, labels: jobLabels },
        spec: { backoffLimit: 6, template: { metadata: { labels: jobLabels }, spec: prefetchPod(replica) } },
      },
      // Another revision is another job: a job's pod never changes.
      {
        ...parent,
        dependsOn: [...dependsOn, claim],
        deleteBeforeReplace: true,
        replaceOnChanges: ["spec"],
        customTimeouts: { create: "4h" },
      },
    );
    return [claim, job];
  }

  /** What runs the replicas, and how KEDA names it. */
  private workload(
    name: string,
    args: VllmServiceArgs,
    replica: Replica,
    { metadata, labels, selector }: { metadata: Metadata; labels: Record<string, string>; selector: Selector },
    dependsOn: pulumi.Resource[],
  ): { resource: pulumi.Resource; kind: ScaleTarget } {
    const { replicas, serviceAccountName } = args;
    const deadline = progressDeadlineSeconds(startOf(replica), args.config.startupProbeSeconds);
    // Replicas go one after the other; Pulumi would give up after ten minutes.
    const timeout = `${Math.max(1, replicas ?? args.config.replicas.min) * deadline}s`;
    const opts = { parent: this, dependsOn, customTimeouts: { create: timeout, update: timeout } };
    if (replica.nodes > 1) {
      const kind = { apiVersion: "leaderworkerset.x-k8s.io/v1", kind: "LeaderWorkerSet" };
      const spec = leaderWorkerSet(replica, replicas, labels, selector, serviceAccountName);
      const resource = new k8s.apiextensions.CustomResource(`${name}-group`, { ...kind, metadata, spec }, opts);
      return { resource, kind: { ...kind, name } };
    }
    // A model at zero is as it should be; nothing to wait for.
    const mayIdle = replicas === undefined && args.config.replicas.min === 0;
    const resource = new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata: { ...metadata, ...(mayIdle ? { annotations: { "pulumi.com/skipAwait": "true" } } : {}) },
        spec: {
          ...(replicas === undefined ? {} : { replicas }),
          progressDeadlineSeconds: deadline,
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
          selector,
          template: {
            metadata: { labels },
            spec: vllmPod(replica, "leader", selector, serviceAccountName),
          },
        },
      },
      opts,
    );
    return { resource, kind: { apiVersion: "apps/v1", kind: "Deployment", name } };
  }
}

type Selector = { matchLabels: Record<string, string> };
type Metadata = { name: string; namespace: string; labels: Record<string, string> };

/** Address of a service; plain, so that the gateway's configuration is known in a preview. */
export const vllmUrl = (service: string, namespace: string): string =>
  `http://${service}.${namespace}.svc.cluster.local:${VLLM_PORT}/v1`;

const PYTHON_FILES = Object.fromEntries(
  ["close_connections.py", "prefetch.py"].map((file) => [
    file,
    readFileSync(new URL(`./vllm/${file}`, import.meta.url), "utf8"),
  ]),
);

const vllmLabels = (name: string, model: string, pool: string) => ({
  "app.kubernetes.io/name": "vllm",
  "app.kubernetes.io/instance": name,
  "app.kubernetes.io/part-of": "breakeven",
  [MODEL_LABEL]: model,
  [POOL_LABEL]: pool,
});
