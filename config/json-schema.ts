import { join } from "node:path";
import { allowed, isLimit, platformNode, type SchemaNode } from "./allowed.ts";
import { runGenerator } from "./generated-file.ts";
import { CONFIG_KEY } from "./problems.ts";

type Json = Readonly<Record<string, unknown>>;

export const SCHEMA_FILE = join(import.meta.dirname, "stack.schema.json");

const SECRET: Json = {
  type: "object",
  description: "Encrypted by `pulumi config set --secret`; never write a secret in plain text.",
  properties: { secure: { type: "string", description: "The encrypted value." } },
  required: ["secure"],
  additionalProperties: false,
};

/** The description as an editor shows it; a `kind` is described by the object it selects. */
function described({ description, unit, format, type }: SchemaNode): string | undefined {
  if (unit === undefined || type === "object") return description;
  return `${description} ${format === "date" ? "Format" : "Unit"}: ${unit}.`;
}

const mapped = (nodes: Readonly<Record<string, SchemaNode>>, owner: SchemaNode): Json =>
  Object.fromEntries(
    Object.entries(nodes).map(([key, node]) => [
      key,
      forEditors(node.const === undefined ? node : { ...node, description: owner.description }),
    ]),
  );

/** The node in plain JSON Schema: units inside descriptions, words for patterns, no limits that only JavaScript has. */
function forEditors(node: SchemaNode): Json {
  const { unit, expected, format, pattern, minimum, maximum, ...rest } = node;
  const { properties, items, propertyNames, additionalProperties, oneOf, anyOf } = node;
  return {
    ...rest,
    ...(node.description !== undefined && { description: described(node) }),
    ...(isLimit(minimum) && { minimum }),
    ...(isLimit(maximum) && { maximum }),
    ...(format === "date" && { format }),
    ...(format !== "date" && pattern !== undefined && { pattern, patternErrorMessage: `Expected ${allowed(node)}.` }),
    ...(properties && { properties: mapped(properties, node) }),
    ...(items && { items: forEditors(items) }),
    ...(propertyNames && { propertyNames: forEditors(propertyNames) }),
    ...(additionalProperties && { additionalProperties: forEditors(additionalProperties) }),
    ...(oneOf && { oneOf: oneOf.map(forEditors) }),
    ...(anyOf && { anyOf: anyOf.map(forEditors) }),
  };
}

/** JSON Schema (draft 7, which editors know best) of a whole stack file. */
export function stackFileSchema(): Json {
  const { $schema, ...platform } = forEditors(platformNode());
  return {
    $schema,
    title: "Stack file of breakeven",
    type: "object",
    properties: {
      config: {
        type: "object",
        description: "Config values of the stack by name.",
        properties: {
          [CONFIG_KEY]: platform,
          "breakeven:apiKeys": {
            type: "object",
            description: "API keys by provider, for the API models that the tasks name.",
            additionalProperties: SECRET,
          },
          "breakeven:huggingFaceToken": { ...SECRET, description: "Token that downloads gated or private weights." },
        },
        required: [CONFIG_KEY],
      },
    },
    required: ["config"],
  };
}

/** The text of `config/stack.schema.json`. */
export const schemaText = (): string => `${JSON.stringify(stackFileSchema(), undefined, 2)}\n`;

if (import.meta.main) runGenerator(SCHEMA_FILE, schemaText(), "node config/json-schema.ts");
