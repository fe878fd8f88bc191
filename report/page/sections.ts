import { type BillLine, COST_CATEGORIES } from "../../economics/bill.ts";
import type { ComparedResults, PriceResult, Results } from "../../economics/results.ts";
import { CHARTS } from "../charts/charts.ts";
import type { ChartName } from "../charts/names.ts";
import { compact, compactUsd, counted, monthText, percentText, priceText, signedUsd, times, usdText } from "../text.ts";
import { isCompared, VERDICTS } from "../verdict.ts";
import { html, Markup } from "./html.ts";
import { folded, table } from "./tables.ts";

/** Markup of a chart's images, or nothing where the browser draws them itself. */
export type Draw = (name: ChartName) => string;

interface Figure {
  readonly name: string;
  readonly value: string;
  readonly note: string;
}

/** The figures a reader takes away. */
function keyFigures(results: ComparedResults): readonly Figure[] {
  const { owning, staying, savingUsdPerMonth, risk, breakEven, utilization, answeredBy, terms } = results;
  const meets = breakEven.reached ? times(breakEven.volume) : "never";
  return [
    { name: "Owning", value: usdText(owning.usdPerMonth), note: "per month, API fallback included" },
    { name: "Staying on the API", value: usdText(staying.usdPerMonth), note: `per month, baseline ${terms.baseline}` },
    {
      name: savingUsdPerMonth >= 0 ? "Owning saves" : "Owning costs more",
      value: usdText(Math.abs(savingUsdPerMonth)),
      note: `per month, ${percentText(Math.abs(savingUsdPerMonth) / staying.usdPerMonth)} of the API bill`,
    },
    {
      name: "Chance that owning is cheaper",
      value: percentText(risk.probabilityOwningIsCheaper),
      note: `of ${risk.draws.toLocaleString("en-US")} draws; saving ${compactUsd(risk.savingUsdPerMonth.p10)} to ${compactUsd(risk.savingUsdPerMonth.p90)}`,
    },
    {
      name: "Break-even",
      value: meets,
      note: breakEven.reached
        ? `this traffic, ${compact(breakEven.requestsPerDay)} requests/day`
        : "at no volume of this plan",
    },
    {
      name: "Fleet in use",
      value: percentText(utilization),
      note: `answers ${percentText(answeredBy.selfHosted)} of requests`,
    },
  ];
}

/** The verdict, one sentence, and the figures to take away. Reasons speak of the plan as it stands, not of a changed one. */
export function verdictSection(results: Results, isChanged = false): Markup {
  const { word, mark, meaning } = VERDICTS[results.verdict];
  return html`<section id="verdict" data-verdict="${results.verdict}" aria-labelledby="sentence">
<p class="stamp"><span aria-hidden="true">${mark}</span> ${word} <span class="meaning">${meaning}</span></p>
<h1 id="sentence">${results.sentence}</h1>
${
  isCompared(results) &&
  html`<dl class="figures">${keyFigures(results).map(
    ({ name, value, note }) => html`<div><dt>${name}</dt><dd><strong>${value}</strong> <span>${note}</span></dd></div>`,
  )}</dl>
${!isChanged && html`<ul class="reasons">${results.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`}`
}
${
  results.verdict === "unpriced" &&
  html`<ul class="reasons">${results.missing.map(
    ({ resource, reason }) => html`<li><strong>${resource}</strong>: ${reason}</li>`,
  )}</ul>`
}
${results.verdict === "rent" && html`<dl class="figures"><div><dt>API bill</dt><dd><strong>${usdText(results.staying.usdPerMonth)}</strong> <span>per month</span></dd></div></dl>`}
</section>`;
}

const USD = { heading: "$/month", isFigure: true } as const;

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

/** What the verdict rests on: capacity, other baselines, unit costs, assumptions, and where every price comes from. */
export function evidenceSection(results: Results): Markup {
  return html`<section id="evidence" aria-labelledby="evidence-title">
<h2 id="evidence-title">Evidence and prices</h2>
${isCompared(results) && comparedEvidence(results)}
${"prices" in results && priceTable(results.prices)}
</section>`;
}

