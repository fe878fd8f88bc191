import { type PolicyResource, UnknownValueError } from "@pulumi/policy";

/** A property as the plan has it, or why it cannot be read. */
export type Reading<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

/** The part of a planned resource that adapters look at; tests make their own. */
export type PlannedResource = Pick<PolicyResource, "type" | "name" | "urn" | "props"> & {
  readonly provider?: { readonly props: Record<string, unknown> } | undefined;
  readonly propertyDependencies: Record<string, readonly PlannedResource[]>;
};

/**
 * Every read of a property goes through here. The policy SDK turns an unknown value read by a mandatory policy into an
 * advisory, so that an unknown price would pass; here it becomes a reason to block.
 */
export function read<T>(pick: () => T): Reading<T> {
  try {
    return { ok: true, value: plain(pick()) as T };
  } catch (error) {
    if (error instanceof UnknownValueError)
      return { ok: false, reason: `${(error as Error).message}; give a plain value` };
    throw error;
  }
}

/** A deep copy without the SDK's proxies. Throws on the first unknown value in it. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

const problem = <T>(property: string, value: unknown, expected: string): Reading<T> => ({
  ok: false,
  reason: `${property} is ${value === undefined ? "not set" : JSON.stringify(value)}; expected ${expected}`,
});

/** A number of the plan; missing or of another type is a reason to block, never zero. */
export function readNumber(property: string, pick: () => unknown, fallback?: number): Reading<number> {
  const reading = read(pick);
  if (!reading.ok) return { ok: false, reason: `${property}: ${reading.reason}` };
  const value = reading.value ?? fallback;
  return typeof value === "number" && Number.isFinite(value)
    ? { ok: true, value }
    : problem(property, value, "a number");
}

/** A text of the plan, with the same strictness. */
export function readText(property: string, pick: () => unknown, fallback?: string): Reading<string> {
  const reading = read(pick);
  if (!reading.ok) return { ok: false, reason: `${property}: ${reading.reason}` };
  const value = reading.value ?? fallback;
  return typeof value === "string" && value !== "" ? { ok: true, value } : problem(property, value, "text");
}

/** Length of a list whose entries may be unknown. */
export function readLength(property: string, pick: () => unknown): Reading<number> {
  try {
    const value = pick();
    return Array.isArray(value) ? { ok: true, value: value.length } : problem(property, value, "a list");
  } catch (error) {
    if (error instanceof UnknownValueError)
      return { ok: false, reason: `${property}: ${(error as Error).message}; give a plain value` };
    throw error;
  }
}

/** The first reason among readings, if any could not be read. */
export function firstReason(...readings: readonly Reading<unknown>[]): string | undefined {
  for (const reading of readings) if (!reading.ok) return reading.reason;
  return undefined;
}
