import { POOL_BEHAVIOR } from "../economics/assumptions.ts";
import type { Catalog } from "../economics/catalog.ts";
import { modelStart } from "./model-start.ts";
import type { WellFormedParts } from "./parse.ts";
import type { ConfigProblem } from "./problems.ts";
import { problemsOfEach } from "./problems-of-each.ts";
import { isScaled } from "./scaling.ts";
import { containerSeconds, coolDownSeconds, startUpText } from "./start-up.ts";

/**
 * Whether every start fits what waits for it. A probe that is too short kills a replica that was about to answer; a
 * cool-down shorter than a start takes a replica away before it has paid for itself, and the next request starts it again.
 */
export function checkTimeBudget(parts: WellFormedParts, catalog: Catalog): readonly ConfigProblem[] {
  const { cluster, pools } = parts;
  return problemsOfEach("models", parts.models, (model, { path, add }) => {
    const pool = pools[model.pool];
    const start = pool === undefined ? undefined : modelStart(model, pool, catalog);
    if (pool === undefined || start === undefined) return;
    const assumed = `pools.${model.pool}.startUp says how long each step takes`;
    const inside = containerSeconds(start);
    const probe = model.startupProbeSeconds;
    if (probe !== undefined && probe < inside)
      add(
        "startupProbeSeconds",
        `${probe} s is ${inside - probe} s short of a start: weights ${start.weights} s + compile ${start.compile} s = ${inside} s; raise it or leave it out (${assumed})`,
      );
    if (model.replicas.min > 0 || cluster === undefined || !isScaled({ cluster, pools }, model.pool)) return;
    // The default gives way to a longer start; what is stated has to fit.
    const stated = pool.coolDownMinutes * 60;
    const short = coolDownSeconds(pool, start) - stated;
    if (short > 0 && pool.coolDownMinutes !== POOL_BEHAVIOR.coolDownMinutes)
      add(
        "replicas.min",
        `is 0 and pools.${model.pool}.coolDownMinutes (${pool.coolDownMinutes}) is ${short} s short of a start and an empty node's 300 s: ${startUpText(start)}; raise it to ${Math.ceil((stated + short) / 60)}, or keep ${path}.replicas.min at 1 (${assumed})`,
      );
  });
}
