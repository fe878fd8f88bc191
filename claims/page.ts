import { ARTICLES } from "./articles.ts";
import type { Recomputation, RecomputedClaim } from "./recompute.ts";
import { countsText, figureCells, headline, STACK_HEADER, stackRows, VOLUME_HEADER, volumeRows } from "./text.ts";

const cell = (text: string): string => text.replaceAll("|", "\\|");

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

const claimRow = ({ id, says, published, ours, status, reason }: RecomputedClaim): readonly string[] => [
  id,
  says,
  published,
  ours,
  status === "not reproduced" ? `**${status}**` : status,
  reason,
];

function figuresSection({ id, figures }: RecomputedClaim): string {
  return `### ${id}\n\n${table(["figure", "unit", "published", "ours", "holds"], figures.map(figureCells))}`;
}

/** The text of `docs/sources.md`. */
export function sourcesPage({ contradiction, claims, today }: Recomputation): string {
  const articles = Object.entries(ARTICLES).map(([id, { subject, date }]) => `* ${id}: ${subject} (${date})`);
  return `# Published claims, recomputed

Written by \`npm run generate\`; do not edit. \`npx breakeven sources\` prints it for today's catalogue, \`--json\` for programs;
\`npx breakeven sources S3-4 S4-5\` prints single claims. In JSON a range is \`[low, high]\`.

Five articles give advice on renting or owning. Their claims, in our own words, are recomputed from their own inputs and, where
they speak of the market, from the dated prices and the capacity model of this repository, as of ${today}.

${articles.join("\n")}

## ${headline(contradiction).replace(/\.$/, "")}

${table(VOLUME_HEADER, volumeRows(contradiction))}

Months have 30 days here, as in the articles. None of these volumes holds for anyone else's traffic, models, prices and people.
The plans of this repository, each with its own:

${table(STACK_HEADER, stackRows(contradiction))}

## Claims

${countsText(claims)}

* *Reproduced*: every figure that can be checked comes out within its rounding.
* *Not reproduced*: at least one does not.
* *Not computable*: the claim states nothing that a computation could confirm; what implements it is named.

${table(["id", "claim", "published", "ours", "status", "reason"], claims.map(claimRow))}

## Figures

Every number that was compared. Ranges hold when they meet.

${claims
  .filter(({ figures }) => figures.length > 0)
  .map(figuresSection)
  .join("\n\n")}
`;
}
