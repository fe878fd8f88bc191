import * as proxy from "@pulumi/policy/proxy.js";
import { z } from "zod";
import type { PlannedResource } from "./read.ts";

/** How the policy SDK guards unknown values; its types leave these out. */
const { unknownCheckingProxy, unknownStringValue } = proxy as unknown as {
  readonly unknownCheckingProxy: (props: object) => Record<string, unknown>;
  readonly unknownStringValue: string;
};

/** What the engine prints in place of a secret. What is hidden cannot be priced: it counts as unknown. */
const SECRET = "[secret]";

const stateSchema = z.object({
  urn: z.string(),
  type: z.string(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  provider: z.string().optional(),
  propertyDependencies: z.record(z.string(), z.array(z.string()).nullable()).default({}),
});
const stepSchema = z.object({ op: z.string(), urn: z.string(), newState: stateSchema.optional() });
const previewSchema = z.object({
  steps: z.array(stepSchema),
  diagnostics: z.array(z.object({ message: z.string().default(""), severity: z.string().optional() })).default([]),
  changeSummary: z.record(z.string(), z.number()).default({}),
  maybeCorrupt: z.boolean().default(false),
});
type Preview = z.output<typeof previewSchema>;
type State = z.output<typeof stateSchema>;

export type PreviewReading =
  | { readonly ok: true; readonly resources: readonly PlannedResource[] }
  | { readonly ok: false; readonly reason: string };

const HOW = "make it with: pulumi preview --json --show-sames > plan.json";

/** Files that are mistaken for a preview, by a key only they have. */
const OTHER_FILES: readonly (readonly [string, string])[] = [
  ["resource_changes", "a Terraform or OpenTofu plan"],
  ["resourcePlans", "an update plan of `pulumi preview --save-plan`"],
  ["deployment", "an exported state of `pulumi stack export`"],
  ["Resources", "a CloudFormation template"],
  ["projects", "an Infracost breakdown"],
];
const EVENT_KEYS = ["preludeEvent", "resourcePreEvent", "diagnosticEvent", "sequence"];
const MAX_ERRORS = 5;

const refuse = (reason: string): PreviewReading => ({ ok: false, reason });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the text is instead of a preview, or undefined when it may be one. */
function mistakenFor(text: string, content: unknown): string | undefined {
  if (text.trim() === "") return "the file is empty";
  if (content === undefined) {
    const first = parsed(text.trim().split("\n", 1)[0] ?? "");
    return typeof first === "object" && first !== null && EVENT_KEYS.some((key) => key in first)
      ? "it is a stream of engine events, not one JSON document; unset PULUMI_ENABLE_STREAMING_JSON_PREVIEW"
      : "it is not JSON";
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) return "it is not a JSON object";
  const { schema } = content as { schema?: unknown };
  if (typeof schema === "string" && schema.startsWith("breakeven/")) return `it is a ${schema} document`;
  const other = OTHER_FILES.find(([key]) => key in content);
  if (other !== undefined) return `it is ${other[1]}`;
  return undefined;
}

/** Why a well-formed preview must not be judged: part of the plan is missing from it. */
function incomplete({ steps, diagnostics, changeSummary, maybeCorrupt }: Preview): string | undefined {
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message.trim());
  if (errors.length > 0) {
    const more = errors.length > MAX_ERRORS ? [`  and ${errors.length - MAX_ERRORS} more`] : [];
    return ["the preview failed:", ...errors.slice(0, MAX_ERRORS).map((error) => `  ${error}`), ...more].join("\n");
  }
  if (maybeCorrupt) return "the engine says the plan may be corrupt";
  const unchanged = steps.filter(({ op }) => op === "same").length;
  if (unchanged < (changeSummary["same"] ?? 0))
    return `${(changeSummary["same"] ?? 0) - unchanged} unchanged resources were left out, and they cost money too`;
  const stated = Object.values(changeSummary).reduce((sum, count) => sum + count, 0);
  if (stated === 0) return "it has no summary of changes, so it ended before the plan was complete";
  return undefined;
}

const nameOf = (urn: string): string => urn.split("::").at(-1) ?? urn;

/** A copy with secrets turned into unknown values. */
function withoutSecrets(value: unknown): unknown {
  if (value === SECRET) return unknownStringValue;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutSecrets(inner)]));
}

/** The provider of a resource is `urn::id`; the id is unknown until it exists. */
const providerUrn = (provider: string): string => provider.slice(0, provider.lastIndexOf("::"));

function planned(states: readonly State[]): readonly PlannedResource[] {
  const bare = new Map(
    states.map(({ urn, type, inputs }) => [
      urn,
      {
        urn,
        type,
        name: nameOf(urn),
        props: unknownCheckingProxy(withoutSecrets(inputs) as object),
        propertyDependencies: {},
      },
    ]),
  );
  return states.map(({ urn, provider, propertyDependencies }) => ({
    ...(bare.get(urn) as PlannedResource),
    provider: provider === undefined ? undefined : bare.get(providerUrn(provider)),
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies).map(([property, urns]) => [
        property,
        (urns ?? []).flatMap((dependency) => bare.get(dependency) ?? []),
      ]),
    ),
  }));
}

/**
 * Reads what `pulumi preview --json --show-sames` printed as the policies see a planned stack: inputs, with unknown
 * values guarded. Refuses anything else, and every preview that lacks part of the plan.
 */
export function previewResources(text: string): PreviewReading {
  const content = parsed(text);
  const mistaken = mistakenFor(text, content);
  if (mistaken !== undefined) return refuse(`${mistaken}; ${HOW}`);
  if (!("steps" in (content as object)) && "changeSummary" in (content as object))
    return refuse(`the preview has no resources: the stack is empty, or its program failed; ${HOW}`);
  const preview = previewSchema.safeParse(content);
  if (!preview.success) {
    const [issue] = preview.error.issues;
    return refuse(
      `it is not a preview of a version this program knows: ${issue?.path.join(".")}: ${issue?.message}; ${HOW}`,
    );
  }
  const states = new Map(
    preview.data.steps.flatMap(({ newState }) => (newState === undefined ? [] : [[newState.urn, newState]])),
  );
  const gap = incomplete(preview.data);
  if (gap !== undefined) return refuse(`${gap}; ${HOW}`);
  const real = [...states.values()].filter(({ type }) => !type.startsWith("pulumi:"));
  if (real.length === 0) return refuse(`the preview has no resources: the stack is empty; ${HOW}`);
  return { ok: true, resources: planned([...states.values()]) };
}
