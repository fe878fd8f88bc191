import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { PlatformConfig } from "../config/platform.ts";
import { charts } from "./images.ts";
import { dashboard, dashboardUid } from "./monitoring/dashboard.ts";
import { GRAFANA_PASSWORD_KEY, GRAFANA_USER_KEY, prometheusStackValues } from "./monitoring/prometheus-stack.ts";

export interface MonitoringArgs {
  /** Namespace of an installed Prometheus; it is created then. */
  readonly namespace: string;
  /** Namespace of the gateways and models; it must exist before, so pass it in `dependsOn`. */
  readonly gatewayNamespace: string;
  readonly monitoring: PlatformConfig["monitoring"];
  /** Whether kube-prometheus-stack is installed; else the cluster must have the Prometheus operator. */
  readonly install: boolean;
  /** Names of the self-hosted models. */
  readonly models: readonly string[];
  /** Storage class of an installed Prometheus's disk. @default the cluster's default class */
  readonly storageClass?: string | undefined;
}

/**
 * What is scraped, the dashboard, and where there is none a Prometheus with Grafana.
 *
 * ### Cost
 * The disk of an installed Prometheus. Its pods run on system nodes.
 *
 * @example
 * new Monitoring("llm-monitoring", {
 *   namespace: "monitoring", gatewayNamespace: "llm", monitoring: config.monitoring, install: true, models: ["qwen3"], storageClass: "gp3",
 * }, { provider, dependsOn: [namespace] });
 */
export class Monitoring extends pulumi.ComponentResource {
  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("breakeven:index:Monitoring", name, args, opts);
    const stack = args.install ? installStack(name, args, this) : [];
    const withCrds = { parent: this, dependsOn: stack };

    scrape(monitors.gateway, `${name}-gateway-monitor`, args.gatewayNamespace, withCrds);
    if (args.models.length > 0) scrape(monitors.vllm, `${name}-vllm-monitor`, args.gatewayNamespace, withCrds);

    const board = dashboard(args.gatewayNamespace, args.models.length > 0);
    new k8s.core.v1.ConfigMap(
      `${name}-dashboard`,
      {
        metadata: {
          name: `${name}-dashboard`,
          namespace: args.gatewayNamespace,
          labels: { ...partOf, grafana_dashboard: "1" },
        },
        data: { [`${dashboardUid(args.gatewayNamespace)}.json`]: `${JSON.stringify(board, null, 2)}\n` },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

const partOf = { "app.kubernetes.io/part-of": "breakeven" };

/** kube-prometheus-stack with its namespace and Grafana login. */
function installStack(name: string, args: MonitoringArgs, parent: pulumi.Resource): pulumi.Resource[] {
  const namespace = new k8s.core.v1.Namespace(
    `${name}-namespace`,
    // The node exporter reads the host, which `restricted` forbids.
    { metadata: { name: args.namespace, labels: { ...partOf, "pod-security.kubernetes.io/enforce": "privileged" } } },
    { parent },
  );
  const inNamespace = { parent, dependsOn: [namespace] };

  const password = new random.RandomPassword(`${name}-grafana-password`, { length: 32, special: false }, { parent });
  const grafanaSecret = `${name}-grafana`;
  const login = new k8s.core.v1.Secret(
    `${name}-grafana-login`,
    {
      metadata: { name: grafanaSecret, namespace: args.namespace, labels: partOf },
      stringData: { [GRAFANA_USER_KEY]: "admin", [GRAFANA_PASSWORD_KEY]: password.result },
    },
    inNamespace,
  );

  const { chart, version } = charts.kubePrometheusStack;
  const { retentionDays, storageGiB } = args.monitoring;
  const release = new k8s.helm.v3.Release(
    `${name}-prometheus`,
    {
      name: "kube-prometheus-stack",
      chart,
      version,
      namespace: args.namespace,
      timeout: 900,
      values: prometheusStackValues({ retentionDays, storageGiB, storageClass: args.storageClass, grafanaSecret }),
    },
    { parent, dependsOn: [namespace, login] },
  );
  return [release];
}

interface Monitor {
  readonly kind: "ServiceMonitor" | "PodMonitor";
  readonly app: string;
  readonly port: string;
}

/** vLLM serves metrics on its one port; the gateway's metrics port is on no Service, so its pods are scraped. */
const monitors: Readonly<Record<"vllm" | "gateway", Monitor>> = {
  vllm: { kind: "ServiceMonitor", app: "vllm", port: "http" },
  gateway: { kind: "PodMonitor", app: "llm-gateway", port: "metrics" },
};

/** Has Prometheus scrape everything with this `app.kubernetes.io/name` in the namespace. */
function scrape(
  { kind, app, port }: Monitor,
  name: string,
  namespace: string,
  opts: pulumi.CustomResourceOptions,
): void {
  const endpoints = [{ port, path: "/metrics", interval: "15s", scrapeTimeout: "10s" }];
  new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind,
      metadata: { name, namespace, labels: partOf },
      spec: {
        selector: { matchLabels: { "app.kubernetes.io/name": app } },
        namespaceSelector: { matchNames: [namespace] },
        ...(kind === "ServiceMonitor" ? { endpoints } : { podMetricsEndpoints: endpoints }),
      },
    },
    opts,
  );
}
