import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { hasKeda } from "../config/scaling.ts";
import { chartValues } from "./chart-images.ts";
import { charts } from "./images.ts";
import { dashboardFiles } from "./monitoring/dashboards.ts";
import { dcgmExporterValues } from "./monitoring/dcgm-exporter.ts";
import type { MonitoringPlan } from "./monitoring/plan.ts";
import { GRAFANA_PASSWORD_KEY, GRAFANA_USER_KEY, prometheusStackValues } from "./monitoring/prometheus-stack.ts";
import { ruleGroups } from "./monitoring/rules.ts";

export interface MonitoringArgs {
  /** Namespace of an installed Prometheus; it is created then. */
  readonly namespace: string;
  /** What is watched. The namespace it names must exist before, so pass it in `dependsOn`. */
  readonly plan: MonitoringPlan;
  /** Whether kube-prometheus-stack is installed; else the cluster must have the Prometheus operator. */
  readonly install: boolean;
  /** Storage class of an installed Prometheus's disk. @default the cluster's default class */
  readonly storageClass?: string | undefined;
}

/**
 * What is scraped, recorded and alerted on, the dashboards, and where there is none a Prometheus with Grafana and
 * Alertmanager. On a cluster with a Prometheus of its own, `monitoring.labels` are what it selects monitors and rules by.
 *
 * ### Cost
 * The disk of an installed Prometheus. Its pods run on system nodes.
 *
 * @example
 * new Monitoring("llm-monitoring", { namespace: "monitoring", plan, install: true, storageClass: "gp3" }, {
 *   provider, dependsOn: [namespace],
 * });
 */
export class Monitoring extends pulumi.ComponentResource {
  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    const { plan, ...visible } = args;
    super("breakeven:index:Monitoring", name, visible, opts);
    const hasModels = Object.keys(plan.config.models).length > 0;
    const stack = args.install ? installStack(name, args, this) : [];
    const withCrds = { parent: this, dependsOn: stack };
    const labels = { ...partOf, ...plan.config.monitoring.labels };

    scrape(monitors.gateway, `${name}-gateway-monitor`, plan.namespace, labels, withCrds);
    if (hasModels) scrape(monitors.vllm, `${name}-vllm-monitor`, plan.namespace, labels, withCrds);
    if (Object.values(plan.config.models).some(({ routing }) => routing === "prefix-aware"))
      scrape(monitors.router, `${name}-router-monitor`, plan.namespace, labels, withCrds);
    if (plan.config.cluster.kind === "eks" && hasKeda(plan.config))
      scrape(monitors.keda, `${name}-keda-monitor`, plan.namespace, labels, withCrds);
    if (hasKarpenter(plan)) {
      scrape(monitors.karpenter, `${name}-karpenter-monitor`, plan.namespace, labels, withCrds);
    }

    new k8s.apiextensions.CustomResource(
      `${name}-rules`,
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        metadata: { name: `${name}-rules`, namespace: plan.namespace, labels },
        spec: { groups: ruleGroups(plan) },
      },
      withCrds,
    );
    for (const [file, content] of Object.entries(dashboardFiles(plan))) {
      const dashboard = `${name}-${file.replace(".json", "")}`;
      new k8s.core.v1.ConfigMap(
        dashboard,
        {
          metadata: { name: dashboard, namespace: plan.namespace, labels: { ...partOf, grafana_dashboard: "1" } },
          data: { [file]: content },
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}

const partOf = { "app.kubernetes.io/part-of": "breakeven" };

/** kube-prometheus-stack with its namespace and Grafana login, and the exporter of GPU metrics where models run. */
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
  const { retentionDays, storageGiB } = args.plan.config.monitoring;
  const release = new k8s.helm.v3.Release(
    `${name}-prometheus`,
    {
      name: "kube-prometheus-stack",
      chart,
      version,
      namespace: args.namespace,
      timeout: 900,
      values: chartValues(
        "kubePrometheusStack",
        prometheusStackValues({ retentionDays, storageGiB, storageClass: args.storageClass, grafanaSecret }),
        args.plan.config.cluster.registryMirror,
      ),
    },
    { parent, dependsOn: [namespace, login] },
  );
  if (Object.keys(args.plan.config.models).length > 0)
    installDcgmExporter(name, args, { parent, dependsOn: [release] });
  return [release];
}

/** NVIDIA's exporter on every GPU node. Clusters that are already there bring their own, mostly with the GPU operator. */
function installDcgmExporter(name: string, args: MonitoringArgs, opts: pulumi.CustomResourceOptions): void {
  const { chart, repository, version } = charts.dcgmExporter;
  new k8s.helm.v3.Release(
    `${name}-dcgm-exporter`,
    {
      name: "dcgm-exporter",
      chart,
      version,
      repositoryOpts: { repo: repository },
      namespace: args.namespace,
      values: chartValues(
        "dcgmExporter",
        dcgmExporterValues({ ...partOf, ...args.plan.config.monitoring.labels }),
        args.plan.config.cluster.registryMirror,
      ),
    },
    opts,
  );
}

interface Monitor {
  readonly kind: "ServiceMonitor" | "PodMonitor";
  readonly app: string;
  readonly port: string;
  /** Where its pods are. @default the platform's namespace */
  readonly from?: string;
}

/** Elastic pools of a new cluster come with Karpenter; on others it is somebody else's to watch. */
const hasKarpenter = ({ config: { cluster, pools } }: MonitoringPlan): boolean =>
  cluster.kind === "eks" && Object.values(pools).some(({ scaling }) => scaling === "elastic");

/** vLLM serves metrics on its one port; the gateway's metrics port is on no Service, so its pods are scraped. */
const monitors: Readonly<Record<"vllm" | "gateway" | "router" | "keda" | "karpenter", Monitor>> = {
  vllm: { kind: "ServiceMonitor", app: "vllm", port: "http" },
  gateway: { kind: "PodMonitor", app: "llm-gateway", port: "metrics" },
  router: { kind: "PodMonitor", app: "vllm-router", port: "metrics" },
  keda: { kind: "PodMonitor", app: "keda-operator", port: "http", from: "keda" },
  karpenter: { kind: "PodMonitor", app: "karpenter", port: "http-metrics", from: "kube-system" },
};

/** Has Prometheus scrape everything with this `app.kubernetes.io/name`; the monitor itself is in the platform's namespace. */
function scrape(
  { kind, app, port, from }: Monitor,
  name: string,
  namespace: string,
  labels: Readonly<Record<string, string>>,
  opts: pulumi.CustomResourceOptions,
): void {
  const endpoints = [{ port, path: "/metrics", interval: "15s", scrapeTimeout: "10s" }];
  new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind,
      metadata: { name, namespace, labels },
      spec: {
        selector: { matchLabels: { "app.kubernetes.io/name": app } },
        namespaceSelector: { matchNames: [from ?? namespace] },
        ...(kind === "ServiceMonitor" ? { endpoints } : { podMetricsEndpoints: endpoints }),
      },
    },
    opts,
  );
}
