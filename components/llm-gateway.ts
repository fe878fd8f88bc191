import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { TokenPrice } from "../config/gateway-prices.ts";
import { type GatewaySize, gatewaySize, type StreamIntervals } from "../config/gateway-size.ts";
import type { PlatformConfig } from "../config/platform.ts";
import { cpuAutoscaler, eventAutoscaler } from "./gateway/autoscaler.ts";
import { broughtKeys } from "./gateway/brought-keys.ts";
import { type CaptureStore, isCapturing } from "./gateway/capture.ts";
import { goodKeys } from "./gateway/client-keys.ts";
import { type ManagedCounters, sharedCounters } from "./gateway/counters.ts";
import { gatewayFiles } from "./gateway/files.ts";
import { httpRoute } from "./gateway/http-route.ts";
import { keyFile, providerKeys, sha256 } from "./gateway/keys.ts";
import { gatewayPlan } from "./gateway/plan.ts";
import { GATEWAY_PORT, gatewayNetworkPolicy, gatewayPod } from "./gateway/pod.ts";
import {
  externalModels,
  type GatewayModels,
  type GatewayTasks,
  isRestricted,
  keyedProviders,
} from "./gateway/routes.ts";
import { type GatewayService, serviceAnnotations, serviceSpec } from "./gateway/service.ts";
import { longestSeconds } from "./gateway/timeouts.ts";

export interface LlmGatewayArgs {
  /** Namespace of all objects and of the models; it must exist before, so pass it in `dependsOn`. */
  readonly namespace: string;
  /** Tasks by name; the name is the model name clients use. Either all are restricted or none is. */
  readonly tasks: GatewayTasks;
  /** Self-hosted models by name, at least those the tasks name. */
  readonly models: GatewayModels;
  readonly gateway: PlatformConfig["gateway"];
  /** Tokens in an event of a model's streams, by model. @default one */
  readonly streamIntervals?: StreamIntervals | undefined;
  /** Keys of commercial providers by provider. A secret. */
  readonly apiKeys: pulumi.Input<Readonly<Record<string, string>>>;
  /** What tokens cost, by self-hosted model or catalogue name of an API model; spend and budgets are counted with it. */
  readonly tokenPrices?: Readonly<Record<string, TokenPrice>> | undefined;
  /** Password of a Redis that is there. A secret. @default it asks for none */
  readonly redisPassword?: pulumi.Input<string> | undefined;
  /** A Redis managed by a cloud; needed where `gateway.redis` is one. @default none */
  readonly managedRedis?: ManagedCounters | undefined;
  /** Where answers go that tasks capture; needed where any does. @default none are kept */
  readonly captureStore?: CaptureStore | undefined;
  /** Key of the vLLM services. A secret. */
  readonly vllmApiKey: pulumi.Input<string>;
  readonly service: GatewayService;
  /** Prometheus that KEDA asks for the events the pods stream. @default no KEDA is asked, pods are scaled by CPU alone */
  readonly prometheusUrl?: string | undefined;
  /** What knows ScaledObjects; it must outlive them. @default it is there already */
  readonly scaler?: pulumi.Resource | undefined;
  /** Longest silence a load balancer in front allows; the gateway keeps connections a little longer. Unit: seconds. */
  readonly idleTimeoutSeconds: number;
  /** AWS region of models that are called with an IAM role. @default such models fail */
  readonly awsRegion?: string | undefined;
  /** In front of every image. @default images come from their own registries */
  readonly registryMirror?: string | undefined;
}

/**
 * LiteLLM Proxy in front of everything: each task is one model name, answered by own models first and by the
 * commercial API when they are out, full or failing. Restricted tasks get a gateway that has no key and no way out.
 *
 * ### Cost
 * Nothing by itself: the pods run on system nodes, one CPU core and 640 MiB each; `size` says how many the planned peak
 * takes. What it sends to the API is billed there.
 *
 * @example
 * new LlmGateway("llm-gateway", {
 *   namespace: "llm", tasks, models, gateway: config.gateway, apiKeys, vllmApiKey: password.result,
 *   service: { type: "NodePort", nodePort: 30400 }, idleTimeoutSeconds: 600,
 * }, { provider, dependsOn: [namespace] });
 */
