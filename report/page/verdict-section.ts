import type { ComparedResults, Results } from "../../economics/results.ts";
import { compact, compactUsd, percentText, times, usdText } from "../text.ts";
import { isCompared, VERDICTS } from "../verdict.ts";
import { html, type Markup } from "./html.ts";

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
