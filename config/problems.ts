import type { z } from "zod";
import { allowed, isRecord, keysAt, placeAt, type SchemaNode } from "./allowed.ts";

export const CONFIG_KEY = "breakeven:platform";

/** One thing that is wrong: where, what was given, what is allowed and how to mend it. */
export interface ConfigProblem {
  /** Path below `breakeven:platform`, e.g. `pools.h100.minNodes`. */
  readonly path: string;
  readonly message: string;
}

/** A name or key, quoted unless it is plain. */
export const named = (name: string): string => (/^[-\w]+$/.test(name) ? name : shown(name));

/** A path as `pulumi config set --path` takes it. */
export const pathOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      const key = named(String(part));
      if (key.startsWith('"')) return `[${key}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join("");

/** `breakeven:platform.pools.h100.minNodes: …` */
export const formatProblem = ({ path, message }: ConfigProblem): string =>
  `${CONFIG_KEY}${path === "" || path.startsWith("[") ? path : `.${path}`}: ${message}`;

const MAX_SHOWN = 60;
/** Beginnings and shapes of API keys and tokens. */
const SECRET =
  /^(sk|pk|hf|gsk|xai|pul|fw|gh[a-z]|github|AKIA|AIza|eyJ)[-\w]{16,}|^(?=.*[A-Z])(?=.*[a-z])(?=.*\d)[\w+=]{32,}…?$|^[0-9a-f]{32,}…?$/;

/** The problem with every quoted secret left out: one in the wrong place must not reach a log. */
export const withoutSecrets = ({ path, message }: ConfigProblem): ConfigProblem => ({
  path,
  message: message.replace(/"([^"]+)"/g, (text, inner: string) =>
    SECRET.test(inner) ? '"(hidden: looks like a secret)"' : text,
  ),
});

/** The value as a reader of the stack file would recognise it; content of objects and lists is left out. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value) && value.length < 2) return value.length === 0 ? "an empty list" : "a list of 1 entry";
  if (Array.isArray(value)) return `a list of ${value.length} entries`;
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value);
}

const SECRET_KEY = /(api|secret|access)[-_]?key|token$|secret|password|credential/i;

function unknownKey(key: string, known: readonly string[]): string {
  return SECRET_KEY.test(key)
    ? "is not a known key; remove it, secrets are set by: pulumi config set --secret --path breakeven:apiKeys.<provider>"
    : `is not a known key; known here: ${known.join(", ")}; correct or remove it`;
}

/** The first sentence of the description, as a part of another. */
function meaning({ description }: SchemaNode): string {
  const [first] = description?.split(/\.(?:$|\s+(?=[A-Z]))/) ?? [];
  return first === undefined ? "" : ` (${first.replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())})`;
}

const isFreeText = (node: SchemaNode): boolean =>
  node.type === "string" && node.format === undefined && node.const === undefined && node.enum === undefined;

const isQuoted = (value: string, { type }: SchemaNode): boolean =>
  type === "boolean"
    ? value === "true" || value === "false"
    : (type === "number" || type === "integer") && value.trim() !== "" && Number.isFinite(Number(value));

function wrongValue(path: readonly PropertyKey[], root: unknown): string {
  const { node, value, required } = placeAt(path, root);
  const expected = `expected ${allowed(node)}`;
  if (value === undefined) return `is missing; ${expected}${meaning(node)}`;
  if (value === null) return `has no value; ${expected}${required ? meaning(node) : ", or leave it out"}`;
  if (typeof value === "string" && isQuoted(value, node)) return `${shown(value)} is text; ${expected}, without quotes`;
  if (typeof value === "number" && isFreeText(node)) return `${value} is a number; ${expected}, in quotes`;
  return `${shown(value)} is not allowed; ${expected}`;
}

/** The same finding, seen from further up. */
export const under = (path: readonly PropertyKey[], issue: z.core.$ZodIssue): z.core.$ZodIssue => ({
  ...issue,
  path: [...path, ...issue.path],
});

/** Turns one finding of the schema about `root` into problems; an object with several unknown keys has several. */
export function problemsOf(issue: z.core.$ZodIssue, root: unknown): readonly ConfigProblem[] {
  const path = pathOf(issue.path);
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(issue.path, root);
    return issue.keys.map((key) => ({ path: pathOf([...issue.path, key]), message: unknownKey(key, known) }));
  }
  if (issue.code === "invalid_key") {
    const { propertyNames = {} } = placeAt(issue.path.slice(0, -1), root).node;
    return [{ path, message: `is not an allowed name; expected ${allowed(propertyNames)}` }];
  }
  if (issue.code === "invalid_union") {
    const near = issue.errors.filter((issues) => issues.length > 0 && issues.every((inner) => inner.path.length > 0));
    const inner = near.length === 1 ? (near[0] ?? []) : [];
    if (inner.length > 0) return inner.flatMap((one) => problemsOf(under(issue.path, one), root));
  }
  if (issue.path.length === 0 && !isRecord(root))
    return [{ path, message: `${shown(root)} is not a config; expected an object, see docs/config.md` }];
  return [{ path, message: wrongValue(issue.path, root) }];
}
