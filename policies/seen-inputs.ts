import type { PlannedResource } from "./read.ts";

/**
 * Inputs by URN, as resource policies saw them. Stack policies get outputs: of an object whose provider is not
 * configured yet, such as everything on a cluster that the same preview plans, there are none, and what the provider
 * fills in when an input is left out is unknown. Inputs say what was planned. Resource policies run first, in the same
 * process; a deployed stack that is analysed from its state has known outputs and needs no inputs.
 */
const seen = new Map<string, PlannedResource["props"]>();

/** Called once per resource, before stack policies run. */
export function rememberInputs({ urn, props }: Pick<PlannedResource, "urn" | "props">): void {
  seen.set(urn, props);
}

const inputsOf = (resource: PlannedResource): PlannedResource => {
  const props = seen.get(resource.urn);
  return props === undefined ? resource : { ...resource, props };
};

/** The resource with the inputs that were seen of it and of what its properties depend on, else as it is. */
export function withSeenInputs(resource: PlannedResource): PlannedResource {
  const dependencies = Object.entries(resource.propertyDependencies).map(([property, found]) => [
    property,
    found.map(inputsOf),
  ]);
  return { ...inputsOf(resource), propertyDependencies: Object.fromEntries(dependencies) };
}
