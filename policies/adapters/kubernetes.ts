import { type PlannedResource, type Reading, read, readNumber } from "../read.ts";
import { type Adapter, type Adapters, service, unpriced } from "./adapter.ts";

const GIB: Readonly<Record<string, number>> = {
  Mi: 1 / 1024,
  Gi: 1,
  Ti: 1024,
  M: 1e6 / 1024 ** 3,
  G: 1e9 / 1024 ** 3,
  T: 1e12 / 1024 ** 3,
};

/** `50Gi` as a number of GiB. */
export function quantityGiB(property: string, quantity: unknown): Reading<number> {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(Mi|Gi|Ti|M|G|T)$/.exec(String(quantity)) ?? [];
  const factor = unit === undefined ? undefined : GIB[unit];
  if (digits === undefined || factor === undefined)
    return { ok: false, reason: `${property} is ${JSON.stringify(quantity)}; expected a size such as "50Gi"` };
  return { ok: true, value: Number(digits) * factor };
}

function claim(resource: PlannedResource, description: string, pick: () => unknown, copies: Reading<number>): Adapter {
  return (_, context) => {
    const size = read(pick);
    if (!size.ok) return unpriced(resource, size.reason);
    if (!copies.ok) return unpriced(resource, copies.reason);
    const gib = quantityGiB("storage request", size.value);
    return gib.ok
      ? service("ebs-gp3-gb-month", description, gib.value * copies.value)(resource, context)
      : unpriced(resource, gib.reason);
  };
}

const ONE: Reading<number> = { ok: true, value: 1 };

/** The one class whose price is that of plain gp3; the cluster's default class is it. */
const PRICED_CLASS = "gp3";

const persistentVolumeClaim: Adapter = (resource, context) => {
  const className = read(() => resource.props["spec"]?.storageClassName as string | undefined);
  if (!className.ok) return unpriced(resource, className.reason);
  if (className.value !== undefined && className.value !== PRICED_CLASS)
    return unpriced(resource, `storage class "${className.value}" has no price; use ${PRICED_CLASS}`);
  return claim(resource, "disks", () => resource.props["spec"]?.resources?.requests?.storage, ONE)(resource, context);
};

/** Only plain gp3 volumes have a price; provisioned speed is billed on top. */
const storageClass: Adapter = (resource) => {
  const parameters = read(() => (resource.props["parameters"] ?? {}) as Readonly<Record<string, string>>);
  if (!parameters.ok) return unpriced(resource, parameters.reason);
  const extra = Object.keys(parameters.value).filter((key) => key !== "type" && key !== "encrypted");
  if (parameters.value["type"] === PRICED_CLASS && extra.length === 0) return [];
  return unpriced(resource, "only classes of plain, unprovisioned gp3 volumes have a price");
};

/** Pods are free, the volumes that come with each of them are not. */
const deployment: Adapter = (resource) => {
  const ephemeral = read(() =>
    ((resource.props["spec"]?.template?.spec?.volumes ?? []) as readonly { ephemeral?: unknown }[]).some(
      (volume) => volume.ephemeral !== undefined,
    ),
  );
  if (!ephemeral.ok) return unpriced(resource, ephemeral.reason);
  return ephemeral.value
    ? unpriced(resource, "its pods claim volumes of their own (ephemeral), which have no price here")
    : [];
};

/** Claims of a stateful set exist once per replica. */
const statefulSet: Adapter = (resource, context) => {
  const templates = read(
    () =>
      (resource.props["spec"]?.volumeClaimTemplates ?? []) as readonly {
        spec?: { resources?: { requests?: { storage?: string } } };
      }[],
  );
  if (!templates.ok) return unpriced(resource, templates.reason);
  const replicas = readNumber("spec.replicas", () => resource.props["spec"]?.replicas, 1);
  return templates.value.flatMap((template) =>
    claim(resource, "disks", () => template.spec?.resources?.requests?.storage, replicas)(resource, context),
  );
};

