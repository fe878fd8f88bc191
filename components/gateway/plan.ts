import type { TokenPrice } from "../../config/gateway-prices.ts";
import type { ModelConfig } from "../../config/model.ts";
import type { PlatformConfig } from "../../config/platform.ts";
import { externalProviders } from "./external-secrets.ts";
import type { GatewayPlan } from "./groups.ts";
import type { GatewayModel, GatewayModels, GatewayTasks } from "./routes.ts";

/** A model as the gateway sees it, with the most replicas there are. */
export const gatewayModel = (
  { maxConcurrentSequences, slo }: ModelConfig,
  url: string,
  replicas: number,
): GatewayModel => ({ url, replicas, maxConcurrentSequences, slo });

/** The plan of a gateway of `replicas` pods for these tasks. */
export const gatewayPlan = (
  gateway: PlatformConfig["gateway"],
  tasks: GatewayTasks,
  models: GatewayModels,
  replicas: number,
  tokenPrices?: Readonly<Record<string, TokenPrice>>,
): GatewayPlan => ({
  tasks,
  models,
  replicas,
  tokenPrices,
  timeoutSeconds: gateway.timeoutSeconds,
  streamTimeoutSeconds: gateway.streamTimeoutSeconds,
  apiBudgets: gateway.apiBudgets,
  pastBudget: gateway.pastBudget,
  redis: gateway.redis,
  mountedKeys: externalProviders(tasks, gateway.externalSecrets),
});
