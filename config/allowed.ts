import { z } from "zod";
import { platformSchema } from "./platform.ts";

/** The part of JSON Schema that the config's schema uses, with the config's own meta fields. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly unit?: string;
  /** What a pattern allows, in words that follow "expected". */
  readonly expected?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly propertyNames?: SchemaNode;
  readonly additionalProperties?: SchemaNode | false;
  readonly oneOf?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
}

let platform: SchemaNode | undefined;

/** The schema of `breakeven:platform` as data. */
export function platformNode(): SchemaNode {
  platform ??= z.toJSONSchema(platformSchema, { io: "input", target: "draft-07" }) as SchemaNode;
  return platform;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The own entry of an object or list; undefined when there is none. */
export function entryOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key)
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined;
}

/** The allowed kinds of an object whose form depends on its `kind`. */
export const kindsOf = ({ oneOf = [] }: SchemaNode): readonly unknown[] =>
  oneOf.map(({ properties }) => properties?.["kind"]?.const);

/** The form of an object that its `kind` selects. */
function chosen(node: SchemaNode, value: unknown): SchemaNode {
  if (node.oneOf !== undefined) {
    const kind = entryOf(value, "kind");
    return (
      node.oneOf.find(({ properties }) => properties?.["kind"]?.const === kind) ?? {
        properties: { kind: { enum: kindsOf(node) } },
        required: ["kind"],
      }
    );
  }
  return node.anyOf?.find(({ items }) => items !== undefined) ?? node;
}

/** The node that describes one place of a config, with the value there and whether it must be given. */
export function placeAt(
  path: readonly PropertyKey[],
  root: unknown,
): { readonly node: SchemaNode; readonly value: unknown; readonly required: boolean } {
  let node: SchemaNode = platformNode();
  let value = root;
  let required = true;
  for (const key of path) {
    const form = chosen(node, value);
    required = form.items !== undefined || (form.required ?? []).includes(String(key));
    node = form.items ?? form.properties?.[String(key)] ?? (form.additionalProperties || {});
    value = entryOf(value, key);
  }
  return { node, value, required };
}

/** Keys an object may have. */
export const keysAt = (path: readonly PropertyKey[], root: unknown): readonly string[] => {
  const { node, value } = placeAt(path, root);
  return Object.keys(chosen(node, value).properties ?? {});
};

const quoted = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(", ");

/** No limit of the schema, only that of exact whole numbers. */
export const isLimit = (bound: number | undefined): bound is number =>
  bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;

function range({ minimum, exclusiveMinimum, maximum }: SchemaNode): string {
  const least = isLimit(minimum) ? minimum : undefined;
  const most = isLimit(maximum) ? maximum : undefined;
  if (exclusiveMinimum !== undefined)
    return ` above ${exclusiveMinimum}${most === undefined ? "" : ` and up to ${most}`}`;
  if (least !== undefined) return most === undefined ? ` of at least ${least}` : ` from ${least} to ${most}`;
  return most === undefined ? "" : ` of at most ${most}`;
}

function list({ items, minItems, maxItems }: SchemaNode): string {
  const entries = (count: number) => `${count} ${count === 1 ? "entry" : "entries"}`;
  const each = items === undefined ? "" : `, each ${allowed(items)}`;
  if (minItems === undefined) return `a list${each}`;
  return `a list of ${minItems === maxItems ? "" : "at least "}${entries(minItems)}${each}`;
}

function text({ format, minLength, maxLength }: SchemaNode): string {
  if (format === "date") return 'a date such as "2026-11-30"';
  if (format === "cidrv4") return 'an IPv4 range such as "10.0.0.0/16"';
  return minLength === undefined ? "text" : `text of ${minLength} to ${maxLength} characters`;
}

/** What a place allows, in words that follow "expected". */
export function allowed(node: SchemaNode): string {
  if (node.expected !== undefined) return node.expected;
  if (node.const !== undefined) return quoted([node.const]);
  if (node.enum !== undefined) return `one of ${quoted(node.enum)}`;
  if (node.oneOf !== undefined) return `an object whose kind is one of ${quoted(kindsOf(node))}`;
  if (node.anyOf !== undefined) return node.anyOf.map(allowed).join(", or ");
  switch (node.type) {
    case "boolean":
      return "true or false";
    case "integer":
      return `a whole number${range(node)}`;
    case "number":
      return `a number${range(node)}`;
    case "array":
      return list(node);
    case "string":
      return text(node);
    default:
      if (node.properties === undefined)
        return `an object of named ${node.additionalProperties && node.additionalProperties.type === "string" ? "texts" : "entries"}`;
      return node.required === undefined ? "an object" : `an object with ${node.required.join(", ")}`;
  }
}
