import { type BillLine, COST_CATEGORIES } from "../../economics/bill.ts";
import type { ComparedResults } from "../../economics/results.ts";
import { CHARTS } from "../charts/charts.ts";
import type { ChartName } from "../charts/names.ts";
import { compact, compactUsd, monthText, percentText, signedUsd, times, usdText } from "../text.ts";
import { html, Markup } from "./html.ts";
import { folded, table, USD } from "./tables.ts";

/** Markup of a chart's images, or nothing where the browser draws them itself. */
export type Draw = (name: ChartName) => string;

const billRows = (lines: readonly BillLine[]): readonly (readonly string[])[] =>
  lines.map(({ label, category, drain, usdPerMonth }) => [label, drain ?? category, usdText(usdPerMonth)]);

/** The figures behind each chart. */
const TABLES: Readonly<Record<ChartName, (results: ComparedResults) => Markup>> = {
  bill: ({ owning, staying }) => {
    const columns = [{ heading: "line" }, { heading: "kind" }, USD];
    return html`${table("Owning, line by line", columns, billRows(owning.lines), ["in all", "", usdText(owning.usdPerMonth)])}
${table("Staying on the API", columns, billRows(staying.lines), ["in all", "", usdText(staying.usdPerMonth)])}`;
  },
  volume: ({ volumeCurve }) =>
    table(
      "Cost by volume",
      [
        { heading: "× this traffic" },
        { heading: "requests/day", isFigure: true },
        { heading: "owning, $/month", isFigure: true },
        { heading: "staying, $/month", isFigure: true },
        { heading: "fleet in use", isFigure: true },
      ],
      volumeCurve.map((point) => [
        times(point.volume),
        compact(point.requestsPerDay),
        usdText(point.owningUsdPerMonth),
        usdText(point.stayingUsdPerMonth),
        percentText(point.utilization),
      ]),
    ),
  week: ({ weeks }) =>
    html`${weeks.map((week) =>
      table(
        `${week.model}: the busiest week by day, UTC`,
        [
          { heading: "day" },
          { heading: "requests", isFigure: true },
          { heading: "peak hour", isFigure: true },
          { heading: "served", isFigure: true },
          { heading: "capacity", isFigure: true },
        ],
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"].map((day, index) => {
          const of = (values: readonly number[]) => values.slice(index * 24, index * 24 + 24);
          const sum = (values: readonly number[]) => of(values).reduce((total, value) => total + value, 0);
          return [
            day,
            compact(sum(week.demand)),
            compact(Math.max(...of(week.demand))),
            compact(sum(week.served)),
            compact(sum(week.capacity)),
          ];
        }),
      ),
    )}`,
  months: ({ months }) =>
    table(
      "Month by month, US dollars",
      [
        { heading: "month" },
        { heading: "owning", isFigure: true },
        { heading: "10 to 90 %", isFigure: true },
        { heading: "staying", isFigure: true },
        { heading: "10 to 90 %", isFigure: true },
        { heading: "saved so far", isFigure: true },
        { heading: "10 to 90 %", isFigure: true },
      ],
      months.map(({ date, owningUsd, stayingUsd, cumulativeSavingUsd, owning, staying, cumulativeSaving }) => [
        monthText(date),
        usdText(owningUsd),
        band(owning),
        usdText(stayingUsd),
        band(staying),
        signedUsd(cumulativeSavingUsd),
        band(cumulativeSaving),
      ]),
    ),
  tornado: ({ tornado }) =>
    table(
      "Saving at both ends of each input",
      [
        { heading: "input" },
        { heading: "low end" },
        { heading: "saving, $/month", isFigure: true },
        { heading: "high end" },
        { heading: "saving, $/month", isFigure: true },
        { heading: "turns the verdict" },
      ],
      tornado.map((bar) => [
        bar.label,
        bar.low,
        signedUsd(bar.savingLowUsdPerMonth),
        bar.high,
        signedUsd(bar.savingHighUsdPerMonth),
        bar.flips ? "yes" : "no",
      ]),
    ),
};

const band = ({ p10, p90 }: { readonly p10: number; readonly p90: number }): string =>
  `${compactUsd(p10)} to ${compactUsd(p90)}`;

type Entry = readonly [color: string, text: string];

const CATEGORIES: Readonly<Record<BillLine["category"], Entry>> = {
  gpu: ["own", "GPUs"],
  api: ["stay", "API"],
  people: ["people", "people"],
  platform: ["platform", "platform"],
  failures: ["bad", "failed answers"],
};

/** What colours stand for, where a chart does not say it beside its lines. */
const LEGENDS: Partial<Readonly<Record<ChartName, (results: ComparedResults) => readonly Entry[]>>> = {
  bill: ({ owning }) =>
    COST_CATEGORIES.filter((category) => owning.lines.some((line) => line.category === category)).map(
      (category) => CATEGORIES[category],
    ),
  week: () => [
    ["own", "answered by own replicas"],
    ["stay", "not answered by them"],
    ["ink", "capacity of the running replicas"],
  ],
  tornado: () => [
    ["low", "input at its low end"],
    ["high", "input at its high end"],
  ],
};

const legend = (entries: readonly Entry[]): Markup | false =>
  entries.length > 0 &&
  html`<ul class="legend">${entries.map(([color, text]) => html`<li><i style="background:var(--${color})"></i>${text}</li>`)}</ul>`;

/** One chart with its sentence, its images and its figures. */
export function chartSection(name: ChartName, results: ComparedResults, draw: Draw): Markup {
  const { title, caption } = CHARTS[name];
  return html`<section id="${name}" aria-labelledby="${name}-title">
<h2 id="${name}-title">${title}</h2>
<p class="caption">${caption(results)}</p>
${legend(LEGENDS[name]?.(results) ?? [])}
<div class="images" data-chart="${name}">${new Markup(draw(name))}</div>
${folded("Figures", TABLES[name](results))}
</section>`;
}
