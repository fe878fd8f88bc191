/** Address of the Prometheus that `installStack` makes: release, namespace and port of kube-prometheus-stack. */
export const INSTALLED_PROMETHEUS_URL = "http://kube-prometheus-stack-prometheus.monitoring.svc.cluster.local:9090";