export class LlmGateway extends pulumi.ComponentResource {
  /** Address: of the `LoadBalancer` Service or the route, else inside the cluster. */
  readonly url: pulumi.Output<string>;
  /** API key of every client, by client. Secret. */
  readonly clientKeys: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: LlmGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    const { apiKeys, vllmApiKey, redisPassword, managedRedis, captureStore, scaler, ...visible } = args;
    const size = gatewaySize(args.tasks, args.gateway, args.streamIntervals ?? {});
    super("breakeven:index:LlmGateway", name, { ...visible, size }, opts);
    const parent = { parent: this };
    const isClosed = isolation(args.tasks);
    const capture = isCapturing(args.tasks) ? captureStore : undefined;
    if (isCapturing(args.tasks) && capture === undefined)
      throw new Error("tasks capture answers and there is no captureStore; give one, or capture none");
    const external = externalModels(args.tasks);
    const labels = gatewayLabels(name, external.length > 0);
    const metadata = { name, namespace: args.namespace, labels };
    const selector = { matchLabels: { "app.kubernetes.io/name": "llm-gateway", "app.kubernetes.io/instance": name } };

    const masterKey = new random.RandomPassword(`${name}-master-key`, { length: 48, special: false }, parent);
    const clientKeys = goodKeys(name, args, parent);
    this.clientKeys = pulumi.secret(
      clientKeys.apply((byClient) =>
        Object.fromEntries(Object.entries(byClient).map(([client, [newest = ""]]) => [client, newest])),
      ),
    );

    const longest = longestSeconds(args.gateway, args.tasks, args.models);
    const plan = {
      ...gatewayPlan(args.gateway, args.tasks, args.models, size.replicas, args.tokenPrices),
      awsRegion: args.awsRegion,
    };
    const files = gatewayFiles(plan);
    const configHash = sha256(JSON.stringify(files));
    // A name per content: pods of the version before keep the file they were started with.
    const configName = `${name}-config-${configHash.slice(0, 8)}`;
    const config = new k8s.core.v1.ConfigMap(
      `${name}-config`,
      { metadata: { ...metadata, name: configName }, data: files },
      parent,
    );

    const brought = broughtKeys(name, args.gateway, args.tasks, metadata, parent);
    const keys = new k8s.core.v1.Secret(
      `${name}-client-keys`,
      {
        metadata: { ...metadata, name: `${name}-client-keys` },
        stringData: {
          "keys.json": clientKeys.apply((byKey) => keyFile(byKey, args.gateway.clients, args.tasks, isClosed)),
        },
      },
      parent,
    );

    const shared = sharedCounters(name, args, selector.matchLabels, parent);
    const stores = [...(shared?.egress ?? []), ...(capture?.egress ?? [])];
    const environment = pulumi.secret(
      pulumi
        .all([masterKey.result, vllmApiKey, external.length > 0 ? apiKeys : {}, shared?.password, capture?.key])
        .apply(([LITELLM_MASTER_KEY, VLLM_API_KEY, given, REDIS_PASSWORD, captureKey]) => ({
          LITELLM_MASTER_KEY,
          VLLM_API_KEY,
          ...(REDIS_PASSWORD === undefined ? {} : { REDIS_PASSWORD }),
          ...(captureKey && {
            CAPTURE_ACCESS_KEY_ID: captureKey.accessKeyId,
            CAPTURE_SECRET_ACCESS_KEY: captureKey.secretAccessKey,
          }),
          ...providerKeys(
            keyedProviders(args.tasks).filter((provider) => !brought.mounted?.providers.includes(provider)),
            given,
          ),
        })),
    );
    const environmentSecret = new k8s.core.v1.Secret(
      `${name}-environment`,
      { metadata: { ...metadata, name: `${name}-environment` }, stringData: environment },
      parent,
    );

    // An account of its own, so that a cloud role can be attached to this gateway alone.
    const account = new k8s.core.v1.ServiceAccount(
      `${name}-account`,
      { metadata, automountServiceAccountToken: false },
      parent,
    );

