import { describe, expect, it } from "vitest";
import { dashboard, dashboardUid } from "../../components/monitoring/dashboard.ts";
import { queries } from "../../components/monitoring/queries.ts";
import { Monitoring, type MonitoringArgs } from "../../components/monitoring.ts";
import { monitoringSchema } from "../../config/services.ts";
import { secretValue, visible } from "./gateway/expectations.ts";
import { ofType, onlyOf, resourcesOf } from "./mocks.ts";

const create = (changes: Partial<MonitoringArgs> = {}) =>
  resourcesOf(
    () =>
      new Monitoring("llm-monitoring", {
        namespace: "monitoring",
        gatewayNamespace: "llm",
        monitoring: monitoringSchema.parse({ retentionDays: 14, storageGiB: 80 }),
        install: true,
        models: ["qwen"],
        storageClass: "gp3",
        ...changes,
      }),
    { outputs: { "random:index/randomPassword:RandomPassword": () => ({ result: "hidden-login" }) } },
  );

describe("Monitoring", () => {
  it("installs a pinned Prometheus whose disk is known in a preview", async () => {
    const { inputs } = onlyOf(await create(), "Release");
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
    expect(resources.map(({ type }) => type).sort()).toEqual([
      "breakeven:index:Monitoring",
      "kubernetes:core/v1:ConfigMap",
      "kubernetes:monitoring.coreos.com/v1:PodMonitor",
      "kubernetes:monitoring.coreos.com/v1:ServiceMonitor",
    ]);
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

  it("watches the gateway alone where no model is self-hosted", async () => {
    const resources = await create({ models: [] });
    expect(ofType(resources, "ServiceMonitor")).toEqual([]);
    expect(ofType(resources, "PodMonitor")).toHaveLength(1);
  });

  it("hands Grafana a dashboard it can load", async () => {
    const { metadata, data } = onlyOf(await create(), "ConfigMap").inputs;
    expect(metadata).toMatchObject({ namespace: "llm", labels: { grafana_dashboard: "1" } });
    expect(JSON.parse(data["llm-llm.json"])).toEqual(dashboard("llm", true));
  });
});

describe("dashboard", () => {
  it("keeps its address", () => {
    expect(dashboardUid("breakeven-prod")).toBe("llm-breakeven-prod");
    expect(dashboardUid("a".repeat(60))).toHaveLength(40);
  });

  it("places panels side by side without overlap", () => {
    const { panels } = dashboard("llm", true);
    const places = panels.map(({ gridPos: { x, y } }) => `${x},${y}`);
    expect(new Set(places).size).toBe(panels.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it("has charts of models only where there are some", () => {
    const text = JSON.stringify(dashboard("llm", false));
    expect(text).not.toContain("vllm:");
    expect(JSON.stringify(dashboard("llm", true))).toContain("vllm:kv_cache_usage_perc");
  });
});

describe("queries", () => {
  const all = Object.entries(queries("llm"));

  it.each(all)("%s looks at one platform and closes what it opens", (_, query) => {
    expect(query).toContain('namespace="llm"');
    for (const [open, close] of ["()", "{}", "[]"].map((pair) => [...pair] as [string, string]))
      expect(query.split(open)).toHaveLength(query.split(close).length);
  });

  it("counts an answer as the API's unless vLLM gave it, and the gateway's own probes not at all", () => {
    expect(queries("llm").apiShare).toBe(
      'sum(rate(litellm_deployment_success_responses_total{namespace="llm", requested_model!="", api_provider!="hosted_vllm"}[5m]))' +
        ' / sum(rate(litellm_deployment_success_responses_total{namespace="llm", requested_model!=""}[5m]))',
    );
  });

  it("names no metric that vLLM has dropped", () => {
    expect(JSON.stringify(all)).not.toMatch(/gpu_cache_usage_perc|time_per_output_token|gpu_prefix_cache/);
  });
});
