import { CHART_NAMES } from "../charts/names.ts";
import { type Report, subjectText } from "../document.ts";
import type { Question } from "../question.ts";
import { isCompared } from "../verdict.ts";
import { changeSection } from "./change-section.ts";
import { chartSection, type Draw } from "./chart-section.ts";
import { evidenceSection } from "./evidence-section.ts";
import { html, Markup } from "./html.ts";
import { meanings } from "./meanings.ts";
import { measuredSection } from "./measured-section.ts";
import { verdictSection } from "./verdict-section.ts";
import { whatIfPanel } from "./what-if.ts";

/** What the page is made of besides the report. All of it ends up inside: the page loads nothing. */
export interface PageParts {
  readonly style: string;
  readonly script: string;
  /** Base64 of the SHA-256 of the script, for the page's own policy. */
  readonly scriptHash: string;
  /** Base64 of a WOFF2 font. */
  readonly font: string;
  readonly draw: Draw;
}

/** JSON that cannot end the script element it stands in. */
const inScript = (value: unknown): Markup => new Markup(JSON.stringify(value).replaceAll("<", "\\u003c"));

const THEMES = ["auto", "light", "dark"] as const;

const themeSwitch = html`<fieldset class="theme"><legend>Colours</legend>${THEMES.map(
  (theme) =>
    html`<label><input type="radio" name="theme" value="${theme}"${theme === "auto" && html` checked`}>${theme}</label>`,
)}</fieldset>`;

/** The report as one HTML page that works from disk, without a network and, but for its sliders, without JavaScript. */
export function page(report: Report, question: Question, parts: PageParts): string {
  const { results, subject, differences, measured, change } = report;
  const policy = `default-src 'none'; style-src 'unsafe-inline'; font-src data:; script-src 'sha256-${parts.scriptHash}'; worker-src blob:; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Rent or own: ${subject.file}</title>
<style>@font-face{font-family:Inter;font-weight:100 900;font-display:block;src:url(data:font/woff2;base64,${parts.font}) format("woff2")}
${new Markup(parts.style)}</style>
</head>
<body>
<div class="frame">
<header class="masthead"><b>breakeven</b><span>${subjectText(subject)}</span><span>prices and traffic of ${results.today}</span>${themeSwitch}</header>
<main>
${verdictSection(results)}
${isCompared(results) && whatIfPanel(meanings(question, results))}
${isCompared(results) && CHART_NAMES.map((name) => chartSection(name, results, parts.draw))}
${measured !== null && measuredSection(measured)}
${evidenceSection(results)}
${change !== null && changeSection(change)}
${differences.length > 0 && html`<section id="differences" aria-labelledby="differences-title"><h2 id="differences-title">Planned otherwise than declared</h2><ul class="reasons">${differences.map((text) => html`<li>${text}</li>`)}</ul></section>`}
</main>
<footer>Owning is the hybrid as planned: GPUs, platform, people, and the API for what the fleet does not take. Staying is the same traffic on the API. US dollars.</footer>
</div>
<script type="application/json" id="report">${inScript(report)}</script>
<script type="application/json" id="question">${inScript(question)}</script>
<script>${new Markup(parts.script)}</script>
</body>
</html>
`.text;
}