    // Not a secret: a random key of 48 characters is in what is hashed, and a secret would hide the whole pod in a diff.
    const secretsHash = pulumi.unsecret(environment.apply((values) => sha256(JSON.stringify(values))));
    const annotations = { "checksum/config": configHash, "checksum/secrets": secretsHash };
    const deployment = new k8s.apps.v1.Deployment(
      `${name}-deployment`,
      {
        metadata,
        spec: {
          replicas: size.replicas,
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          selector,
          template: {
            metadata: { labels, annotations },
            spec: gatewayPod({
              ...args,
              name,
              configName,
              external,
              selector,
              longestSeconds: longest,
              maxBodyMiB: args.gateway.maxBodyMiB,
              redis: shared?.address,
              capture,
              mounted: brought.mounted,
              externalClients: brought.externalClients,
            }),
          },
        },
      },
      // The autoscaler counts from here on.
      {
        ...parent,
        dependsOn: [config, keys, environmentSecret, account, ...brought.resources],
        ignoreChanges: ["spec.replicas"],
      },
    );

    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-disruption-budget`,
      { metadata, spec: { maxUnavailable: 1, selector } },
      parent,
    );
    autoscale(name, args, size, metadata, { ...parent, dependsOn: [deployment, ...(scaler ? [scaler] : [])] });
    new k8s.networking.v1.NetworkPolicy(
      `${name}-network-policy`,
      { metadata, spec: gatewayNetworkPolicy(selector, Object.keys(args.models), external, stores) },
      parent,
    );

    const service = new k8s.core.v1.Service(
      `${name}-service`,
      {
        metadata: { ...metadata, annotations: serviceAnnotations(args.service) },
        spec: serviceSpec(args.service, selector.matchLabels),
      },
      { ...parent, dependsOn: [deployment] },
    );

    if (args.service.type === "Route")
      new k8s.apiextensions.CustomResource(
        `${name}-route`,
        {
          apiVersion: "gateway.networking.k8s.io/v1",
          kind: "HTTPRoute",
          metadata,
          spec: httpRoute(args.service, name, longest),
        },
        { ...parent, dependsOn: [service] },
      );

    this.url =
      args.service.type === "LoadBalancer"
        ? loadBalancerUrl(service, args.service)
        : args.service.type === "Route"
          ? pulumi.output(`${args.service.scheme}://${args.service.hostname}`)
          : pulumi.output(`http://${name}.${args.namespace}.svc.cluster.local:${GATEWAY_PORT}`);
    this.registerOutputs({ url: this.url, size });
  }
}

/** By CPU, and where KEDA is by streamed events too. Without any stream planned there is nothing to aim at. */
function autoscale(
  name: string,
  { namespace, prometheusUrl }: LlmGatewayArgs,
  size: GatewaySize,
  metadata: object,
  opts: pulumi.CustomResourceOptions,
): void {
  if (prometheusUrl === undefined || size.eventsPerSecondPerPod < 1) {
    new k8s.autoscaling.v2.HorizontalPodAutoscaler(
      `${name}-autoscaler`,
      { metadata, spec: cpuAutoscaler(name, size) },
      opts,
    );
    return;
  }
  const spec = eventAutoscaler(name, size, { prometheusUrl, namespace });
  new k8s.apiextensions.CustomResource(
    `${name}-scaling`,
    { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject", metadata, spec },
    opts,
  );
}

const gatewayLabels = (name: string, isExternal: boolean) => ({
  "app.kubernetes.io/name": "llm-gateway",
  "app.kubernetes.io/instance": name,
  "app.kubernetes.io/part-of": "breakeven",
  "breakeven.dev/external": String(isExternal),
});

/** Whether the tasks are restricted. Mixing is refused: a gateway with a way out is no place for restricted data. */
function isolation(tasks: GatewayTasks): boolean {
  const restricted = Object.values(tasks).filter(isRestricted).length;
  if (restricted > 0 && restricted < Object.keys(tasks).length) {
    throw new Error("a gateway serves restricted tasks or others, never both; make two gateways");
  }
  return restricted > 0;
}

function loadBalancerUrl(
  service: k8s.core.v1.Service,
  { certificateArn }: Extract<GatewayService, { type: "LoadBalancer" }>,
): pulumi.Output<string> {
  const scheme = certificateArn === undefined ? "http" : "https";
  return service.status.apply((status) => {
    const [ingress] = status?.loadBalancer?.ingress ?? [];
    return `${scheme}://${ingress?.hostname ?? ingress?.ip ?? "pending"}`;
  });
}
