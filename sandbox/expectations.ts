/** What the committed stacks must show, and whether an outcome shows it. */

import { stripVTControlCharacters as plain } from "node:util";
import type { Outcome } from "./outcome.ts";

export interface Expectation {
  stack: string;
  /** The policy that must block the stack; absent where the preview must pass. */
  blockedBy?: string;
  /** What the stack demonstrates. */
  shows: string;
}

export const EXPECTATIONS: readonly Expectation[] = [
  { stack: "dev", shows: "an environment that stays on the API" },
  { stack: "prod", shows: "a load at which owning is cheaper" },
  { stack: "overbuilt", blockedBy: "cheaper-than-api", shows: "the same load on three times the fleet" },
];

/** Stands for the keys that a team sets as secrets; the committed files have none. */
export const CONFIG: readonly string[] = ["anthropic", "openai"].map(
  (provider) => `breakeven:apiKeys.${provider}=sandbox-placeholder`,
);

export interface Judgement {
  stack: string;
  /** `pass` or `blocked by cheaper-than-api` */
  expected: string;
  got: string;
  isAsExpected: boolean;
  seconds: number;
}

/** Compares an outcome with what was expected. A stack that fails for any other reason counts as not blocked. */
export function judge(expectation: Expectation, outcome: Outcome): Judgement {
  const blockers = new Set(outcome.violations.filter((v) => v.enforcement === "mandatory").map((v) => v.policy));
  const got = {
    ok: "pass",
    blocked: `blocked by ${[...blockers].join(", ")}`,
    failed: `failed: ${brief(outcome.errors[0])}`,
  }[outcome.verdict];
  const { stack, blockedBy } = expectation;
  return {
    stack,
    expected: blockedBy === undefined ? "pass" : `blocked by ${blockedBy}`,
    got,
    isAsExpected:
      blockedBy === undefined ? outcome.verdict === "ok" : outcome.verdict === "blocked" && blockers.has(blockedBy),
    seconds: outcome.seconds,
  };
}

const brief = (error = "no reason given"): string => {
  const line = error.split("\n")[0] ?? "";
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
};

/** One part of the engine's text, such as `Policies`; empty when there is none. */
export function section(text: string, title: "Policies" | "Diagnostics"): string {
  const lines = text.split("\n");
  const titles = lines.map((line) => /^(Policies|Diagnostics|Outputs|Resources|Duration):/.exec(plain(line))?.[1]);
  const start = titles.indexOf(title);
  if (start < 0) return "";
  const end = titles.findIndex((found, index) => index > start && found !== undefined);
  return lines
    .slice(start, end < 0 ? undefined : end)
    .join("\n")
    .trimEnd();
}

/** The judgements as lines of a table. */
export function judgementTable(judgements: readonly Judgement[]): string {
  const rows = [
    ["", "stack", "expected", "got", "seconds"],
    ...judgements.map(({ isAsExpected, stack, expected, got, seconds }) => {
      return [isAsExpected ? "✔" : "✘", stack, expected, got, seconds.toFixed(1)];
    }),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
