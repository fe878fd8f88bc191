import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { tasksOfRole } from "../config/gateway-size.ts";
import { PLATFORM_TYPE } from "../config/marks.ts";
import type { PlatformConfig } from "../config/platform.ts";
import type { GatewayModels } from "./gateway/routes.ts";
import { gatewayTargets } from "./gateway/targets.ts";
import { Monitoring } from "./monitoring.ts";
import { gatewayOf } from "./platform-gateway.ts";
import type { PlatformArgs, Scope } from "./platform-scope.ts";
import { serveModels } from "./served-models.ts";
import { type Site, siteOf } from "./site.ts";

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
    const open = gatewayOf(scope, "gateway", tasksOfRole(config.tasks, "gateway"), models);
    const restricted = gatewayOf(scope, "restricted", tasksOfRole(config.tasks, "restricted"), models);
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
