/** Finds or makes the Pulumi engine that previews run on. */

import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { buildEngine, cachedEngine, downloadEngine, installedEngine } from "./engine-sources.ts";
import { type Log, logToStderr } from "./progress.ts";

/** The engine, or why this source has none. */
export type Obtained = { ok: true; command: PulumiCommand } | { ok: false; reason: string };

export interface EngineSource {
  name: string;
  obtain(log: Log): Promise<Obtained>;
}

/** Cheapest first: installed on this machine, made earlier, official download, built from the pinned Go module. */
export const ENGINE_SOURCES: readonly EngineSource[] = [
  { name: "installed", obtain: installedEngine },
  { name: "cached", obtain: cachedEngine },
  { name: "download", obtain: downloadEngine },
  { name: "build", obtain: buildEngine },
];

/** No source has an engine. */
export class EngineUnavailableError extends Error {
  constructor(reasons: string[]) {
    super(
      [
        "no Pulumi engine of version 3.250.0 or newer is available:",
        ...reasons.map((reason) => `  - ${reason}`),
        "Do one of these, then run the command again:",
        "  1. install Pulumi 3.250.0 or newer and put it on PATH (or name the executable in BREAKEVEN_PULUMI)",
        "  2. allow this machine to reach the internet, so that the official release can be downloaded",
        "  3. install Go 1.25 or newer, so that the engine can be built from its pinned module",
      ].join("\n"),
    );
    this.name = "EngineUnavailableError";
  }
}

/** The engine of the first source that has one. Throws EngineUnavailableError when none has. */
export async function obtainEngine({
  log = logToStderr,
  sources = ENGINE_SOURCES,
}: {
  log?: Log;
  sources?: readonly EngineSource[];
} = {}): Promise<PulumiCommand> {
  const reasons: string[] = [];
  for (const source of sources) {
    const obtained = await source.obtain(log);
    if (obtained.ok) return obtained.command;
    reasons.push(`${source.name}: ${obtained.reason}`);
  }
  throw new EngineUnavailableError(reasons);
}
