import { styleText } from "node:util";
import { loadCatalog } from "../catalog/load.ts";
import { nearestNames } from "../catalog/nearest.ts";
import type { Status } from "../claims/claim.ts";
import { CLAIMS, type Recomputation, type RecomputedClaim, recompute } from "../claims/recompute.ts";
import { claimsText, type Paint, recomputationText } from "../claims/text.ts";
import { type Command, parsedArgs, UsageError } from "./command.ts";
import { committedStacks } from "./committed-stacks.ts";
import { dayOf } from "./day.ts";

const HELP = `What five published articles claim about renting and owning, recomputed from their own inputs.

Usage: breakeven sources [id ...] [options]

  id             claims to show, e.g. S3-4; all of them, and how they contradict each other, when left out

Options:
  --today DATE   day of the prices, YYYY-MM-DD (default: the clock's)
  --json         print JSON
  --help

Exit status: 0 printed, 1 a committed stack file could not be read, 2 wrong usage. docs/sources.md is the same as a page.
`;

const COLORS = { reproduced: "green", "not reproduced": "red", "not computable": "yellow" } as const;
/** Colours are off without a terminal and with NO_COLOR. */
const paint: Paint = (status: Status, text) => styleText(COLORS[status], text, { stream: process.stdout });

/** Claims by id, in any case of the letters. */
function chosen(claims: readonly RecomputedClaim[], ids: readonly string[]): readonly RecomputedClaim[] {
  const wanted = new Set(ids.map((id) => id.toUpperCase()));
  return claims.filter(({ id }) => wanted.has(id));
}

function refuseUnknown(ids: readonly string[]): void {
  const known = CLAIMS.map(({ id }) => id as string);
  const problems = ids
    .filter((id) => !known.includes(id.toUpperCase()))
    .map((id) => {
      const near = nearestNames(
        id,
        known.map((name) => [name]),
      );
      return `unknown claim "${id}"${near.length === 0 ? "" : `; nearest known: ${near.join(", ")}`}`;
    });
  if (problems.length > 0) throw new UsageError(`${problems.join("\n  ")}\n  breakeven sources lists all of them`);
}

function asJson({ today, articles, contradiction, claims }: Recomputation, ids: readonly string[]): object {
  const base = { schema: "breakeven/sources/v1", today };
  return ids.length > 0 ? { ...base, claims: chosen(claims, ids) } : { ...base, articles, contradiction, claims };
}

const options = (args: readonly string[]) =>
  parsedArgs({
    args: [...args],
    allowPositionals: true,
    options: { today: { type: "string" }, json: { type: "boolean" }, help: { type: "boolean" } },
  });

/** `breakeven sources` */
export const sources: Command = {
  summary: "what published articles claim, recomputed",
  async run(args) {
    const { values, positionals: ids } = options(args);
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    refuseUnknown(ids);
    const today = dayOf(values.today);
    const result = recompute({ catalog: loadCatalog(), today, stacks: committedStacks(today) });
    const text = () =>
      ids.length > 0 ? claimsText(chosen(result.claims, ids), paint) : recomputationText(result, paint);
    process.stdout.write(`${values.json ? JSON.stringify(asJson(result, ids), null, 2) : text()}\n`);
    return 0;
  },
};
