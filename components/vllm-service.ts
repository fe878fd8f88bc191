import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { POOL_LABEL } from "../config/marks.ts";
import type { ModelConfig } from "../config/model.ts";
import { imageReference, images } from "./images.ts";
import { dnsEgress, internetEgress, prometheusPods, restrictedContainer, restrictedPod } from "./pod-security.ts";
import { VLLM_PORT, vllmArguments } from "./vllm/flags.ts";
import { GRACE_SECONDS, PRE_STOP_SECONDS, probes, progressDeadlineSeconds } from "./vllm/lifecycle.ts";
import { environment, resources, storage } from "./vllm/resources.ts";
import { downloadGiB } from "./vllm/weights.ts";

export interface VllmServiceArgs {
  /** Namespace of all objects; it must exist before, so pass it in `dependsOn`. */
  readonly namespace: string;
  /** Key of the model in the config: the model name vLLM answers to. */
  readonly model: string;
  readonly config: ModelConfig;
  /** Repository of the weights, e.g. `Qwen/Qwen3-32B`. */
  readonly huggingFaceId: string;
  /** Size of the weights on the GPUs of a replica; decides disk and start-up time. Unit: GiB. */
  readonly weightsGiB: number;
  /** Replicas to run. Unit: count. */
  readonly replicas: number;
  /** Labels of the nodes the replicas run on. */
  readonly poolSelector: Readonly<Record<string, string>>;
  /** Key callers must present. A secret. */
  readonly apiKey: pulumi.Input<string>;
  /** Token for repositories that ask for one. A secret. @default weights are fetched without a token */
  readonly huggingFaceToken?: pulumi.Input<string> | undefined;
}

/**
 * One model served by vLLM: a Deployment that loads the weights, its Service, and a fence that lets only gateways and
 * Prometheus in. Rollouts replace one replica at a time and never ask for more GPUs than are there.
 *
 * ### Cost
 * Nothing by itself: the replicas run on nodes of a pool, which are what is paid.
 *
 * @example
 * new VllmService("llm-vllm-qwen3", {
 *   namespace: "llm", model: "qwen3", config, huggingFaceId: "Qwen/Qwen3-32B", weightsGiB: 62, replicas: 2,
 *   poolSelector: { "breakeven.dev/pool": "h100" }, apiKey: password.result,
 * }, { provider, dependsOn: [namespace] });
 */
export class VllmService extends pulumi.ComponentResource {
  /** OpenAI-compatible address inside the cluster, `/v1` included. */
  readonly url: string;

  constructor(name: string, args: VllmServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    const { apiKey, huggingFaceToken, ...visible } = args;
    super("breakeven:index:VllmService", name, visible, opts);
    const parent = { parent: this };
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

    const filesGiB = downloadGiB(args.weightsGiB, args.config.precision, args.huggingFaceId);
    // Replicas go one after the other; Pulumi would give up after ten minutes.
    const timeout = `${Math.max(1, args.replicas) * progressDeadlineSeconds(filesGiB)}s`;
    const deployment = new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: {
          replicas: args.replicas,
          progressDeadlineSeconds: progressDeadlineSeconds(filesGiB),
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
          selector,
          template: { metadata: { labels }, spec: podSpec(args, filesGiB, `${name}-keys`, selector) },
        },
      },
      { ...parent, dependsOn: [secret], customTimeouts: { create: timeout, update: timeout } },
    );

    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-disruption-budget`,
      { metadata, spec: { maxUnavailable: 1, selector } },
      parent,
    );

    new k8s.core.v1.Service(
      `${name}-service`,
      {
        // The Deployment is what is waited for: a Service without endpoints is right while weights load or at zero replicas.
        metadata: { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } },
        spec: {
          type: "ClusterIP",
          selector: selector.matchLabels,
          ports: [{ name: "http", port: VLLM_PORT, targetPort: "http" }],
        },
      },
      { ...parent, dependsOn: [deployment] },
    );

    new k8s.networking.v1.NetworkPolicy(`${name}-network-policy`, { metadata, spec: networkPolicy(selector) }, parent);

    this.url = vllmUrl(name, args.namespace);
    this.registerOutputs({ url: this.url });
  }
}

/** Address of a service; plain, so that the gateway's configuration is known in a preview. */
export const vllmUrl = (service: string, namespace: string): string =>
  `http://${service}.${namespace}.svc.cluster.local:${VLLM_PORT}/v1`;

const vllmLabels = (name: string, model: string, pool: string) => ({
  "app.kubernetes.io/name": "vllm",
  "app.kubernetes.io/instance": name,
  "app.kubernetes.io/part-of": "breakeven",
  "breakeven.dev/model": model,
  [POOL_LABEL]: pool,
});

type Selector = { matchLabels: Record<string, string> };

function podSpec(
  args: VllmServiceArgs,
  filesGiB: number,
  secretName: string,
  labelSelector: Selector,
): k8s.types.input.core.v1.PodSpec {
  const gpus = args.config.gpusPerReplica;
  const { volumes, volumeMounts } = storage(gpus, filesGiB);
  const secretKey = (key: string, optional: boolean) => ({
    name: key,
    valueFrom: { secretKeyRef: { name: secretName, key, optional } },
  });
  return {
    // The user and group `vllm` of the image.
    ...restrictedPod(2000, 0),
    nodeSelector: { ...args.poolSelector },
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
      topologyKey,
      maxSkew: 1,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector,
    })),
    terminationGracePeriodSeconds: GRACE_SECONDS,
    containers: [
      {
        name: "vllm",
        image: imageReference(images.vllm),
        args: vllmArguments(args.model, args.huggingFaceId, args.config),
        env: [
          ...Object.entries(environment).map(([key, value]) => ({ name: key, value })),
          secretKey("VLLM_API_KEY", false),
          secretKey("HF_TOKEN", true),
        ],
        ports: [{ name: "http", containerPort: VLLM_PORT }],
        resources: resources(gpus, filesGiB),
        ...probes(filesGiB),
        lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
        securityContext: restrictedContainer,
        volumeMounts,
      },
    ],
    volumes,
  };
}

/** vLLM's key guards `/v1` alone, so nobody else may connect at all. Out: names, and HTTPS for the weights. */
const networkPolicy = (podSelector: Selector): k8s.types.input.networking.v1.NetworkPolicySpec => ({
  podSelector,
  policyTypes: ["Ingress", "Egress"],
  ingress: [
    {
      from: [{ podSelector: { matchLabels: { "app.kubernetes.io/name": "llm-gateway" } } }, prometheusPods],
      ports: [{ protocol: "TCP", port: VLLM_PORT }],
    },
  ],
  egress: [dnsEgress, internetEgress],
});
