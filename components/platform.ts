import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { DeploymentFacts } from "../config/deployment-facts.ts";
import type { TokenPrice } from "../config/gateway-prices.ts";
import { type GatewayRole, streamIntervals, tasksOfRole } from "../config/gateway-size.ts";
import { PLATFORM_TYPE, POOL_LABEL } from "../config/marks.ts";
import type { PlatformConfig } from "../config/platform.ts";
import { hasKeda, isScaled } from "../config/scaling.ts";
import { coolDownSeconds, EMPTY_NODE_SECONDS, startUp } from "../config/start-up.ts";
import { downloadGiB } from "../config/weight-files.ts";
import type { PlanFigures } from "../economics/plan-figures.ts";
import { bedrockStatement } from "./gateway/bedrock.ts";
import { type CaptureKey, type CaptureStore, endpointStore, isCapturing } from "./gateway/capture.ts";
import { gatewayModel } from "./gateway/plan.ts";
import { type GatewayModels, type GatewayTasks, modelsOf } from "./gateway/routes.ts";
import { gatewayService } from "./gateway/service.ts";
import { gatewayTargets } from "./gateway/targets.ts";
import { longestSeconds } from "./gateway/timeouts.ts";
import { LlmGateway } from "./llm-gateway.ts";
import { INSTALLED_PROMETHEUS_URL } from "./monitoring/prometheus-address.ts";
import { Monitoring } from "./monitoring.ts";
import type { Statement } from "./pod-role.ts";
import { type Site, siteOf } from "./site.ts";
import { VllmRouter } from "./vllm-router.ts";
import { VllmService } from "./vllm-service.ts";

export interface PlatformArgs {
  /** The platform's config, all defaults filled in and `weights.huggingFaceId` of every model resolved. */
  readonly config: PlatformConfig;
  /** The forecast that live metrics are held against. @default nothing about money is watched */
  readonly figures?: PlanFigures | undefined;
  /** What only the catalogue knows of pools and models: `deploymentFacts` of the config. */
  readonly facts: DeploymentFacts;
  /** Keys of commercial providers by provider. A secret. */
  readonly apiKeys: pulumi.Input<Readonly<Record<string, string>>>;
  /** What tokens cost, by self-hosted model or catalogue name of an API model. @default the gateway counts no spend */
  readonly tokenPrices?: Readonly<Record<string, TokenPrice>> | undefined;
  /** Password of a Redis that is there. A secret. @default it asks for none */
  readonly redisPassword?: pulumi.Input<string> | undefined;
  /** Key of a store that is there, for answers that are kept. A secret. @default none is needed */
  readonly captureKey?: pulumi.Input<CaptureKey> | undefined;
  /** Token for weights that ask for one. A secret. @default weights are fetched without a token */
  readonly huggingFaceToken?: pulumi.Input<string> | undefined;
}

/**
 * Everything the config asks for: on `eks` the network, the cluster and its GPU pools, and on any cluster the models,
 * the gateways in front of them, and monitoring. The declared config is its only plain input, so that policies can
 * price the plan before any child exists.
 *
 * ### Cost
 * The sum of its children; `declaredItems` of the config lists it.
 *
 * @example
 * new Platform("llm", { config, facts: deploymentFacts(config, catalog), apiKeys: stack.requireSecretObject("apiKeys") });
 */
export class Platform extends pulumi.ComponentResource {
  /** Address of the gateway of all tasks but restricted ones; undefined when there are none. */
  readonly gatewayUrl: pulumi.Output<string> | undefined;
  /** Address of the gateway of restricted tasks; undefined when there are none. */
  readonly restrictedGatewayUrl: pulumi.Output<string> | undefined;
  /** API keys by gateway (`gateway`, `restricted`) and client. Secret. */
  readonly clientKeys: pulumi.Output<Record<string, Record<string, string>>>;

  constructor(name: string, args: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super(PLATFORM_TYPE, name, { config: args.config }, opts);
    const { config } = args;

    const site = siteOf(name, config, args.facts, this);
    const namespace = namespaceOf(name, config, site, this);
    const vllmKey = new random.RandomPassword(`${name}-vllm-key`, { length: 48, special: false }, { parent: this });
    const scope: Scope = {
      name,
      args,
      site,
      namespace: namespaceName(name, config),
      vllmKey: vllmKey.result,
      opts: { parent: this, providers: [site.provider], dependsOn: [namespace, ...site.ready] },
    };

    const models = serveModels(scope);
    const open = gateway(scope, "gateway", tasksOfRole(config.tasks, "gateway"), models);
    const restricted = gateway(scope, "restricted", tasksOfRole(config.tasks, "restricted"), models);
    if (config.monitoring.enabled) monitor(scope, models);

    this.gatewayUrl = open && (site.expose?.("gateway") ?? open.url);
    this.restrictedGatewayUrl = restricted && (site.expose?.("restricted") ?? restricted.url);
    this.clientKeys = pulumi.secret(
      pulumi.all({
        ...(open && { gateway: open.clientKeys }),
        ...(restricted && { restricted: restricted.clientKeys }),
      }),
    );
    // Stack policies see what is registered here: the config once more, and no secret.
    const { gatewayUrl, restrictedGatewayUrl } = this;
    this.registerOutputs({ config, gatewayUrl, restrictedGatewayUrl });
  }
}

