import { HOURS_PER_MONTH } from "../../economics/units.ts";
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

const persistentVolumeClaim: Adapter = (resource, context) =>
  claim(resource, "disks", () => resource.props["spec"]?.resources?.requests?.storage, ONE)(resource, context);

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

const kubernetesService: Adapter = (resource, context) => {
  const type = read(() => resource.props["spec"]?.type as string | undefined);
  if (!type.ok) return unpriced(resource, type.reason);
  if (type.value !== "LoadBalancer" || context.region === "") return [];
  return service("nlb-hour", "network load balancers", HOURS_PER_MONTH)(resource, context);
};

const charts: Readonly<Record<string, Adapter>> = {
  "nvidia-device-plugin": () => [],
  "kube-prometheus-stack": (resource, context) => {
    if (context.region === "") return [];
    const path = "values.prometheus.prometheusSpec.storageSpec";
    const size = read(
      () =>
        resource.props["values"]?.prometheus?.prometheusSpec?.storageSpec?.volumeClaimTemplate?.spec?.resources
          ?.requests?.storage,
    );
    if (!size.ok) return unpriced(resource, `${path}: ${size.reason}`);
    return size.value === undefined ? [] : claim(resource, "Prometheus disk", () => size.value, ONE)(resource, context);
  },
};

/** A chart's resources are not in the plan, so only charts whose costs are known are accepted. */
const helmRelease: Adapter = (resource, context) => {
  const chart = read(() => resource.props["chart"] as string | undefined);
  if (!chart.ok) return unpriced(resource, chart.reason);
  const name = chart.value?.split("/").at(-1) ?? "";
  return (
    charts[name]?.(resource, context) ??
    unpriced(resource, `what the chart "${name}" creates is not known; known charts: ${Object.keys(charts).join(", ")}`)
  );
};

/** Kubernetes objects that make the cloud create something billed. On clusters outside a priced cloud they are part of the cluster's stated cost. */
export const kubernetesAdapters: Adapters = {
  "kubernetes:core/v1:PersistentVolumeClaim": (resource, context) =>
    context.region === "" ? [] : persistentVolumeClaim(resource, context),
  "kubernetes:core/v1:Service": kubernetesService,
  "kubernetes:apps/v1:StatefulSet": (resource, context) =>
    context.region === "" ? [] : statefulSet(resource, context),
  "kubernetes:helm.sh/v3:Release": helmRelease,
};
