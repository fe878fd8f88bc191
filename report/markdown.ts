import type { BillLine } from "../economics/bill.ts";
import { byLabel } from "../economics/bill.ts";
import type { ComparedResults, Results } from "../economics/results.ts";
import type { Change } from "./change.ts";
import { type Report, subjectText } from "./document.ts";
import { type MeasuredTraffic, measuredCells, measuredSpan } from "./measured.ts";
import { compact, compactUsd, counted, percentText, signedUsd, times, usdText } from "./text.ts";
import { isCompared, VERDICTS } from "./verdict.ts";

const SHOWN_LINES = 8;
const MARKS: Readonly<Record<Results["verdict"], string>> = {
  pass: "✅",
  marginal: "⚖️",
  block: "⛔",
  rent: "➡️",
  unpriced: "❓",
};

/** Text that stays text: in a table cell, and in a comment where names could become links, mentions or markup. */
const plain = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]<>|#~]/g, "\\$&")
    .replace(/@(?=\w)/g, "@\u200b")
    .replace(/\s*\n\s*/g, " ");

const table = (columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  [columns, columns.map((_, index) => (index === 0 ? "---" : "---:")), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

function changeText({ base, owningUsdPerMonth, stayingUsdPerMonth, lines }: Change): string {
  const { difference } = owningUsdPerMonth;
  const moves = `**This change ${difference >= 0 ? "costs" : "saves"} ${usdText(Math.abs(difference))} per month** against ${plain(base.file)} of ${base.today} (verdict then: ${VERDICTS[base.verdict].word.toLowerCase()}).`;
  if (lines.length === 0)
    return `**This change costs nothing per month** against ${plain(base.file)} of ${base.today}.`;
  const rows = lines.map(({ label, labelBefore, before, after, difference: moved }) => [
    labelBefore === null ? plain(label) : `${plain(labelBefore)} → ${plain(label)}`,
    usdText(before),
    usdText(after),
    signedUsd(moved),
  ]);
  const total = [
    "**in all**",
    usdText(owningUsdPerMonth.before),
    usdText(owningUsdPerMonth.after),
    `**${signedUsd(difference)}**`,
  ];
  const staying = [
    "staying on the API",
    usdText(stayingUsdPerMonth.before),
    usdText(stayingUsdPerMonth.after),
    signedUsd(stayingUsdPerMonth.difference),
  ];
  return [moves, table(["$/month", "before", "after", "difference"], [...rows, total, staying])].join("\n\n");
}

/** The largest lines, the rest as one, so that the column adds up. */
function billTable({
  usdPerMonth,
  lines,
}: {
  readonly usdPerMonth: number;
  readonly lines: readonly BillLine[];
}): string {
  const sorted = byLabel(lines).toSorted((a, b) => b.usdPerMonth - a.usdPerMonth);
  const rest = sorted.slice(SHOWN_LINES);
  return table(
    ["line", "$/month"],
    [
      ...sorted.slice(0, SHOWN_LINES).map((line) => [plain(line.label), usdText(line.usdPerMonth)]),
      ...(rest.length === 0
        ? []
        : [[counted(rest.length, "smaller line"), usdText(rest.reduce((sum, line) => sum + line.usdPerMonth, 0))]]),
      ["**in all**", `**${usdText(usdPerMonth)}**`],
    ],
  );
}

function comparedText(results: ComparedResults): readonly string[] {
  const { owning, staying, savingUsdPerMonth, risk, breakEven, utilization, terms, worstCaseUsdPerMonth } = results;
  const meets = breakEven.reached
    ? `${times(breakEven.volume)} this traffic (${compact(breakEven.requestsPerDay)} requests/day)`
    : "at no volume of this plan";
  const figures = table(
    [`mean of ${counted(terms.horizonMonths, "month")}`, ""],
    [
      ["owning", `${usdText(owning.usdPerMonth)}/month`],
      [`staying on the API (${terms.baseline})`, `${usdText(staying.usdPerMonth)}/month`],
      [
        savingUsdPerMonth >= 0 ? "**owning saves**" : "**owning costs more**",
        `**${usdText(Math.abs(savingUsdPerMonth))}/month**`,
      ],
      [
        "saving in eight of ten draws",
        `${compactUsd(risk.savingUsdPerMonth.p10)} to ${compactUsd(risk.savingUsdPerMonth.p90)}`,
      ],
      [
        "owning is cheaper in",
        `${percentText(risk.probabilityOwningIsCheaper)} of ${risk.draws.toLocaleString("en-US")} draws`,
      ],
      ["break-even", meets],
      ["fleet in use", percentText(utilization)],
      ["worst case, every pool at its maximum", `${usdText(worstCaseUsdPerMonth)}/month`],
    ],
  );
  const [oldest] = results.prices.toSorted((a, b) => b.ageDays - a.ageDays);
  const evidence = results.evidence.map(({ task, model, text }) => `- ${plain(`${task} on ${model}: ${text}`)}`);
  return [
    figures,
    `<details><summary>The bill</summary>\n\n${billTable(owning)}\n\n</details>`,
    `<details><summary>Evidence</summary>\n\n${[...evidence, ...(oldest === undefined ? [] : [`- ${counted(results.prices.length, "price")}, the oldest ${counted(oldest.ageDays, "day")} old: ${plain(oldest.label)}, ${oldest.date}`])].join("\n")}\n\n</details>`,
  ];
}

function measuredTable(traffic: MeasuredTraffic): string {
  const rows = traffic.rows.map((row) => [plain(`${row.task}, ${row.quantity}`), ...measuredCells(row)]);
  return [`Measured ${plain(measuredSpan(traffic))}`, table(["", "forecast", "measured", "of forecast"], rows)].join(
    "\n\n",
  );
}

/** The report as a comment on a pull request: the change first, then the verdict and what it rests on. */
export function reportMarkdown({ subject, results, differences, measured, change }: Report): string {
  const { word } = VERDICTS[results.verdict];
  const parts = [
    `### ${MARKS[results.verdict]} ${word}: ${plain(results.sentence)}`,
    `${plain(subjectText(subject))}, prices and traffic of ${results.today}`,
    ...(change === null ? [] : [changeText(change)]),
    ...(isCompared(results) ? comparedText(results) : []),
    ...(results.verdict === "rent" ? [billTable(results.staying)] : []),
    ...(results.verdict === "unpriced"
      ? [results.missing.map(({ resource, reason }) => `- **${plain(resource)}**: ${plain(reason)}`).join("\n")]
      : []),
    ...(measured === null ? [] : [measuredTable(measured)]),
    ...(differences.length === 0
      ? []
      : [["**Planned otherwise than declared:**", ...differences.map((text) => `- ${plain(text)}`)].join("\n")]),
  ];
  return `${parts.join("\n\n")}\n`;
}
