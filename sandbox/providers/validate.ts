/** Compares the inputs of a resource with its schema: unknown names, missing names, wrong shapes. */

import type { SdkSchema } from "./sdk-schema.ts";
import { allowsUndefined, type Members, optionsOf, type TypeExpression } from "./type-text.ts";
import { isMarked, isObject, isUnknown, type Properties, type Value } from "./values.ts";

export interface Failure {
  /** `scalingConfig.minSize` */
  property: string;
  /** What is wrong, the value, what is allowed. */
  reason: string;
}

/** Every problem of `inputs`, none when they fit. Values not known yet fit everywhere. */
export function validate(sdk: SdkSchema, members: Members, inputs: Properties, subject: string): Failure[] {
  const failures: Failure[] = [];
  checkMembers(inputs, members, "");
  return failures;

  function checkMembers(value: Properties, allowed: Members, path: string): void {
    const owner = path === "" ? subject : path;
    for (const [name, item] of Object.entries(value)) {
      const member = allowed.get(name);
      const property = join(path, name);
      if (member) checkValue(item, member.type, property);
      else fail(property, `${owner} has no property "${name}" (given: ${brief(item)}); ${advice(name, allowed)}`);
    }
    for (const [name, member] of allowed) {
      const isAbsent = value[name] === undefined || value[name] === null;
      if (isAbsent && !member.isOptional && !allowsUndefined(member.type)) {
        fail(join(path, name), `${owner} lacks the required property "${name}"`);
      }
    }
  }

  function checkValue(value: Value, type: TypeExpression, path: string): void {
    if (value === null || isUnknown(value) || isMarked(value)) return;
    const options = optionsOf(type);
    const fitting = options.find((option) => isOfShape(value, option));
    if (!fitting) {
      fail(path, `${path} must be ${options.map(describe).join(" or ")}, not ${brief(value)}`);
    } else if (fitting.kind === "array") {
      for (const [index, item] of (value as Value[]).entries()) checkValue(item, fitting.item, `${path}[${index}]`);
    } else if (fitting.kind === "map") {
      for (const [key, item] of Object.entries(value as Properties)) checkValue(item, fitting.item, join(path, key));
    } else if (fitting.kind === "reference") {
      const nested = sdk.members(fitting);
      if (nested) checkMembers(value as Properties, nested, path);
    }
  }

  function fail(property: string, reason: string): void {
    failures.push({ property, reason });
  }
}

function isOfShape(value: Value, type: TypeExpression): boolean {
  switch (type.kind) {
    case "any":
      return true;
    case "undefined":
      return value === null;
    case "literal":
      return value === type.value;
    case "array":
      return Array.isArray(value);
    case "map":
    case "reference":
      return isObject(value);
    case "union":
      return type.options.some((option) => isOfShape(value, option));
    default:
      return typeof value === type.kind;
  }
}

function describe(type: TypeExpression): string {
  switch (type.kind) {
    case "array":
      return "a list";
    case "map":
    case "reference":
      return "an object";
    case "literal":
      return JSON.stringify(type.value);
    default:
      return `a ${type.kind}`;
  }
}

function advice(name: string, allowed: Members): string {
  const names = [...allowed.keys()].sort();
  const close = names.find((candidate) => distance(candidate.toLowerCase(), name.toLowerCase()) <= 2);
  const shown = names.length > 40 ? `${names.slice(0, 40).join(", ")}, …` : names.join(", ");
  return close ? `did you mean "${close}"? Allowed: ${shown}` : `allowed: ${shown}`;
}

/** Levenshtein distance. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

const brief = (value: Value): string => {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

const join = (path: string, name: string): string => (path === "" ? name : `${path}.${name}`);