const kubernetesService: Adapter = (resource) => {
  const type = read(() => resource.props["spec"]?.type as string | undefined);
  if (!type.ok) return unpriced(resource, type.reason);
  if (type.value !== "LoadBalancer") return [];
  return unpriced(
    resource,
    "a Service of type LoadBalancer makes the cloud create one nobody sees here; use loadBalancer of the config",
  );
};

const PROMETHEUS_CLAIM = "prometheus.prometheusSpec.storageSpec.volumeClaimTemplate";

/** Places in chart values that make the cloud create something: volume claims, persistence, load balancers, replicas. */
function billedPaths(values: unknown, path = ""): readonly string[] {
  if (typeof values !== "object" || values === null) return [];
  return Object.entries(values).flatMap(([key, value]) => {
    const here = path === "" ? key : `${path}.${key}`;
    const isBilled =
      key === "volumeClaimTemplate" ||
      (key === "persistence" && (value as { enabled?: boolean } | null)?.enabled !== false) ||
      (key === "type" && value === "LoadBalancer") ||
      (key === "replicas" && value !== 1);
    return isBilled ? [here] : billedPaths(value, here);
  });
}

const charts: Readonly<Record<string, Adapter>> = {
  "https://nvidia.github.io/k8s-device-plugin nvidia-device-plugin": () => [],
  "oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack": (resource, context) => {
    if (context.region === "") return [];
    const values = read(() => (resource.props["values"] ?? {}) as unknown);
    if (!values.ok) return unpriced(resource, `values: ${values.reason}`);
    const paths = billedPaths(values.value);
    const unknown = paths.filter((path) => path !== PROMETHEUS_CLAIM);
    if (unknown.length > 0) return unpriced(resource, `its values ${unknown.join(", ")} have no price here`);
    if (paths.length === 0) return [];
    const template = () => resource.props["values"]?.prometheus?.prometheusSpec?.storageSpec?.volumeClaimTemplate;
    return claim(
      resource,
      "Prometheus disk",
      () => template()?.spec?.resources?.requests?.storage,
      ONE,
    )(resource, context);
  },
};

/** A chart's resources are not in the plan, so only charts whose costs are known are accepted, by address. */
const helmRelease: Adapter = (resource, context) => {
  const chart = read(() => {
    const {
      chart: name,
      repositoryOpts,
      valueYamlFiles,
    } = resource.props as Record<string, { repo?: string } | undefined>;
    return {
      address: [repositoryOpts?.repo, name].filter((part) => part !== undefined).join(" "),
      files: valueYamlFiles !== undefined,
    };
  });
  if (!chart.ok) return unpriced(resource, chart.reason);
  const { address, files } = chart.value;
  if (files) return unpriced(resource, "valueYamlFiles are not read; give values");
  return (
    charts[address]?.(resource, context) ??
    unpriced(
      resource,
      `what the chart "${address}" creates is not known; known charts: ${Object.keys(charts).join(", ")}`,
    )
  );
};

/** Kubernetes objects that make the cloud create something billed. On clusters outside a priced cloud they are part of the cluster's stated cost. */
export const kubernetesAdapters: Adapters = {
  "kubernetes:core/v1:PersistentVolumeClaim": (resource, context) =>
    context.region === "" ? [] : persistentVolumeClaim(resource, context),
  "kubernetes:core/v1:Service": (resource, context) =>
    context.region === "" ? [] : kubernetesService(resource, context),
  "kubernetes:apps/v1:Deployment": (resource, context) => (context.region === "" ? [] : deployment(resource, context)),
  "kubernetes:storage.k8s.io/v1:StorageClass": (resource, context) =>
    context.region === "" ? [] : storageClass(resource, context),
  "kubernetes:apps/v1:StatefulSet": (resource, context) =>
    context.region === "" ? [] : statefulSet(resource, context),
  "kubernetes:helm.sh/v3:Release": helmRelease,
};
