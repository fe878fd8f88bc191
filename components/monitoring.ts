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
  /** Disk of an installed Prometheus: an encrypted `gp3` class made here, or the cluster's default class. */
  readonly storage: "gp3" | "cluster-default";
}

/**
 * What is scraped, the dashboard, and where there is none a Prometheus with Grafana.
 *
 * ### Cost
 * The disk of an installed Prometheus. Its pods run on system nodes.
 *
 * @example
 * new Monitoring("llm-monitoring", {
 *   namespace: "monitoring", gatewayNamespace: "llm", monitoring: config.monitoring, install: true, models: ["qwen3"], storage: "gp3",
 * }, { provider, dependsOn: [namespace] });
 */
export class Monitoring extends pulumi.ComponentResource {
  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("breakeven:index:Monitoring", name, args, opts);
    const stack = args.install ? installStack(name, args, this) : [];
    const withCrds = { parent: this, dependsOn: stack };

    serviceMonitor(`${name}-gateway-monitor`, args.gatewayNamespace, "llm-gateway", "/metrics/", withCrds);
    if (args.models.length > 0) serviceMonitor(`${name}-vllm-monitor`, args.gatewayNamespace, "vllm", "/metrics", withCrds);

    const board = dashboard(args.gatewayNamespace, args.models.length > 0);
    new k8s.core.v1.ConfigMap(
      `${name}-dashboard`,
      {
        metadata: { name: `${name}-dashboard`, namespace: args.gatewayNamespace, labels: { ...partOf, grafana_dashboard: "1" } },
        data: { [`${dashboardUid(args.gatewayNamespace)}.json`]: `${JSON.stringify(board, null, 2)}\n` },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

const partOf = { "app.kubernetes.io/part-of": "breakeven" };

/** kube-prometheus-stack with its namespace, disk class and Grafana login. */
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

  const storageClassName = args.storage === "gp3" ? `${name}-gp3` : undefined;
  const storageClass =
    storageClassName === undefined
      ? []
      : [
          new k8s.storage.v1.StorageClass(
            `${name}-storage-class`,
            {
              metadata: { name: storageClassName, labels: partOf },
              provisioner: "ebs.csi.aws.com",
              parameters: { type: "gp3", encrypted: "true" },
              // The disk is made in the zone the pod landed in.
              volumeBindingMode: "WaitForFirstConsumer",
              allowVolumeExpansion: true,
              reclaimPolicy: "Delete",
            },
            { parent },
          ),
        ];

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
      values: prometheusStackValues({ retentionDays, storageGiB, storageClassName, grafanaSecret }),
    },
    { parent, dependsOn: [namespace, login, ...storageClass] },
  );
  return [release];
}

/** Scrapes port `http` of every Service with this `app.kubernetes.io/name`. */
function serviceMonitor(name: string, namespace: string, app: string, path: string, opts: pulumi.CustomResourceOptions): void {
  new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "ServiceMonitor",
      metadata: { name, namespace, labels: partOf },
      spec: {
        selector: { matchLabels: { "app.kubernetes.io/name": app } },
        namespaceSelector: { matchNames: [namespace] },
        endpoints: [{ port: "http", path, interval: "15s", scrapeTimeout: "10s" }],
      },
    },
    opts,
  );
}