/** What everything inside the cluster shares. */
interface Scope {
  readonly name: string;
  readonly args: PlatformArgs;
  readonly site: Site;
  readonly namespace: string;
  readonly vllmKey: pulumi.Output<string>;
  readonly opts: pulumi.ComponentResourceOptions & { readonly dependsOn: pulumi.Resource[] };
}

/** All models of the config, and how gateways reach them. */
function serveModels(scope: Scope): GatewayModels {
  const { name, args, namespace, vllmKey, site, opts } = scope;
  const { config: platform, facts } = args;
  const intervals = streamIntervals(platform);
  const models = Object.entries(platform.models).map(([model, config]) => {
    const service = `${name}-vllm-${model}`;
    const pool = resolved(platform.pools[config.pool], `pools.${config.pool}`);
    const { weightsGiB, requestsPerReplica } = resolved(facts.models[model], `facts.models.${model}`);
    const { efaInterfaces } = resolved(facts.pools[config.pool], `facts.pools.${config.pool}`);
    const scaled = isScaled(platform, config.pool);
    const { s3Uri } = config.weights;
    const account = s3Uri === undefined ? undefined : site.mayRead?.(service, s3Uri, namespace);
    const server = new VllmService(
      service,
      {
        namespace,
        model,
        config,
        streamInterval: resolved(intervals[model], `models.${model}`),
        huggingFaceId: resolved(config.weights.huggingFaceId, `models.${model}.weights.huggingFaceId`),
        weightsGiB,
        nodes: nodesPerReplica(platform, facts, model),
        efaInterfaces,
        startUp: pool.startUp,
        replicas: scaled ? undefined : replicasOf(platform, model),
        autoscaling: scaled
          ? {
              prometheusUrl: platform.monitoring.prometheusUrl ?? INSTALLED_PROMETHEUS_URL,
              tasks: tasksOf(platform.tasks, model),
              requestsPerReplica,
              coolDownSeconds: coolDown(pool, config, weightsGiB),
            }
          : undefined,
        poolSelector: poolSelector(platform, config.pool),
        registryMirror: platform.cluster.registryMirror,
        serviceAccountName: account === undefined ? undefined : service,
        s3Cidr: site.s3Cidr,
        apiKey: vllmKey,
        huggingFaceToken: args.huggingFaceToken,
        scaler: site.scaler,
      },
      account === undefined ? opts : { ...opts, dependsOn: [...opts.dependsOn, account] },
    );
    // What is scaled may take all that its most replicas take; beyond what runs, vLLM refuses and the next target is asked.
    const replicas = scaled ? config.replicas.max : replicasOf(platform, model);
    const { url } =
      config.routing === "prefix-aware"
        ? new VllmRouter(
            `${name}-router-${model}`,
            {
              namespace,
              model,
              workers: server.answering,
              maxConcurrentSequences: config.maxConcurrentSequences,
              longestSeconds: longestSeconds(platform.gateway, platform.tasks, { [model]: config }),
              registryMirror: platform.cluster.registryMirror,
            },
            opts,
          )
        : server;
    return [model, gatewayModel(config, url, replicas)] as const;
  });
  return Object.fromEntries(models);
}

/** Nodes one replica of a model spans. */
export function nodesPerReplica({ models }: PlatformConfig, facts: DeploymentFacts, name: string): number {
  const { gpusPerReplica, pool } = resolved(models[name], `models.${name}`);
  const { gpusPerNode } = resolved(facts.pools[pool], `facts.pools.${pool}`);
  return Math.max(1, Math.ceil(gpusPerReplica / gpusPerNode));
}

/** The node stays a little longer than its last replica. */
function coolDown(
  pool: PlatformConfig["pools"][string],
  model: PlatformConfig["models"][string],
  weightsGiB: number,
): number {
  const filesGiB = downloadGiB(weightsGiB, model.precision, model.weights.huggingFaceId ?? "");
  return Math.ceil(coolDownSeconds(pool, startUp(model, pool.startUp, filesGiB)) - EMPTY_NODE_SECONDS);
}

const tasksOf = (tasks: PlatformConfig["tasks"], model: string): readonly string[] =>
  Object.entries(tasks).flatMap(([task, { selfHosted }]) =>
    selfHosted.some((share) => share.model === model) ? [task] : [],
  );

