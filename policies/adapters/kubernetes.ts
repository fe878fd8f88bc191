import { type PlannedResource, type Reading, read, readLength, readNumber } from "../read.ts";
import { type Adapter, type AdapterContext, type Adapters, service, unpriced } from "./adapter.ts";

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

/** On clusters outside a priced cloud, objects are part of the cluster's stated cost. */
const onCloud =
  (adapter: Adapter): Adapter =>
  (resource, context) =>
    context.region === "" ? [] : adapter(resource, context);

/** The one class whose price is that of plain gp3; the cluster's default class is it. */
const PRICED_CLASS = "gp3";
const ONE: Reading<number> = { ok: true, value: 1 };

interface ClaimSpec {
  readonly storageClassName?: string;
  readonly resources?: { readonly requests?: { readonly storage?: string } };
}

/** The disks of one claim, wherever it stands: alone, in a stateful set or in a chart's values. */
function claim(
  resource: PlannedResource,
  context: AdapterContext,
  description: string,
  pick: () => ClaimSpec | undefined,
  copies = ONE,
): ReturnType<Adapter> {
  const spec = read(() => {
    const { storageClassName, resources } = pick() ?? {};
    return { storageClassName, storage: resources?.requests?.storage };
  });
  if (!spec.ok) return unpriced(resource, spec.reason);
  if (!copies.ok) return unpriced(resource, copies.reason);
  const { storageClassName = PRICED_CLASS, storage } = spec.value;
  if (storageClassName !== PRICED_CLASS)
    return unpriced(resource, `storage class "${storageClassName}" has no price; use ${PRICED_CLASS}`);
  const gib = quantityGiB("storage request", storage);
  return gib.ok
    ? service("ebs-gp3-gb-month", description, gib.value * copies.value)(resource, context)
    : unpriced(resource, gib.reason);
}

const persistentVolumeClaim: Adapter = (resource, context) =>
  claim(resource, context, "disks", () => resource.props["spec"]);

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

/** The same of replicas that span nodes; claims of a group are not made by this stack. */
const leaderWorkerSet: Adapter = (resource) => {
  const claims = read(() => {
    const template = resource.props["spec"]?.leaderWorkerTemplate;
    const pods = [template?.leaderTemplate, template?.workerTemplate];
    const volumes = pods.flatMap((pod) => (pod?.spec?.volumes ?? []) as readonly { ephemeral?: unknown }[]);
    return template?.volumeClaimTemplates !== undefined || volumes.some(({ ephemeral }) => ephemeral !== undefined);
  });
  if (!claims.ok) return unpriced(resource, claims.reason);
  return claims.value ? unpriced(resource, "its pods claim volumes of their own, which have no price here") : [];
};

/** Claims of a stateful set exist once per replica, beside whatever its pods claim themselves. */
const statefulSet: Adapter = (resource, context) => {
  const count = readLength("spec.volumeClaimTemplates", () => resource.props["spec"]?.volumeClaimTemplates ?? []);
  if (!count.ok) return unpriced(resource, count.reason);
  const replicas = readNumber("spec.replicas", () => resource.props["spec"]?.replicas, 1);
  const templates = Array.from({ length: count.value }, (_, index) =>
    claim(resource, context, "disks", () => resource.props["spec"]?.volumeClaimTemplates[index]?.spec, replicas),
  );
  return [...deployment(resource, context), ...templates.flat()];
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
  "https://nvidia.github.io/dcgm-exporter/helm-charts dcgm-exporter": () => [],
  "https://nvidia.github.io/k8s-device-plugin nvidia-device-plugin": () => [],
  "https://aws.github.io/eks-charts aws-efa-k8s-device-plugin": () => [],
  "https://kedacore.github.io/charts keda": () => [],
  "oci://public.ecr.aws/karpenter/karpenter": () => [],
  "oci://registry.k8s.io/lws/charts/lws": () => [],
  "oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack": onCloud((resource, context) => {
    const values = read(() => (resource.props["values"] ?? {}) as unknown);
    if (!values.ok) return unpriced(resource, `values: ${values.reason}`);
    const paths = billedPaths(values.value);
    const unknown = paths.filter((path) => path !== PROMETHEUS_CLAIM);
    if (unknown.length > 0) return unpriced(resource, `its values ${unknown.join(", ")} have no price here`);
    if (paths.length === 0) return [];
    const template = () => resource.props["values"]?.prometheus?.prometheusSpec?.storageSpec?.volumeClaimTemplate;
    return claim(resource, context, "Prometheus disk", () => template()?.spec);
  }),
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

/** Kubernetes objects that make the cloud create something billed. */
export const kubernetesAdapters: Adapters = {
  "kubernetes:core/v1:PersistentVolumeClaim": onCloud(persistentVolumeClaim),
  "kubernetes:core/v1:Service": onCloud(kubernetesService),
  "kubernetes:apps/v1:Deployment": onCloud(deployment),
  "kubernetes:apps/v1:StatefulSet": onCloud(statefulSet),
  "kubernetes:batch/v1:Job": onCloud(deployment),
  "kubernetes:leaderworkerset.x-k8s.io/v1:LeaderWorkerSet": onCloud(leaderWorkerSet),
  "kubernetes:storage.k8s.io/v1:StorageClass": onCloud(storageClass),
  "kubernetes:helm.sh/v3:Release": helmRelease,
};
