import type { DeploymentFacts } from "../config/deployment-facts.ts";
import { streamIntervals } from "../config/gateway-size.ts";
import { POOL_LABEL } from "../config/marks.ts";
import type { PlatformConfig } from "../config/platform.ts";
import { isScaled } from "../config/scaling.ts";
import { coolDownSeconds, EMPTY_NODE_SECONDS, startUp } from "../config/start-up.ts";
import { downloadGiB } from "../config/weight-files.ts";
import { gatewayModel } from "./gateway/plan.ts";
import type { GatewayModels } from "./gateway/routes.ts";
import { longestSeconds } from "./gateway/timeouts.ts";
import { INSTALLED_PROMETHEUS_URL } from "./monitoring/prometheus-address.ts";
import { resolved, type Scope } from "./platform-scope.ts";
import { VllmRouter } from "./vllm-router.ts";
import { VllmService } from "./vllm-service.ts";

/** All models of the config, and how gateways reach them. */
export function serveModels(scope: Scope): GatewayModels {
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

/** Fixed pools are paid in full anyway, so all replicas run; on elastic ones the fewest, until something scales them. */
function replicasOf({ models, pools }: PlatformConfig, name: string): number {
  const { replicas, pool } = resolved(models[name], `models.${name}`);
  return resolved(pools[pool], `pools.${pool}`).scaling === "fixed" ? replicas.max : replicas.min;
}

const poolSelector = ({ cluster, pools }: PlatformConfig, pool: string): Readonly<Record<string, string>> =>
  cluster.kind === "eks" ? { [POOL_LABEL]: pool } : resolved(pools[pool], `pools.${pool}`).nodeSelector;
