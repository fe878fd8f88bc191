import type { ReportViolation, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import * as proxy from "@pulumi/policy/proxy.js";
import * as pulumi from "@pulumi/pulumi";
import { policies } from "../policies/policies.ts";
import type { PlannedResource } from "../policies/read.ts";
import type { RecordedResource } from "./mocks.ts";

export interface PolicyViolation {
  /** `cheaper-than-api` */
  readonly policy: string;
  /** Mandatory ones stop a deployment. */
  readonly enforcement: "mandatory" | "advisory";
  readonly message: string;
}

export interface PolicyOptions {
  /** The day that prices are judged on, `2026-11-21`. @default today */
  readonly today?: string;
  /** Configuration of policies by name, as a platform owner pins it. */
  readonly policyConfig?: Readonly<Record<string, object>>;
}

/** How the policy SDK guards unknown values; its types leave these out. */
const { unknownCheckingProxy, unknownStringValue } = proxy as unknown as {
  readonly unknownCheckingProxy: (props: object) => Record<string, unknown>;
  readonly unknownStringValue: string;
};

/** What the policy pack says about recorded resources, as it would in a preview of them; the worst first. */
export async function policyViolations(
  resources: readonly RecordedResource[],
  { today = new Date().toISOString().slice(0, 10), policyConfig = {} }: PolicyOptions = {},
): Promise<PolicyViolation[]> {
  const planned = plannedResources(resources);
  const violations: PolicyViolation[] = [];
  const all = policies as readonly (ResourceValidationPolicy & StackValidationPolicy)[];
  const configOf =
    ({ name }: { name: string }) =>
    () => ({ today, ...policyConfig[name] });
  const reportOf =
    ({ name, enforcementLevel }: ResourceValidationPolicy): ReportViolation =>
    (message) => {
      const enforcement = enforcementLevel === "mandatory" ? "mandatory" : "advisory";
      violations.push({ policy: name, enforcement, message });
    };
  // As in the engine: policies of the whole stack come last, and know what those of single resources have seen.
  for (const policy of all)
    for (const validate of [policy.validateResource ?? []].flat())
      for (const resource of planned)
        await validate({ ...resource, getConfig: configOf(policy) } as never, reportOf(policy));
  for (const policy of all)
    await policy.validateStack?.({ resources: planned, getConfig: configOf(policy) } as never, reportOf(policy));
  return violations.sort((left, right) => right.enforcement.localeCompare(left.enforcement));
}

function plannedResources(resources: readonly RecordedResource[]): PlannedResource[] {
  const planned = resources.map(({ type, name, inputs, provider }) => {
    const settings = resources.find((other) => other.name === provider && other.type.startsWith("pulumi:providers:"));
    return {
      type,
      name,
      urn: `urn:pulumi:test::breakeven::${type}::${name}`,
      props: unknownCheckingProxy(guarded(inputs) as object),
      provider: settings && { props: settings.inputs },
      propertyDependencies: {} as Record<string, PlannedResource[]>,
    };
  });
  for (const [index, { propertyDependencies }] of resources.entries())
    for (const [property, names] of Object.entries(propertyDependencies)) {
      const sources = planned.filter(({ name }) => names.includes(name));
      Object.assign(planned[index]?.propertyDependencies ?? {}, { [property]: sources });
    }
  return planned;
}

/** A copy in which unknown values are what the policy SDK takes for one. */
function guarded(value: unknown): unknown {
  if (pulumi.isUnknown(value)) return unknownStringValue;
  if (Array.isArray(value)) return value.map(guarded);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, guarded(item)]));
}
