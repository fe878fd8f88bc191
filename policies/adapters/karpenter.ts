import { MAX_NODES_ANNOTATION, MIN_NODES_ANNOTATION, POOL_LABEL } from "../../config/marks.ts";
import type { PurchaseOption } from "../../economics/offering.ts";
import { firstReason, type PlannedResource, type Reading, read, readText } from "../read.ts";
import { type Adapter, type Adapters, label, regionOf, service, unpriced } from "./adapter.ts";
import { quantityGiB } from "./kubernetes.ts";

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

const ROUND_NUMBER = /^\d+$/;

/** A count that stands as text, in an annotation or a limit. */
function readCount(property: string, pick: () => unknown): Reading<number> {
  const text = readText(property, pick);
  if (!text.ok) return text;
  return ROUND_NUMBER.test(text.value)
    ? { ok: true, value: Number(text.value) }
    : { ok: false, reason: `${property} is "${text.value}"; expected a whole number in quotes` };
}

const annotation = (resource: PlannedResource, name: string): Reading<number> =>
  readCount(`annotation ${name}`, () => resource.props["metadata"]?.annotations?.[name]);

/** All values a node may have for a label; a reason when the requirements leave it open. */
function valuesOf(resource: PlannedResource, key: string): Reading<readonly string[]> {
  const requirements = read(
    () => (resource.props["spec"]?.template?.spec?.requirements ?? []) as readonly Requirement[],
  );
  if (!requirements.ok) return requirements;
  const found = requirements.value.filter((requirement) => requirement.key === key);
  const [only] = found;
  return found.length === 1 && only?.operator === "In" && (only.values ?? []).length > 0
    ? { ok: true, value: only.values ?? [] }
    : { ok: false, reason: `requirement ${key} has to name its values (operator In), so that the price is known` };
}

/** The dearest way a node may be bought: nobody knows beforehand how often spot is out. Reservations cost what on-demand does. */
function purchaseOf(resource: PlannedResource): Reading<PurchaseOption> {
  const types = valuesOf(resource, "karpenter.sh/capacity-type");
  if (!types.ok) return types;
  const unknown = types.value.filter((type) => !["reserved", "spot", "on-demand"].includes(type));
  if (unknown.length > 0) return { ok: false, reason: `capacity type "${unknown[0]}" is not known` };
  return { ok: true, value: types.value.every((type) => type === "spot") ? "spot" : "on-demand" };
}

const nodePool: Adapter = (resource, context) => {
  const types = valuesOf(resource, "node.kubernetes.io/instance-type");
  const purchase = purchaseOf(resource);
  const max = readCount("limits.nodes", () => resource.props["spec"]?.limits?.nodes);
  const min = annotation(resource, MIN_NODES_ANNOTATION);
  const pool = read(() => resource.props["spec"]?.template?.metadata?.labels?.[POOL_LABEL] as string | undefined);
  if (!(types.ok && purchase.ok && max.ok && min.ok && pool.ok))
    return unpriced(resource, firstReason(types, purchase, max, min, pool) ?? "");
  const [instanceType] = types.value;
  if (instanceType === undefined || types.value.length > 1)
    return unpriced(resource, `it may be any of ${types.value.join(", ")}; name exactly one type`);
  return [
    {
      kind: "nodes",
      resource: label(resource),
      pool: pool.value,
      hardware: { kind: "instance", region: regionOf(resource, context), instanceType, purchase: purchase.value },
      minNodes: min.value,
      maxNodes: max.value,
      scaling: "elastic",
    },
  ];
};

interface BlockDevice {
  readonly ebs?: {
    readonly volumeSize?: string;
    readonly volumeType?: string;
    readonly iops?: number;
    readonly throughput?: number;
  };
}

/** Disks of as many nodes as there may be. */
const nodeClass: Adapter = (resource, context) => {
  const max = annotation(resource, MAX_NODES_ANNOTATION);
  const devices = read(() => (resource.props["spec"]?.blockDeviceMappings ?? []) as readonly BlockDevice[]);
  if (!max.ok || !devices.ok) return unpriced(resource, firstReason(max, devices) ?? "");
  let gib = 0;
  for (const { ebs } of devices.value) {
    const size = quantityGiB("volumeSize", ebs?.volumeSize);
    if (!size.ok) return unpriced(resource, size.reason);
    if (ebs?.volumeType !== "gp3" || (ebs.iops ?? ebs.throughput) !== undefined)
      return unpriced(resource, "a disk is not plain gp3");
    gib += size.value;
  }
  return gib > 0
    ? service("ebs-gp3-gb-month", "node disks", max.value * gib)(resource, context)
    : unpriced(resource, "it states no disk");
};

/** Pools of Karpenter, whose nodes are in no plan. */
export const karpenterAdapters: Adapters = {
  "kubernetes:karpenter.sh/v1:NodePool": nodePool,
  "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass": nodeClass,
};
