import type { z } from "zod";

export const CONFIG_KEY = "breakeven:platform";

/** One thing that is wrong: where, what was given, what is allowed and how to mend it. */
export interface ConfigProblem {
  /** Path below `breakeven:platform`, e.g. `pools.h100.minNodes`. */
  readonly path: string;
  readonly message: string;
}

export const pathOf = (path: readonly PropertyKey[]): string =>
  path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? String(part) : `.${String(part)}`))
    .join("");

/** `breakeven:platform.pools.h100.minNodes: …` */
export const formatProblem = ({ path, message }: ConfigProblem): string =>
  `${CONFIG_KEY}${path === "" ? "" : `.${path}`}: ${message}`;

const MAX_SHOWN = 60;

/** The value as a reader of the stack file would recognise it. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const json = JSON.stringify(value) ?? String(value);
  return json.length > MAX_SHOWN ? `${json.slice(0, MAX_SHOWN)}…` : json;
}

type Issue = z.core.$ZodIssue;

const list = (values: readonly unknown[]): string => values.map((value) => JSON.stringify(value)).join(", ");

function limit(issue: Issue & { code: "too_small" | "too_big" }): string {
  const [bound, word] = issue.code === "too_small" ? [issue.minimum, "at least"] : [issue.maximum, "at most"];
  const strict = issue.inclusive === false ? (issue.code === "too_small" ? "more than" : "less than") : word;
  if (issue.origin === "string") return `text of ${strict} ${bound} characters`;
  if (issue.origin === "array") return `${strict} ${bound} entries`;
  return `${strict} ${bound}`;
}

function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return `expected ${issue.expected}`;
    case "invalid_value":
      return `expected ${issue.values.length > 1 ? "one of " : ""}${list(issue.values)}`;
    case "too_small":
    case "too_big":
      return `expected ${limit(issue)}`;
    case "invalid_format":
      return issue.format === "regex"
        ? `expected text that matches ${issue.pattern}`
        : `expected a valid ${issue.format === "date" ? "date (YYYY-MM-DD)" : issue.format}`;
    case "invalid_union":
      return "discriminator" in issue && issue.discriminator !== undefined
        ? `expected a known ${issue.discriminator}`
        : "fits none of the allowed forms";
    default:
      return issue.message;
  }
}

/** Turns one zod issue into problems; an object with several unknown keys has several. */
export function problemsOf(
  issue: Issue,
  options: Readonly<Record<string, readonly string[]>>,
): readonly ConfigProblem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: pathOf([...issue.path, key]),
      message: "is not a known key; remove it or correct its spelling",
    }));
  }
  if (issue.code === "invalid_key") {
    return [
      {
        path: pathOf(issue.path),
        message: "is not an allowed name; use at most 30 lower-case letters, digits and dashes, starting with a letter",
      },
    ];
  }
  if (issue.code === "invalid_union" && "discriminator" in issue && issue.discriminator !== undefined) {
    const given = (issue.input as Record<string, unknown> | undefined)?.[issue.discriminator];
    const allowed = options[issue.path.at(-1)?.toString() ?? ""];
    const hint = allowed === undefined ? "expected a known kind" : `expected one of ${list(allowed)}`;
    const path = issue.path.at(-1) === issue.discriminator ? issue.path : [...issue.path, issue.discriminator];
    return [
      {
        path: pathOf(path),
        message: `${given === undefined ? "is missing" : `${shown(given)} is not allowed`}; ${hint}`,
      },
    ];
  }
  if (issue.input === undefined) return [{ path: pathOf(issue.path), message: `is missing; ${expectation(issue)}` }];
  return [{ path: pathOf(issue.path), message: `${shown(issue.input)} is not allowed; ${expectation(issue)}` }];
}
