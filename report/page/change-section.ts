import type { Change } from "../change.ts";
import { signedUsd, usdText } from "../text.ts";
import { html, type Markup } from "./html.ts";
import { table } from "./tables.ts";

/** What changed since the base report. */
export function changeSection({ base, owningUsdPerMonth, stayingUsdPerMonth, lines }: Change): Markup {
  const columns = [
    { heading: "line" },
    { heading: "before, $/month", isFigure: true },
    { heading: "after, $/month", isFigure: true },
    { heading: "difference", isFigure: true },
  ];
  const row = (label: string, { before, after, difference }: Change["owningUsdPerMonth"]) => [
    label,
    usdText(before),
    usdText(after),
    signedUsd(difference),
  ];
  return html`<section id="change" aria-labelledby="change-title">
<h2 id="change-title">What this change costs</h2>
<p class="caption">Against ${base.file} of ${base.today}: owning ${signedUsd(owningUsdPerMonth.difference)} a month, staying ${signedUsd(stayingUsdPerMonth.difference)}.</p>
${table(
  "Owning, line by line",
  columns,
  lines.map((line) => row(line.labelBefore === null ? line.label : `${line.label} (was ${line.labelBefore})`, line)),
  row("in all", owningUsdPerMonth),
)}
</section>`;
}
