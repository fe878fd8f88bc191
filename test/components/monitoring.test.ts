import { describe, expect, it } from "vitest";
import { dashboardFiles } from "../../components/monitoring/dashboards.ts";
import { ruleGroups } from "../../components/monitoring/rules.ts";
import { Monitoring, type MonitoringArgs } from "../../components/monitoring.ts";
import { monitoringSchema } from "../../config/services.ts";
import { secretValue, visible } from "./gateway/expectations.ts";
import { ofType, onlyOf, resourcesOf } from "./mocks.ts";
import { monitoringPlan } from "./monitoring/plan.ts";

const settings = { retentionDays: 14, storageGiB: 80, labels: { release: "prometheus" } };
const plan = monitoringPlan({
  config: { ...monitoringPlan().config, monitoring: monitoringSchema.parse(settings) },
});
const apiOnly = monitoringPlan({ config: { ...plan.config, models: {}, pools: {} }, figures: undefined });

const create = (changes: Partial<MonitoringArgs> = {}) =>
  resourcesOf(
    () =>
      new Monitoring("llm-monitoring", {
        namespace: "monitoring",
        plan,
        install: true,
        storageClass: "gp3",
        ...changes,
      }),
    { outputs: { "random:index/randomPassword:RandomPassword": () => ({ result: "hidden-login" }) } },
  );

describe("Monitoring", () => {
  it("installs a pinned Prometheus whose disk is known in a preview", async () => {
    const inputs = ofType(await create(), "Release").find(({ name }) => name.endsWith("-prometheus"))?.inputs ?? {};
    expect(inputs).toMatchObject({
      chart: "oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack",
      version: "88.5.3",
      namespace: "monitoring",
    });
    const spec = inputs["values"].prometheus.prometheusSpec;
    expect(spec).toMatchObject({
      retention: "14d",
      retentionSize: "68GiB",
      serviceMonitorSelectorNilUsesHelmValues: false,
    });
    expect(spec.storageSpec.volumeClaimTemplate.spec).toMatchObject({
      storageClassName: "gp3",
      resources: { requests: { storage: "80Gi" } },
    });
  });

  it("keeps Grafana's password in a Secret", async () => {
    const resources = await create();
    expect(secretValue(onlyOf(resources, "Secret").inputs["stringData"])).toMatchObject({
      "admin-password": "hidden-login",
    });
    expect(visible(resources)).not.toContain("hidden-login");
  });

  it("leaves a cluster's own Prometheus to scrape where none is installed", async () => {
    const resources = await create({ install: false, storageClass: undefined });
    expect(ofType(resources, "Release")).toEqual([]);
    expect(ofType(resources, "Namespace")).toEqual([]);
    for (const kind of ["PodMonitor", "ServiceMonitor", "PrometheusRule"])
      for (const { inputs } of ofType(resources, kind))
        expect(inputs["metadata"].labels, kind).toMatchObject({ release: "prometheus" });
  });

  it("scrapes the routers of models whose requests are routed by prefix", async () => {
    const routed = Object.fromEntries(
      Object.entries(plan.config.models).map(([name, model]) => [name, { ...model, routing: "prefix-aware" as const }]),
    );
    const monitorsOf = async (models: typeof plan.config.models) =>
      ofType(await create({ plan: { ...plan, config: { ...plan.config, models } } }), "PodMonitor").map(
        ({ inputs }) => [
          inputs["spec"].selector.matchLabels["app.kubernetes.io/name"],
          inputs["spec"].podMetricsEndpoints[0].port,
        ],
      );
    expect(await monitorsOf(routed)).toContainEqual(["vllm-router", "metrics"]);
    expect(JSON.stringify(await monitorsOf(plan.config.models))).not.toContain("vllm-router");
  });

  it("measures the GPUs of every pool, whatever their taints", async () => {
    const exporter = ofType(await create(), "Release").find(({ name }) => name.endsWith("-dcgm-exporter"));
    expect(exporter?.inputs).toMatchObject({ chart: "dcgm-exporter", version: "4.8.2", namespace: "monitoring" });
    expect(exporter?.inputs["values"].tolerations).toEqual([
      { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
    ]);
  });

  it("lets the cost of elastic pools see their live nodes", async () => {
    const prometheus = ofType(await create(), "Release").find(({ name }) => name.endsWith("-prometheus"));
    expect(prometheus?.inputs["values"]["kube-state-metrics"]).toEqual({
      metricLabelsAllowlist: ["nodes=[breakeven.dev/pool]"],
    });
  });

  it("scrapes ports that exist, after their kinds do", async () => {
    const resources = await create();
    const [monitor] = ofType(resources, "ServiceMonitor");
    const [podMonitor] = ofType(resources, "PodMonitor");
    expect(monitor?.inputs["spec"]).toMatchObject({
      selector: { matchLabels: { "app.kubernetes.io/name": "vllm" } },
      namespaceSelector: { matchNames: ["llm"] },
      endpoints: [{ port: "http", path: "/metrics" }],
    });
    expect(podMonitor?.inputs["spec"]).toMatchObject({
      selector: { matchLabels: { "app.kubernetes.io/name": "llm-gateway" } },
      podMetricsEndpoints: [{ port: "metrics", path: "/metrics" }],
    });
    expect(monitor?.dependsOn).toContain("llm-monitoring-prometheus");
  });

  it("scrapes what scales elastic pools, where it lives", async () => {
    const { h100 } = plan.config.pools;
    if (h100 === undefined) throw new Error("the plan has no pool");
    const elastic = monitoringPlan({ config: { ...plan.config, pools: { h100: { ...h100, scaling: "elastic" } } } });
    const monitors = ofType(await create({ plan: elastic }), "PodMonitor").map(({ inputs }) => inputs["spec"]);
    expect(monitors.map(({ namespaceSelector }) => namespaceSelector.matchNames[0])).toEqual([
      "llm",
      "keda",
      "kube-system",
    ]);
    expect(monitors.map(({ podMetricsEndpoints: [endpoint] }) => endpoint.port)).toEqual([
      "metrics",
      "http",
      "http-metrics",
    ]);
  });

  it("watches the gateway and what scales it alone where no model is self-hosted", async () => {
    const resources = await create({ plan: apiOnly });
    expect(ofType(resources, "ServiceMonitor")).toEqual([]);
    expect(ofType(resources, "PodMonitor").map(({ name }) => name)).toEqual([
      "llm-monitoring-gateway-monitor",
      "llm-monitoring-keda-monitor",
    ]);
    expect(ofType(resources, "Release").map(({ name }) => name)).toEqual(["llm-monitoring-prometheus"]);
  });

  it("hands Prometheus its rules and Grafana its dashboards", async () => {
    const resources = await create();
    expect(onlyOf(resources, "PrometheusRule").inputs["spec"]).toEqual({ groups: ruleGroups(plan) });
    const maps = ofType(resources, "ConfigMap").map(({ inputs }) => inputs);
    for (const { metadata } of maps) {
      expect(metadata.namespace).toBe("llm");
      expect(metadata.labels).toMatchObject({ grafana_dashboard: "1" });
    }
    expect(Object.assign({}, ...maps.map(({ data }) => data))).toEqual(dashboardFiles(plan));
  });
});
