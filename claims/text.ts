import { multipleText, wrapped } from "../economics/format.ts";
import { type Figure, STATUSES, type Status } from "./claim.ts";
import type { Contradiction } from "./contradiction.ts";
import { amountText, exactText, rangeText } from "./number-text.ts";
import { countOf, type Recomputation, type RecomputedClaim } from "./recompute.ts";

export const TABLE_COLUMNS = 118;
const GAP = "  ";
const CLAIM_WIDTHS = [4, 14, 46, 22, 24] as const;
/** Reasons stand under their claim, right of id and status. */
const REASON_INDENT = CLAIM_WIDTHS[0] + CLAIM_WIDTHS[1] + 2 * GAP.length;

/** Paints a status; the identity where colours are off. */
export type Paint = (status: Status, text: string) => string;
const unpainted: Paint = (_, text) => text;

/** Rows of cells as lines; cells wrap within their column, so one row may take several lines. */
function tableLines(rows: readonly (readonly string[])[], widths: readonly number[]): readonly string[] {
  return rows.flatMap((row) => {
    const cells = row.map((cell, column) => wrapped(cell, widths[column] as number, 0));
    const height = Math.max(...cells.map(({ length }) => length));
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((lines, column) => (lines[line] ?? "").padEnd(widths[column] as number))
        .join(GAP)
        .trimEnd(),
    );
  });
}

/** The headline in one sentence. */
export function headline({ claims, factor }: Contradiction): string {
  const volumes = claims.flatMap(({ published }) => published);
  const range = rangeText([Math.min(...volumes), Math.max(...volumes)]);
  return `From which volume does owning pay? ${claims.length} published answers, ${range} M tokens a day: a factor of ${Math.round(factor)}.`;
}

export const VOLUME_HEADER = ["claim", "says, M tokens/day", "its own inputs give", "how"] as const;
export const volumeRows = ({ claims }: Contradiction): readonly (readonly string[])[] =>
  claims.map(({ id, published, ownInputs, basis }) => [
    id,
    rangeText(published),
    ownInputs === undefined ? "no inputs" : rangeText(ownInputs),
    basis,
  ]);

export const STACK_HEADER = [
  "plan of this repository",
  "its traffic, M tokens/day",
  "breaks even, M tokens/day",
] as const;
export const stackRows = ({ stacks }: Contradiction): readonly (readonly string[])[] =>
  stacks.map(({ file, tokensPerDay, breakEvenTokensPerDay: at }) => [
    file,
    amountText(tokensPerDay),
    at === undefined ? "at no volume" : `${amountText(at)}, ${multipleText(at / tokensPerDay)} its traffic`,
  ]);

export const countsText = (claims: readonly RecomputedClaim[]): string =>
  `${claims.length} claims: ${STATUSES.map((status) => `${countOf(claims, status)} ${status}`).join(", ")}.`;

export const figureCells = ({ what, unit, published, ours, holds }: Figure): readonly string[] => [
  what,
  unit,
  rangeText(published, exactText),
  ours === undefined ? "not in the catalogue" : rangeText(ours, exactText),
  holds === undefined ? "–" : holds ? "yes" : "no",
];

function claimLines(claim: RecomputedClaim, paint: Paint): readonly string[] {
  const { id, status, says, published, ours, reason } = claim;
  const [first = "", ...rest] = tableLines([[id, status, says, published, ours]], CLAIM_WIDTHS);
  const indent = " ".repeat(REASON_INDENT);
  return [
    first.replace(status, paint(status, status)),
    ...rest,
    ...wrapped(indent + reason, TABLE_COLUMNS, REASON_INDENT),
  ];
}

/** The claims as a table for people. */
export function claimsText(claims: readonly RecomputedClaim[], paint: Paint = unpainted): string {
  const header = tableLines([["id", "status", "claim", "published", "ours"]], CLAIM_WIDTHS);
  return [...header, "-".repeat(TABLE_COLUMNS), ...claims.flatMap((claim) => [...claimLines(claim, paint), ""])]
    .join("\n")
    .trimEnd();
}

/** The contradiction first, then every claim. */
export function recomputationText({ contradiction, claims, today }: Recomputation, paint: Paint = unpainted): string {
  return [
    headline(contradiction),
    "",
    ...tableLines([VOLUME_HEADER, ...volumeRows(contradiction)], [6, 20, 21, 62]),
    "",
    ...tableLines([STACK_HEADER, ...stackRows(contradiction)], [34, 26, 50]),
    "",
    countsText(claims),
    `Recomputed from their own inputs and the catalogue's prices on ${today}.`,
    "",
    claimsText(claims, paint),
  ].join("\n");
}
