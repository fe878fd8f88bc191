import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { PlatformConfig } from "../config/platform.ts";
import { gatewayYaml } from "./gateway/config.ts";
import { keyFile, providerKeys, sha256 } from "./gateway/keys.ts";
import { plugins } from "./gateway/plugins.ts";
import { GATEWAY_PORT, gatewayNetworkPolicy, gatewayPod } from "./gateway/pod.ts";
import {
  externalModels,
  type GatewayModels,
  type GatewayTasks,
  groupNames,
  isRestricted,
  keyedProviders,
} from "./gateway/routes.ts";
import { type GatewayService, serviceAnnotations, serviceSpec } from "./gateway/service.ts";

export interface LlmGatewayArgs {
  /** Namespace of all objects and of the models; it must exist before, so pass it in `dependsOn`. */
  readonly namespace: string;
  /** Tasks by name; the name is the model name clients use. Either all are restricted or none is. */
  readonly tasks: GatewayTasks;
  /** Self-hosted models by name, at least those the tasks name. */
  readonly models: GatewayModels;
  readonly gateway: PlatformConfig["gateway"];
  /** Keys of commercial providers by provider. A secret. */
  readonly apiKeys: pulumi.Input<Readonly<Record<string, string>>>;
  /** Key of the vLLM services. A secret. */
  readonly vllmApiKey: pulumi.Input<string>;
  readonly service: GatewayService;
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
 * Nothing by itself: the pods run on system nodes, one CPU core and 640 MiB each. What it sends to the API is billed there.
 *
 * @example
 * new LlmGateway("llm-gateway", {
 *   namespace: "llm", tasks, models, gateway: config.gateway, apiKeys, vllmApiKey: password.result,
 *   service: { type: "NodePort", nodePort: 30400 }, idleTimeoutSeconds: 600,
 * }, { provider, dependsOn: [namespace] });
 */
export class LlmGateway extends pulumi.ComponentResource {
  /** Address: of the `LoadBalancer` Service, else inside the cluster. */
  readonly url: pulumi.Output<string>;
  /** API key of every client, by client. Secret. */
  readonly clientKeys: pulumi.Output<Record<string, string>>;

  constructor(name: string, args: LlmGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    const { apiKeys, vllmApiKey, ...visible } = args;
    super("breakeven:index:LlmGateway", name, visible, opts);
    const parent = { parent: this };
    const isClosed = isolation(args.tasks);
    const external = externalModels(args.tasks);
    const labels = gatewayLabels(name, external.length > 0);
    const metadata = { name, namespace: args.namespace, labels };
    const selector = { matchLabels: { "app.kubernetes.io/name": "llm-gateway", "app.kubernetes.io/instance": name } };

    const masterKey = new random.RandomPassword(`${name}-master-key`, { length: 48, special: false }, parent);
    const clients = args.gateway.clients.map((client) => ({
      client,
      password: new random.RandomPassword(`${name}-client-${client}`, { length: 48, special: false }, parent),
    }));
    this.clientKeys = pulumi.secret(
      pulumi.all(Object.fromEntries(clients.map(({ client, password }) => [client, password.result]))),
    );

    const files = { "config.yaml": gatewayYaml({ ...args, ...args.gateway }), ...plugins };
    const configHash = sha256(JSON.stringify(files));
    // A name per content: pods of the version before keep the file they were started with.
    const configName = `${name}-config-${configHash.slice(0, 8)}`;
    const config = new k8s.core.v1.ConfigMap(
      `${name}-config`,
      { metadata: { ...metadata, name: configName }, data: files },
      parent,
    );

    const keys = new k8s.core.v1.Secret(
      `${name}-client-keys`,
      {
        metadata: { ...metadata, name: `${name}-client-keys` },
        stringData: {
          "keys.json": this.clientKeys.apply((byClient) => keyFile(byClient, groupNames(args.tasks), isClosed)),
        },
      },
      parent,
    );

    const environment = pulumi.secret(
      pulumi
        .all([masterKey.result, vllmApiKey, external.length > 0 ? apiKeys : {}])
        .apply(([LITELLM_MASTER_KEY, VLLM_API_KEY, given]) => ({
          LITELLM_MASTER_KEY,
          VLLM_API_KEY,
          ...providerKeys(keyedProviders(args.tasks), given),
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
          replicas: args.gateway.replicas,
          strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
          selector,
          template: {
            metadata: { labels, annotations },
            spec: gatewayPod({ name, configName, external, selector, ...args }),
          },
        },
      },
      { ...parent, dependsOn: [config, keys, environmentSecret, account] },
    );

    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-disruption-budget`,
      { metadata, spec: { maxUnavailable: 1, selector } },
      parent,
    );
    new k8s.networking.v1.NetworkPolicy(
      `${name}-network-policy`,
      { metadata, spec: gatewayNetworkPolicy(selector, external) },
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

    this.url =
      args.service.type === "LoadBalancer"
        ? loadBalancerUrl(service, args.service)
        : pulumi.output(`http://${name}.${args.namespace}.svc.cluster.local:${GATEWAY_PORT}`);
    this.registerOutputs({ url: this.url });
  }
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
