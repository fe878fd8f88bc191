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
  return checkMembers(inputs, members, "");

  function checkMembers(value: Properties, allowed: Members, path: string): Failure[] {
    const owner = path === "" ? subject : path;
    const given = Object.entries(value).flatMap(([name, item]) => {
      const member = allowed.get(name);
      const property = join(path, name);
      if (member) return checkValue(item, member.type, property);
      const reason = `${owner} has no property "${name}" (given: ${brief(item)}); ${advice(name, allowed)}`;
      return [{ property, reason }];
    });
    const missing = [...allowed]
      .filter(([name, { isOptional, type }]) => !isOptional && !allowsUndefined(type) && isAbsent(value[name]))
      .map(([name]) => ({ property: join(path, name), reason: `${owner} lacks the required property "${name}"` }));
    return [...given, ...missing];
  }

  function checkValue(value: Value, type: TypeExpression, path: string): Failure[] {
    if (value === null || isUnknown(value) || isMarked(value)) return [];
    const options = optionsOf(type);
    const fitting = options.filter((option) => isOfShape(value, option));
    if (fitting.length === 0) {
      const reason = `${path} must be ${options.map(describe).join(" or ")}, not ${brief(value)}`;
      return [{ property: path, reason }];
    }
    // A union of objects fits when one of them does; otherwise the closest one explains best.
    const problems = fitting.map((option) => checkInside(value, option, path));
    return problems.reduce((fewest, candidate) => (candidate.length < fewest.length ? candidate : fewest));
  }

  function checkInside(value: Value, type: TypeExpression, path: string): Failure[] {
    if (type.kind === "array") {
      return (value as Value[]).flatMap((item, index) => checkValue(item, type.item, `${path}[${index}]`));
    }
    if (type.kind === "map") {
      return Object.entries(value as Properties).flatMap(([key, item]) => checkValue(item, type.item, join(path, key)));
    }
    const nested = type.kind === "reference" && sdk.members(type);
    return nested ? checkMembers(value as Properties, nested, path) : [];
  }
}

const isAbsent = (value: Value | undefined): boolean => value === undefined || value === null;

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
