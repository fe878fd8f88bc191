/** Property values as they travel between the engine and a provider, and the few marks among them. */

import { createHash } from "node:crypto";

export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Properties = { [key: string]: Value };

/** What the engine sends and accepts for "not known before the update". */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Present in an object that stands for an asset, an archive, a secret or a reference. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

export const isUnknown = (value: Value | undefined): boolean => value === UNKNOWN;

/** An asset, archive or other marked object: opaque here. */
export const isMarked = (value: Value): boolean => isObject(value) && SIGNATURE in value;

export const isObject = (value: Value | undefined): value is Properties =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const containsUnknown = (value: Value | undefined): boolean => {
  if (isUnknown(value)) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isObject(value) && Object.values(value).some(containsUnknown);
};

/** Deep equality, blind to key order. */
export const isSame = (left: Value | undefined, right: Value | undefined): boolean => {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => isSame(item, right[index]));
  }
  if (isObject(left) && isObject(right)) {
    const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...keys].every((key) => isSame(left[key], right[key]));
  }
  return (left ?? null) === (right ?? null);
};

/** `length` hexadecimal digits that depend on `seed` alone, so a second run invents the same ids. */
export const hexDigits = (seed: string, length: number): string => {
  let digits = "";
  for (let block = 0; digits.length < length; block++) {
    digits += createHash("sha256").update(`${block}:${seed}`).digest("hex");
  }
  return digits.slice(0, length);
};

/** A whole number in [0, `limit`) that depends on `seed` alone. */
export const pick = (seed: string, limit: number): number => Number.parseInt(hexDigits(seed, 12), 16) % limit;
