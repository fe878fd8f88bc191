import type { z } from "zod";
import { allowed, isRecord, keysAt, placeAt } from "./allowed.ts";

export const CONFIG_KEY = "breakeven:platform";

/** One thing that is wrong: where, what was given, what is allowed and how to mend it. */
export interface ConfigProblem {
  /** Path below `breakeven:platform`, e.g. `pools.h100.minNodes`. */
  readonly path: string;
  readonly message: string;
}

const PLAIN_KEY = /^[-\w]+$/;

/** A path as `pulumi config set --path` takes it. */
export const pathOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      const key = String(part);
      if (!PLAIN_KEY.test(key)) return `[${shown(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join("");

/** `breakeven:platform.pools.h100.minNodes: …` */
export const formatProblem = ({ path, message }: ConfigProblem): string =>
  `${CONFIG_KEY}${path === "" || path.startsWith("[") ? path : `.${path}`}: ${message}`;

const MAX_SHOWN = 60;
/** Beginnings and shapes of API keys and tokens: a secret in the wrong place is never printed. */
const SECRET = /^(sk|pk|hf|gsk|xai|pul|fw|ghp|gho|github_pat|AKIA|AIza|eyJ)[-_A-Za-z0-9]{16,}|^[A-Za-z0-9+_=-]{32,}$/;

/** The value as a reader of the stack file would recognise it; content of objects and lists is left out. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return value.length === 1 ? "a list of 1 entry" : `a list of ${value.length} entries`;
  if (typeof value === "object" && value !== null) return "an object";
  if (typeof value !== "string") return String(value);
  if (SECRET.test(value)) return "text that looks like a secret";
  return JSON.stringify(value.length > MAX_SHOWN ? `${value.slice(0, MAX_SHOWN)}…` : value);
}

const SECRET_KEY = /key|token|secret|password/i;
const SECRET_HINT = "secrets go elsewhere: pulumi config set --secret --path breakeven:apiKeys.<provider>";

function unknownKey(key: string, known: readonly string[]): string {
  const hint = SECRET_KEY.test(key) ? SECRET_HINT : `known here: ${known.join(", ")}`;
  return `is not a known key; remove it or correct its spelling; ${hint}`;
}

function wrongValue(path: readonly PropertyKey[], root: unknown): string {
  const { node, value, required } = placeAt(path, root);
  const expected = `expected ${allowed(node)}`;
  if (value === undefined) return `is missing; ${expected}`;
  if (value === null) return `has no value; ${expected}${required ? "" : ", or leave it out"}`;
  const isNumber = node.type === "number" || node.type === "integer";
  if (typeof value === "string" && isNumber && value.trim() !== "" && Number.isFinite(Number(value)))
    return `${shown(value)} is text; ${expected}, without quotes`;
  if (typeof value === "number" && node.type === "string") return `${shown(value)} is a number; ${expected}, in quotes`;
  return `${shown(value)} is not allowed; ${expected}`;
}

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
  if (issue.path.length === 0 && !isRecord(root))
    return [{ path, message: `${shown(root)} is not a config; expected an object, see docs/config.md` }];
  return [{ path, message: wrongValue(issue.path, root) }];
}
