import { POOL_LABEL, PURCHASE_TAG } from "../../config/marks.ts";
import type { PurchaseOption } from "../../economics/offering.ts";
import { PURCHASE_OPTIONS } from "../../economics/offering.ts";
import type { PlannedItem } from "../../economics/planned.ts";
import { HOURS_PER_MONTH } from "../../economics/units.ts";
import { firstReason, type PlannedResource, type Reading, read, readNumber, readText } from "../read.ts";
import { type Adapter, type Adapters, label, regionOf, service, unpriced } from "./adapter.ts";

const EKS_DEFAULT_DISK_GIB = 20;

/** Capacity type of EKS and the purchase options it may stand for; the first is assumed when no tag says. */
const PURCHASES: Readonly<Record<string, readonly [PurchaseOption, ...PurchaseOption[]]>> = {
  ON_DEMAND: ["on-demand", "commit-1y", "commit-3y"],
  SPOT: ["spot"],
  CAPACITY_BLOCK: ["capacity-block"],
};

function purchaseOf(resource: PlannedResource): Reading<PurchaseOption> {
  const capacity = readText("capacityType", () => resource.props["capacityType"], "ON_DEMAND");
  const tag = read(() => resource.props["tags"]?.[PURCHASE_TAG]);
  if (!capacity.ok) return capacity;
  if (!tag.ok) return tag;
  const allowed = PURCHASES[capacity.value];
  if (allowed === undefined)
    return {
      ok: false,
      reason: `capacityType is "${capacity.value}"; expected one of ${Object.keys(PURCHASES).join(", ")}`,
    };
  const wanted = PURCHASE_OPTIONS.find((option) => option === tag.value);
  if (tag.value !== undefined && (wanted === undefined || !allowed.includes(wanted))) {
    return {
      ok: false,
      reason: `tag ${PURCHASE_TAG} is ${JSON.stringify(tag.value)}; with capacityType ${capacity.value} expected one of ${allowed.join(", ")}`,
    };
  }
  return { ok: true, value: wanted ?? allowed[0] };
}

function onlyInstanceType(resource: PlannedResource): Reading<string> {
  const types = read(() => resource.props["instanceTypes"] as readonly string[] | undefined);
  if (!types.ok) return { ok: false, reason: `instanceTypes: ${types.reason}` };
  const given = types.value ?? [];
  const [type] = given;
  if (type !== undefined && given.length === 1) return { ok: true, value: type };
  const template = given.length === 0 ? launchTemplate(resource) : undefined;
  if (template !== undefined)
    return readText("instanceType of the launch template", () => template.props["instanceType"]);
  return {
    ok: false,
    reason: `instanceTypes is ${JSON.stringify(given)}; name exactly one type, so that its price is known`,
  };
}

const launchTemplate = (resource: PlannedResource): PlannedResource | undefined =>
  resource.propertyDependencies["launchTemplate"]?.find(({ type }) => type === "aws:ec2/launchTemplate:LaunchTemplate");

/** Root disk of one node: the launch template's, else the node group's, else what EKS gives. */
function diskGiB(resource: PlannedResource): Reading<number> {
  const template = launchTemplate(resource);
  if (template !== undefined) return templateDiskGiB(template);
  const outside = read(() => resource.props["launchTemplate"] as unknown);
  if (!outside.ok || outside.value !== undefined)
    return { ok: false, reason: "its launch template is not part of this stack, so its disks are unknown" };
  return readNumber("diskSize", () => resource.props["diskSize"], EKS_DEFAULT_DISK_GIB);
}

interface BlockDevice {
  readonly ebs?: {
    readonly volumeSize?: number;
    readonly volumeType?: string;
    readonly iops?: number;
    readonly throughput?: number;
  };
}

/** All disks of a launch template; only plain gp3 has a price here. */
function templateDiskGiB(template: PlannedResource): Reading<number> {
  const devices = read(() => (template.props["blockDeviceMappings"] ?? []) as readonly BlockDevice[]);
  if (!devices.ok) return { ok: false, reason: `blockDeviceMappings of the launch template: ${devices.reason}` };
  let total = 0;
  for (const { ebs } of devices.value) {
    if (ebs?.volumeSize === undefined || ebs.volumeType !== "gp3" || (ebs.iops ?? ebs.throughput) !== undefined)
      return { ok: false, reason: "a disk of the launch template is not plain gp3 with a stated size" };
    total += ebs.volumeSize;
  }
  return total > 0 ? { ok: true, value: total } : { ok: false, reason: "the launch template states no disk" };
}

/** Node counts that make sense: 0 <= min <= desired <= max, and at least one. */
function sizesOf(resource: PlannedResource): Reading<{ readonly min: number; readonly max: number }> {
  const size = (name: string, fallback?: number) =>
    readNumber(`scalingConfig.${name}`, () => resource.props["scalingConfig"]?.[name], fallback);
  const [min, max] = [size("minSize"), size("maxSize")];
  if (!min.ok) return min;
  if (!max.ok) return max;
  const desired = size("desiredSize", min.value);
  if (!desired.ok) return desired;
  const isOrdered = min.value >= 0 && min.value <= desired.value && desired.value <= max.value && max.value >= 1;
  return isOrdered
    ? { ok: true, value: { min: min.value, max: max.value } }
    : {
        ok: false,
        reason: "scalingConfig is out of order; expected 0 <= minSize <= desiredSize <= maxSize, and at least 1",
      };
}

