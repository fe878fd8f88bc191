import { POOL_LABEL } from "../../config/marks.ts";

export interface PrometheusStackOptions {
  /** Unit: days. */
  readonly retentionDays: number;
  /** Disk of Prometheus. Unit: GiB. */
  readonly storageGiB: number;
  /** Class of that disk; the cluster's default when undefined. */
  readonly storageClass?: string | undefined;
  /** Secret with Grafana's user and password. */
  readonly grafanaSecret: string;
}

export const GRAFANA_USER_KEY = "admin-user";
export const GRAFANA_PASSWORD_KEY = "admin-password";

/** Values of kube-prometheus-stack. */
export function prometheusStackValues({
  retentionDays,
  storageGiB,
  storageClass,
  grafanaSecret,
}: PrometheusStackOptions) {
  return {
    prometheus: {
      prometheusSpec: {
        // Left at their default, these hide every monitor and rule that the chart did not make itself.
        serviceMonitorSelectorNilUsesHelmValues: false,
        podMonitorSelectorNilUsesHelmValues: false,
        probeSelectorNilUsesHelmValues: false,
        ruleSelectorNilUsesHelmValues: false,
        retention: `${retentionDays}d`,
        // Old samples go before the disk is full.
        retentionSize: `${Math.floor(storageGiB * 0.85)}GiB`,
        storageSpec: {
          volumeClaimTemplate: {
            spec: {
              ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
              accessModes: ["ReadWriteOnce"],
              resources: { requests: { storage: `${storageGiB}Gi` } },
            },
          },
        },
      },
    },
    grafana: {
      admin: { existingSecret: grafanaSecret, userKey: GRAFANA_USER_KEY, passwordKey: GRAFANA_PASSWORD_KEY },
      sidecar: { dashboards: { enabled: true, label: "grafana_dashboard", labelValue: "1", searchNamespace: "ALL" } },
    },
    // Receivers are AlertmanagerConfig objects of any namespace; matched by their own routes, not by namespace.
    alertmanager: {
      alertmanagerSpec: { alertmanagerConfigSelector: {}, alertmanagerConfigMatcherStrategy: { type: "None" } },
    },
    // Costs of elastic pools count live nodes by this label.
    "kube-state-metrics": { metricLabelsAllowlist: [`nodes=[${POOL_LABEL}]`] },
    // A managed control plane cannot be scraped; its targets would always be down.
    kubeControllerManager: { enabled: false },
    kubeScheduler: { enabled: false },
    kubeEtcd: { enabled: false },
    kubeProxy: { enabled: false },
  };
}
