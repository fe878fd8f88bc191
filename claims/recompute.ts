import { ARCHITECTURE_CLAIMS } from "./architecture.ts";
import { ARTICLES } from "./articles.ts";
import { BREAK_EVEN_CLAIMS } from "./break-even-claims.ts";
import type { Claim, Facts, Finding, Status } from "./claim.ts";
import { type Contradiction, contradiction } from "./contradiction.ts";
import { HARDWARE_CLAIMS } from "./hardware.ts";
import { OWNERSHIP_CLAIMS } from "./ownership.ts";
import { PRICE_CLAIMS } from "./prices.ts";

/** Every claim, by article and number. */
export const CLAIMS: readonly Claim[] = [
  ...PRICE_CLAIMS,
  ...HARDWARE_CLAIMS,
  ...OWNERSHIP_CLAIMS,
  ...BREAK_EVEN_CLAIMS,
  ...ARCHITECTURE_CLAIMS,
].toSorted((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));

/** A claim with what recomputing it gave. */
export interface RecomputedClaim extends Finding {
  readonly id: Claim["id"];
  readonly says: string;
}

/** All claims recomputed on one day. */
export interface Recomputation {
  readonly today: string;
  readonly articles: typeof ARTICLES;
  readonly contradiction: Contradiction;
  readonly claims: readonly RecomputedClaim[];
}

export function recompute(facts: Facts): Recomputation {
  const claims = CLAIMS.map(({ id, says, ...claim }) => ({ id, says, ...claim.recompute(facts) }));
  return { today: facts.today, articles: ARTICLES, contradiction: contradiction(facts), claims };
}

export const countOf = (claims: readonly RecomputedClaim[], status: Status): number =>
  claims.filter((claim) => claim.status === status).length;
