import type { PlannedItem } from "../../economics/planned.ts";
import { HOURS_PER_MONTH } from "../../economics/units.ts";
import { firstReason, read, readLength, readText } from "../read.ts";
import { type Adapter, type Adapters, label, regionOf, service, unpriced } from "./adapter.ts";

const natGateway: Adapter = (resource, context) => [
  ...service("nat-gateway-hour", "NAT gateways", HOURS_PER_MONTH)(resource, context),
  {
    kind: "usage",
    resource: label(resource),
    label: "NAT gateway data",
    sku: "nat-gateway-gb",
    region: regionOf(resource, context),
    driver: "external",
    unitsEach: 1,
  },
];

/** Gateway endpoints are free; interface endpoints are billed per zone. */
const vpcEndpoint: Adapter = (resource, context) => {
  const type = readText("vpcEndpointType", () => resource.props["vpcEndpointType"], "Gateway");
  if (!type.ok) return unpriced(resource, type.reason);
  if (type.value === "Gateway") return [];
  const zones = readLength("subnetIds", () => resource.props["subnetIds"]);
  if (!zones.ok) return unpriced(resource, zones.reason);
  return service("vpc-endpoint-az-hour", "interface endpoints", zones.value * HOURS_PER_MONTH)(resource, context);
};

const loadBalancer: Adapter = (resource, context) => {
  const type = readText("loadBalancerType", () => resource.props["loadBalancerType"], "application");
  const zones = readLength("subnets", () => resource.props["subnets"]);
  const internal = read(() => resource.props["internal"] as boolean | undefined);
  if (!(type.ok && zones.ok && internal.ok)) return unpriced(resource, firstReason(type, zones, internal) ?? "");
  if (type.value !== "network")
    return unpriced(resource, `load balancers of type "${type.value}" are not priced yet; use "network"`);
  const region = regionOf(resource, context);
  const items: PlannedItem[] = [
    {
      kind: "service",
      resource: label(resource),
      label: "network load balancers",
      sku: "nlb-hour",
      region,
      quantityPerMonth: HOURS_PER_MONTH,
    },
    {
      kind: "usage",
      resource: label(resource),
      label: "load balancer data",
      sku: "nlb-nlcu-hour",
      region,
      driver: "client",
      unitsEach: 1,
    },
  ];
  const addresses: PlannedItem = {
    kind: "service",
    resource: label(resource),
    label: "public IPv4 addresses",
    sku: "public-ipv4-hour",
    region,
    quantityPerMonth: zones.value * HOURS_PER_MONTH,
  };
  const transfer: PlannedItem = {
    kind: "usage",
    resource: label(resource),
    label: "data to the internet",
    sku: "transfer-out-gb",
    region,
    driver: "client",
    unitsEach: 1,
  };
  return internal.value === true ? items : [...items, addresses, transfer];
};

/** Ways in and out of the network that are billed. */
export const networkAdapters: Adapters = {
  "aws:ec2/natGateway:NatGateway": natGateway,
  "aws:ec2/eip:Eip": service("public-ipv4-hour", "public IPv4 addresses", HOURS_PER_MONTH),
  "aws:ec2/vpcEndpoint:VpcEndpoint": vpcEndpoint,
  "aws:lb/loadBalancer:LoadBalancer": loadBalancer,
};