const comparedEvidence = (results: ComparedResults): Markup => html`
${table(
  "What the capacity rests on",
  [
    { heading: "task on model" },
    { heading: "GPU" },
    { heading: "requests/s per replica", isFigure: true },
    { heading: "first token, ms", isFigure: true },
    { heading: "per token, ms", isFigure: true },
    { heading: "evidence" },
  ],
  results.evidence.map(({ task, model, gpu, requestsPerSecond, ttftMs, tpotMs, text, notes }) => [
    `${task} on ${model}`,
    gpu.replaceAll("-", "\u2011"),
    `${requestsPerSecond.median.toPrecision(3)} (${requestsPerSecond.pessimistic.toPrecision(3)} to ${requestsPerSecond.optimistic.toPrecision(3)})`,
    ttftMs.toFixed(0),
    tpotMs.toFixed(0),
    [text, ...notes].join("; "),
  ]),
)}
${table(
  "Unit costs",
  [
    { heading: "task" },
    { heading: "tokens/month", isFigure: true },
    { heading: "owning, per M tokens", isFigure: true },
    { heading: "staying, per M tokens", isFigure: true },
    { heading: "owning, per success", isFigure: true },
    { heading: "staying, per success", isFigure: true },
  ],
  results.tasks.map(({ name, tokensPerMonth, owning, staying }) => [
    name,
    compact(tokensPerMonth),
    priceText(owning.usdPerMillionTokens),
    priceText(staying.usdPerMillionTokens),
    owning.usdPerSuccess === null ? "none succeeds" : priceText(owning.usdPerSuccess),
    staying.usdPerSuccess === null ? "none succeeds" : priceText(staying.usdPerSuccess),
  ]),
)}
${table(
  "Against each meaning of staying",
  [{ heading: "baseline" }, { heading: "API models" }, USD, { heading: "owning saves, $/month", isFigure: true }],
  results.baselines.map((row) => [
    `${row.baseline}${row.isUsed ? " (used)" : ""}`,
    row.priced ? [...new Set(row.routes.map(({ apiModel }) => apiModel))].join(", ") : row.reason,
    row.priced ? usdText(row.usdPerMonth) : "no price",
    row.priced ? signedUsd(row.savingUsdPerMonth) : "",
  ]),
)}
${table(
  "Other ways to the same answers",
  [
    { heading: "option" },
    { heading: "rests on" },
    { heading: "once", isFigure: true },
    USD,
    { heading: "saves against staying, $/month", isFigure: true },
  ],
  results.options.map((row) => [
    row.label,
    row.priced ? row.inputs.join("; ") : row.reason,
    row.priced ? usdText(row.oneOffUsd) : "",
    row.priced ? usdText(row.usdPerMonth) : "not priced",
    row.priced ? signedUsd(row.savingUsdPerMonth) : "",
  ]),
)}
${table(
  "Questions the field asks: three yes suggest a look at owning, the money above decides",
  [{ heading: "question" }, { heading: "answer" }, { heading: "why" }],
  results.advice.map(({ question, answer, why }) => [question, answer, why]),
)}
${results.assumptions.length > 0 && html`<h3>Assumed, neither stated nor measured</h3><ul>${results.assumptions.map((text) => html`<li>${text}</li>`)}</ul>`}`;

const priceTable = (prices: readonly PriceResult[]): Markup =>
  table(
    `${counted(prices.length, "price")}, the largest first`,
    [
      { heading: "price" },
      USD,
      { heading: "dated" },
      { heading: "age", isFigure: true },
      { heading: "source", isSource: true },
    ],
    prices
      .toSorted((a, b) => b.usdPerMonth - a.usdPerMonth)
      .map(({ label, usdPerMonth, date, ageDays, source }) => [
        label,
        usdPerMonth === 0 ? "by use" : usdText(usdPerMonth),
        date.replaceAll("-", "\u2011"),
        counted(ageDays, "day"),
        source,
      ]),
  );
