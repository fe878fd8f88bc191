import type { ComparedResults, Results } from "../../economics/results.ts";
import { AS_STATED, type WhatIf } from "../../economics/what-if.ts";
import { CHARTS } from "../charts/charts.ts";
import type { ChartName } from "../charts/names.ts";
import type { Report } from "../document.ts";
import { chartSection } from "../page/chart-section.ts";
import { evidenceSection } from "../page/evidence-section.ts";
import { meanings } from "../page/meanings.ts";
import { verdictSection } from "../page/verdict-section.ts";
import { multiple, SLIDERS } from "../page/what-if.ts";
import { asked, type Question } from "../question.ts";
import { usdText } from "../text.ts";
import { isCompared, VERDICTS } from "../verdict.ts";

/** Narrower there is no room for labels: a layout in the making. Unit: CSS pixels. */
const LEAST_WIDTH = 200;

const byId = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
};
const embedded = <T>(id: string): T => JSON.parse(byId(id).textContent ?? "null");

const report = embedded<Report>("report");
const question = embedded<Question>("question");

function drawInto(slot: HTMLElement, results: ComparedResults): void {
  const width = Math.floor(slot.clientWidth);
  if (width < LEAST_WIDTH) return;
  const canvas = { document, width, isLive: true };
  slot.replaceChildren(...CHARTS[slot.dataset["chart"] as ChartName].draw(results, canvas));
}

const slots = (): readonly HTMLElement[] => [...document.querySelectorAll<HTMLElement>("[data-chart]")];

/** Puts new markup in a section's place; what the reader unfolded stays unfolded. */
function replaceSection(id: string, markup: string): void {
  const old = byId(id);
  const isOpen = old.querySelector("details")?.open ?? false;
  old.outerHTML = markup;
  const details = byId(id).querySelector("details");
  if (details !== null) details.open = isOpen;
}

function show(results: Results, change: WhatIf): void {
  replaceSection("verdict", verdictSection(results, !isPlan(change)).text);
  if (isCompared(results))
    for (const name of Object.keys(CHARTS) as ChartName[])
      replaceSection(name, chartSection(name, results, () => "").text);
  replaceSection("evidence", evidenceSection(results).text);
  if (isCompared(results)) for (const slot of slots()) drawInto(slot, results);
  document.documentElement.dataset["whatIf"] = JSON.stringify(change);
}

function showOutcome(results: Results): void {
  const { word, mark } = VERDICTS[results.verdict];
  const saving = isCompared(results) ? results.savingUsdPerMonth : undefined;
  byId("outcome").dataset["verdict"] = results.verdict;
  byId("outcome").innerHTML = `<p class="stamp"><span aria-hidden="true">${mark}</span> ${word}</p>`;
  const figure = document.createElement("strong");
  figure.textContent = saving === undefined ? "no bill" : `${usdText(Math.abs(saving))}/month`;
  const note = document.createElement("span");
  note.textContent = (saving ?? 0) >= 0 ? "saved by owning" : "lost by owning";
  byId("outcome").append(figure, note);
}

const sliderOf = (input: keyof WhatIf): HTMLInputElement => byId(input) as HTMLInputElement;

const chosen = (): WhatIf =>
  Object.fromEntries(
    SLIDERS.map(({ input, stops }) => [input, stops[Number(sliderOf(input).value)] ?? 1]),
  ) as unknown as WhatIf;

const isPlan = (change: WhatIf): boolean => SLIDERS.every(({ input }) => change[input] === AS_STATED[input]);

function label(change: WhatIf, results: Results): void {
  const texts = meanings(question, results, change);
  for (const { input } of SLIDERS) {
    byId(`${input}-value`).textContent = multiple(change[input]);
    byId(`${input}-meaning`).textContent = texts[input];
    sliderOf(input).setAttribute("aria-valuetext", `${multiple(change[input])}, ${texts[input]}`);
  }
  (byId("reset") as HTMLButtonElement).disabled = isPlan(change);
}

function start(): void {
  if (!isCompared(report.results)) return;
  let current: Results = report.results;
  let frame = 0;
  const answer = (): void => {
    const change = chosen();
    current = isPlan(change) ? report.results : asked(question, change);
    label(change, current);
    showOutcome(current);
    show(current, change);
  };
  // Positions come faster than the screen shows them.
  const changed = (): void => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(answer);
  };
  byId("sliders").addEventListener("input", changed);
  // The form has its old values back only after the event.
  byId("sliders").addEventListener("reset", () => setTimeout(answer));
  byId("sliders").addEventListener("submit", (event) => event.preventDefault());
  const redraw = (): void => {
    if (isCompared(current)) for (const slot of slots()) drawInto(slot, current);
  };
  let width = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === width) return;
    width = window.innerWidth;
    requestAnimationFrame(redraw);
  });
  showOutcome(current);
  // The images are there already, drawn for no width in particular: first let the reader see them.
  requestAnimationFrame(() => setTimeout(redraw));
}

document.querySelector(".theme")?.addEventListener("change", (event) => {
  const { value } = event.target as HTMLInputElement;
  if (value === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = value;
});
start();
