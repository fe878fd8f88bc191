import type { PurchaseOption } from "../../economics/offering.ts";
import { PURCHASE_OPTIONS } from "../../economics/offering.ts";
import type { PlannedItem } from "../../economics/planned.ts";
import { HOURS_PER_MONTH } from "../../economics/units.ts";
import { firstReason, type PlannedResource, type Reading, read, readNumber, readText } from "../read.ts";
import { type Adapter, type Adapters, label, regionOf, service, unpriced } from "./adapter.ts";

const POOL_LABEL = "breakeven.dev/pool";
const PURCHASE_TAG = "breakeven:purchase";
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
  if (template !== undefined)
    return readNumber(
      "volumeSize of the launch template",
      () => template.props["blockDeviceMappings"]?.[0]?.ebs?.volumeSize,
    );
  const readsTemplate = read(() => resource.props["launchTemplate"]?.version);
  if (readsTemplate.ok && readsTemplate.value !== undefined)
    return { ok: false, reason: "the launch template is not part of this stack, so its disk is unknown" };
  return readNumber("diskSize", () => resource.props["diskSize"], EKS_DEFAULT_DISK_GIB);
}

const nodeGroup: Adapter = (resource, context) => {
  const instanceType = onlyInstanceType(resource);
  const purchase = purchaseOf(resource);
  const min = readNumber("scalingConfig.minSize", () => resource.props["scalingConfig"]?.minSize);
  const max = readNumber("scalingConfig.maxSize", () => resource.props["scalingConfig"]?.maxSize);
  const pool = read(() => resource.props["labels"]?.[POOL_LABEL] as string | undefined);
  const disk = diskGiB(resource);
  if (!(instanceType.ok && purchase.ok && min.ok && max.ok && pool.ok && disk.ok))
    return unpriced(resource, firstReason(instanceType, purchase, min, max, pool, disk) ?? "");
  const region = regionOf(resource, context);
  const nodes: PlannedItem = {
    kind: "nodes",
    resource: label(resource),
    pool: pool.value,
    hardware: { kind: "instance", region, instanceType: instanceType.value, purchase: purchase.value },
    minNodes: min.value,
    maxNodes: max.value,
    scaling: min.value === max.value ? "fixed" : "elastic",
  };
  return [
    nodes,
    {
      kind: "service",
      resource: label(resource),
      label: "node disks",
      sku: "ebs-gp3-gb-month",
      region,
      quantityPerMonth: max.value * disk.value,
    },
  ];
};

/** A virtual machine outside any node group: billed on demand, every hour. */
const instance: Adapter = (resource, context) => {
  const instanceType = readText("instanceType", () => resource.props["instanceType"]);
  const disk = readNumber("rootBlockDevice.volumeSize", () => resource.props["rootBlockDevice"]?.volumeSize);
  if (!instanceType.ok || !disk.ok) return unpriced(resource, firstReason(instanceType, disk) ?? "");
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
  return service("eks-control-plane-hour", "EKS control plane", HOURS_PER_MONTH)(resource, context);
};

/** Everything that runs nodes, and the control plane above them. */
export const nodeAdapters: Adapters = {
  "aws:eks/cluster:Cluster": cluster,
  "aws:eks/nodeGroup:NodeGroup": nodeGroup,
  "aws:ec2/instance:Instance": instance,
};
