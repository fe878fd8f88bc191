import { type MeasuredTraffic, measuredCells, measuredSpan } from "../measured.ts";
import { html, type Markup } from "./html.ts";
import { table } from "./tables.ts";

/** Forecast beside measured traffic. */
export const measuredSection = (traffic: MeasuredTraffic): Markup =>
  html`<section id="measured" aria-labelledby="measured-title">
<h2 id="measured-title">Forecast and measured</h2>
<p class="caption">${measuredSpan(traffic)}</p>
${table(
  "Forecast beside measured traffic",
  [
    { heading: "task" },
    { heading: "quantity" },
    { heading: "forecast", isFigure: true },
    { heading: "measured", isFigure: true },
    { heading: "of forecast", isFigure: true },
  ],
  traffic.rows.map((row) => [row.task, row.quantity, ...measuredCells(row)]),
)}
</section>`;
