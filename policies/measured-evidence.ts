import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseMeasured } from "../config/measured.ts";
import type { PlatformConfig } from "../config/platform.ts";
import { ageInDays } from "../economics/provenance.ts";

/** How far the declared volume may lie above the measured one: growth since then, and weeks that differ. */
const MAX_ABOVE_MEASURED = 0.2;

/** Files are named from the project's folder, whatever folder the policy process was started in. */
const PROJECT_DIR = resolve(import.meta.dirname, "..");

export interface EvidenceQuestion {
  readonly config: Pick<PlatformConfig, "environment" | "tasks">;
  /** Path of the file from the project's folder. */
  readonly file: string;
  readonly minDays: number;
  /** YYYY-MM-DD. */
  readonly today: string;
}

const count = (value: number): string => Math.round(value).toLocaleString("en-US");

/** Why a measured file does not prove the declared volume; nothing when it does. */
export function measuredGaps({ config, file, minDays, today }: EvidenceQuestion): readonly string[] {
  const path = "breakeven:platform.measured";
  let content: string;
  try {
    content = readFileSync(resolve(PROJECT_DIR, file), "utf8");
  } catch (error) {
    return [
      `${path}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}); write it with breakeven measure`,
    ];
  }
  const parsed = parseMeasured(content);
  if (!parsed.ok) return [`${path}: ${file} ${parsed.reason}`];
  const measured = parsed.value;
  const gaps: string[] = [];
  if (measured.environment !== config.environment)
    gaps.push(`${path}: ${file} is of ${measured.environment}, not of ${config.environment}`);
  if (!measured.complete)
    gaps.push(`${path}: ${file} is incomplete: ${measured.problems.join("; ") || "no reason given"}`);
  if (measured.days < minDays)
    gaps.push(`${path}: ${file} holds ${measured.days} days; at least ${minDays} are needed`);
  if (ageInDays(measured.to, today) < 0)
    gaps.push(`${path}: ${file} ends on ${measured.to}, which lies after ${today}`);
  for (const [name, { selfHosted, requestsPerDay }] of Object.entries(config.tasks)) {
    if (selfHosted.length === 0) continue;
    const found = measured.tasks[name];
    if (found === undefined) gaps.push(`${path}: ${file} has no task ${name}`);
    else if (requestsPerDay > found.requestsPerDay * (1 + MAX_ABOVE_MEASURED))
      gaps.push(
        `breakeven:platform.tasks.${name}.requestsPerDay is ${count(requestsPerDay)} and ${file} measured ${count(found.requestsPerDay)}; at most ${MAX_ABOVE_MEASURED * 100} % above is proven`,
      );
  }
  return gaps;
}