/** The gateway of these tasks; none for none. The one of restricted tasks is not even handed a provider's key. */
function gateway(scope: Scope, role: GatewayRole, tasks: GatewayTasks, models: GatewayModels): LlmGateway | undefined {
  if (Object.keys(tasks).length === 0) return undefined;
  const { args, site, namespace, vllmKey, opts } = scope;
  const { config, apiKeys, tokenPrices, redisPassword } = args;
  const name = `${scope.name}-${role}`;
  const { redis } = config.gateway;
  const kept = isCapturing(tasks) ? captureStore(scope) : undefined;
  const identity = gatewayIdentity(scope, name, tasks, kept?.write);
  return new LlmGateway(
    name,
    {
      namespace,
      tasks,
      models: modelsOf(tasks, models),
      gateway: config.gateway,
      streamIntervals: streamIntervals(config),
      prometheusUrl: kedaAsks(config),
      scaler: site.scaler,
      apiKeys: role === "restricted" ? {} : apiKeys,
      tokenPrices,
      redisPassword,
      managedRedis: redis?.kind === "elasticache" ? scope.site.count?.(redis) : undefined,
      captureStore: kept?.store,
      vllmApiKey: vllmKey,
      service: gatewayService(config, role),
      idleTimeoutSeconds: config.loadBalancer.idleTimeoutSeconds,
      awsRegion: site.region,
      registryMirror: config.cluster.registryMirror,
    },
    identity === undefined ? opts : { ...opts, dependsOn: [...opts.dependsOn, identity] },
  );
}

/** The Prometheus that KEDA asks; undefined where there is no KEDA. */
const kedaAsks = (config: PlatformConfig): string | undefined =>
  hasKeda(config) ? (config.monitoring.prometheusUrl ?? INSTALLED_PROMETHEUS_URL) : undefined;

/** The role of a gateway's account: to call models of AWS and to write what is kept; none where it needs neither. */
function gatewayIdentity(
  { site, namespace }: Scope,
  account: string,
  tasks: GatewayTasks,
  write: pulumi.Input<Statement> | undefined,
): pulumi.Resource | undefined {
  const call = site.region === undefined ? undefined : bedrockStatement(tasks, site.region);
  const statements = [call, write].filter((statement) => statement !== undefined);
  return statements.length === 0 ? undefined : site.allow?.(account, namespace, statements);
}

/** Where a gateway keeps answers: a store that is there, or a bucket made for it. */
function captureStore({
  args,
  site,
}: Scope): { readonly store: CaptureStore; readonly write?: pulumi.Input<Statement> } | undefined {
  const { captureStore: store } = args.config.gateway;
  if (store === undefined) return undefined;
  if (store.kind === "endpoint") return { store: endpointStore(store, args.captureKey) };
  return site.keep?.(store.retentionDays);
}

/** Prometheus is installed where the config says, by default on a new cluster. */
function monitor({ name, args, namespace, opts }: Scope, models: GatewayModels): Monitoring {
  const { config, figures } = args;
  const { cluster, monitoring, tasks } = config;
  const isNew = cluster.kind === "eks";
  return new Monitoring(
    `${name}-monitoring`,
    {
      namespace: "monitoring",
      plan: { namespace, config, figures, targets: gatewayTargets({ tasks, models, ...config.gateway }) },
      install: monitoring.install ?? isNew,
      // The class the new cluster has.
      storageClass: isNew ? "gp3" : undefined,
    },
    opts,
  );
}

const namespaceName = (name: string, { environment }: PlatformConfig): string => `${name}-${environment}`;

/** All pods of the platform keep to the strictest level of PodSecurity, and nothing else gets in. */
function namespaceOf(
  name: string,
  config: PlatformConfig,
  { provider }: Site,
  parent: Platform,
): k8s.core.v1.Namespace {
  const level = (mode: string) => ({ [`pod-security.kubernetes.io/${mode}`]: "restricted" });
  const labels = { "app.kubernetes.io/part-of": "breakeven", ...level("enforce"), ...level("audit"), ...level("warn") };
  const namespace = new k8s.core.v1.Namespace(
    `${name}-namespace`,
    { metadata: { name: namespaceName(name, config), labels } },
    { parent, provider },
  );
  // Whatever runs here talks to nobody unless a policy of its own says so.
  new k8s.networking.v1.NetworkPolicy(
    `${name}-default-deny`,
    {
      metadata: {
        name: "default-deny",
        namespace: namespaceName(name, config),
        labels: { "app.kubernetes.io/part-of": "breakeven" },
      },
      spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
    },
    { parent, provider, dependsOn: [namespace] },
  );
  return namespace;
}

/** Fixed pools are paid in full anyway, so all replicas run; on elastic ones the fewest, until something scales them. */
function replicasOf({ models, pools }: PlatformConfig, name: string): number {
  const { replicas, pool } = resolved(models[name], `models.${name}`);
  return resolved(pools[pool], `pools.${pool}`).scaling === "fixed" ? replicas.max : replicas.min;
}

const poolSelector = ({ cluster, pools }: PlatformConfig, pool: string): Readonly<Record<string, string>> =>
  cluster.kind === "eks" ? { [POOL_LABEL]: pool } : resolved(pools[pool], `pools.${pool}`).nodeSelector;

function resolved<T>(value: T | undefined, path: string): T {
  if (value === undefined)
    throw new Error(`${path} is not resolved; load the config with its checks before building the platform`);
  return value;
}
