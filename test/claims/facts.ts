import { loadCatalog } from "../../catalog/load.ts";
import type { Facts } from "../../claims/claim.ts";
import { type RecomputedClaim, recompute } from "../../claims/recompute.ts";
import { committedStacks, PAGE_DAY } from "../../cli/committed-stacks.ts";

export const facts: Facts = { catalog: loadCatalog(), today: PAGE_DAY, stacks: committedStacks(PAGE_DAY) };

export const result = recompute(facts);

/** One claim recomputed from the committed facts, or from others. */
export function claim(id: string, from?: Facts): RecomputedClaim {
  const { claims } = from === undefined ? result : recompute(from);
  const found = claims.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no claim ${id}`);
  return found;
}
