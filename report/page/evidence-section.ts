import type { ComparedResults, PriceResult, Results } from "../../economics/results.ts";
import { compact, counted, priceText, signedUsd, usdText } from "../text.ts";
import { isCompared } from "../verdict.ts";
import { html, type Markup } from "./html.ts";
import { table, USD } from "./tables.ts";

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