const nodeGroup: Adapter = (resource, context) => {
  const instanceType = onlyInstanceType(resource);
  const purchase = purchaseOf(resource);
  const sizes = sizesOf(resource);
  const pool = read(() => resource.props["labels"]?.[POOL_LABEL] as string | undefined);
  const disk = diskGiB(resource);
  if (!(instanceType.ok && purchase.ok && sizes.ok && pool.ok && disk.ok))
    return unpriced(resource, firstReason(instanceType, purchase, sizes, pool, disk) ?? "");
  const { min, max } = sizes.value;
  const region = regionOf(resource, context);
  const nodes: PlannedItem = {
    kind: "nodes",
    resource: label(resource),
    pool: pool.value,
    hardware: { kind: "instance", region, instanceType: instanceType.value, purchase: purchase.value },
    minNodes: min,
    maxNodes: max,
    scaling: min === max ? "fixed" : "elastic",
  };
  return [
    nodes,
    {
      kind: "service",
      resource: label(resource),
      label: "node disks",
      sku: "ebs-gp3-gb-month",
      region,
      quantityPerMonth: max * disk.value,
    },
  ];
};

/** A virtual machine outside any node group: billed on demand, every hour. */
const instance: Adapter = (resource, context) => {
  const instanceType = readText("instanceType", () => resource.props["instanceType"]);
  const disk = readNumber("rootBlockDevice.volumeSize", () => resource.props["rootBlockDevice"]?.volumeSize);
  if (!instanceType.ok || !disk.ok) return unpriced(resource, firstReason(instanceType, disk) ?? "");
  const extras = read(() =>
    ["ebsBlockDevices", "tenancy", "hostId", "associatePublicIpAddress"].filter(
      (name) => resource.props[name] !== undefined,
    ),
  );
  const root = read(
    () => resource.props["rootBlockDevice"] as { volumeType?: string; iops?: number; throughput?: number },
  );
  if (!extras.ok || extras.value.length > 0)
    return unpriced(resource, extras.ok ? `${extras.value.join(", ")} have no price here` : extras.reason);
  if (!root.ok || root.value.volumeType !== "gp3" || (root.value.iops ?? root.value.throughput) !== undefined)
    return unpriced(resource, root.ok ? "its root disk is not plain gp3" : root.reason);
  const region = regionOf(resource, context);
  return [
    {
      kind: "nodes",
      resource: label(resource),
      hardware: { kind: "instance", region, instanceType: instanceType.value, purchase: "on-demand" },
      minNodes: 1,
      maxNodes: 1,
      scaling: "fixed",
    },
    {
      kind: "service",
      resource: label(resource),
      label: "node disks",
      sku: "ebs-gp3-gb-month",
      region,
      quantityPerMonth: disk.value,
    },
  ];
};

const cluster: Adapter = (resource, context) => {
  const support = readText("upgradePolicy.supportType", () => resource.props["upgradePolicy"]?.supportType, "EXTENDED");
  if (!support.ok) return unpriced(resource, support.reason);
  const auto = read(() => resource.props["computeConfig"]?.enabled);
  if (!auto.ok) return unpriced(resource, auto.reason);
  if (auto.value === true)
    return unpriced(
      resource,
      "EKS Auto Mode adds a fee to every node, which is not priced yet; use managed node groups",
    );
  const tier = read(() => resource.props["controlPlaneScalingConfig"] as unknown);
  if (!tier.ok || tier.value !== undefined)
    return unpriced(resource, "controlPlaneScalingConfig has no price here; leave it out");
  const sku = support.value === "STANDARD" ? "eks-control-plane-hour" : "eks-control-plane-extended-hour";
  return service(sku, "EKS control plane", HOURS_PER_MONTH)(resource, context);
};

/** Add-ons that AWS gives away; others, from the marketplace too, may be billed. */
const FREE_ADDONS = [
  "vpc-cni",
  "kube-proxy",
  "coredns",
  "eks-pod-identity-agent",
  "aws-ebs-csi-driver",
  "metrics-server",
];

const addon: Adapter = (resource) => {
  const name = readText("addonName", () => resource.props["addonName"]);
  if (!name.ok) return unpriced(resource, name.reason);
  return FREE_ADDONS.includes(name.value) ? [] : unpriced(resource, `add-on "${name.value}" is not known to be free`);
};

/** Everything that runs nodes, and the control plane above them. */
export const nodeAdapters: Adapters = {
  "aws:eks/addon:Addon": addon,
  "aws:eks/cluster:Cluster": cluster,
  "aws:eks/nodeGroup:NodeGroup": nodeGroup,
  "aws:ec2/instance:Instance": instance,
};
