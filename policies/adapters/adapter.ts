import type { PlannedItem, UnpricedResource } from "../../economics/planned.ts";
import { type PlannedResource, read } from "../read.ts";

/** What adapters know besides the resource. */
export interface AdapterContext {
  /** Region of resources whose provider does not say. */
  readonly region: string;
}

/** Turns one planned resource into the priced things it makes. Whatever cannot be read becomes "unpriced". */
export type Adapter = (resource: PlannedResource, context: AdapterContext) => readonly PlannedItem[];

/** Adapters by exact resource type token. */
export type Adapters = Readonly<Record<string, Adapter>>;

/** `eks NodeGroup "h100"`, as a reader of the preview knows the resource. */
export function label(resource: PlannedResource): string {
  const [provider, path, type] = resource.type.split(":");
  const module = path?.split("/")[0];
  return `${provider === "aws" ? module : provider} ${type ?? resource.type} "${resource.name}"`;
}

export const unpriced = (resource: PlannedResource, reason: string): readonly [UnpricedResource] => [
  { kind: "unpriced", resource: label(resource), reason },
];

/** Region of the resource itself, of its provider, else of the platform. */
export function regionOf(resource: PlannedResource, context: AdapterContext): string {
  for (const pick of [() => resource.props["region"], () => resource.provider?.props["region"]]) {
    const region = read(pick);
    if (region.ok && typeof region.value === "string") return region.value;
  }
  return context.region;
}

/** A resource that is billed as a fixed quantity of one service. */
export const service = (sku: string, description: string, quantityPerMonth: number): Adapter => {
  return (resource, context) => [
    {
      kind: "service",
      resource: label(resource),
      label: description,
      sku,
      region: regionOf(resource, context),
      quantityPerMonth,
    },
  ];
};
