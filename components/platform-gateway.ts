import type * as pulumi from "@pulumi/pulumi";
import { type GatewayRole, streamIntervals } from "../config/gateway-size.ts";
import type { PlatformConfig } from "../config/platform.ts";
import { hasKeda } from "../config/scaling.ts";
import { bedrockStatement } from "./gateway/bedrock.ts";
import { type CaptureStore, endpointStore, isCapturing } from "./gateway/capture.ts";
import { type GatewayModels, type GatewayTasks, modelsOf } from "./gateway/routes.ts";
import { gatewayService } from "./gateway/service.ts";
import type { Statement } from "./iam-policy.ts";
import { LlmGateway } from "./llm-gateway.ts";
import { INSTALLED_PROMETHEUS_URL } from "./monitoring/prometheus-address.ts";
import type { Scope } from "./platform-scope.ts";

/** The gateway of these tasks; none for none. The one of restricted tasks is not even handed a provider's key. */
export function gatewayOf(
  scope: Scope,
  role: GatewayRole,
  tasks: GatewayTasks,
  models: GatewayModels,
): LlmGateway | undefined {
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
