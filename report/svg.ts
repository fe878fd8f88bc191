import { readFileSync } from "node:fs";
import type { ComparedResults } from "../economics/results.ts";
import { drawn, IMAGE_WIDTH } from "./canvas.ts";
import { CHARTS } from "./charts/charts.ts";
import type { ChartName } from "./charts/names.ts";
import { type Report, subjectText } from "./document.ts";
import { html, Markup } from "./page/html.ts";
import { VERDICTS } from "./verdict.ts";

const MARGIN = 24;
const HEADER_HEIGHT = 64;
const TITLE_HEIGHT = 40;
const GAP = 20;

/** The colours of the page: the first rule of its style sheet. */
function colors(): string {
  const style = readFileSync(new URL("page/style.css", import.meta.url), "utf8");
  return /:root \{[^}]*\}/.exec(style)?.[0] ?? "";
}

const heightOf = (image: string): number => Number(/ height="([\d.]+)"/.exec(image)?.[1] ?? 0);

/** The given charts, one below the other, as one SVG image that stands by itself, light and dark. */
export function reportSvg(
  { subject, results }: Report & { readonly results: ComparedResults },
  names: readonly ChartName[],
): string {
  let y = MARGIN + HEADER_HEIGHT;
  const parts = names.map((name) => {
    const title = html`<text x="${MARGIN}" y="${y + 20}" font-size="17" font-weight="600">${CHARTS[name].title}</text>`;
    y += TITLE_HEIGHT;
    const images = drawn(name, results).map((image) => {
      const placed = image.replace("<svg ", `<svg x="${MARGIN}" y="${y}" `);
      y += heightOf(image) + GAP;
      return new Markup(placed);
    });
    return html`${title}\n${images}\n`;
  });
  const width = IMAGE_WIDTH + 2 * MARGIN;
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" fill="var(--ink)" font-family="Inter, system-ui, sans-serif" role="img" aria-label="${results.sentence}">
<style>${new Markup(colors())}
svg{overflow:visible}</style>
<rect width="100%" height="100%" fill="var(--paper)"/>
<text x="${MARGIN}" y="${MARGIN + 18}" font-size="18" font-weight="650">${VERDICTS[results.verdict].mark} ${VERDICTS[results.verdict].word}</text>
<text x="${MARGIN}" y="${MARGIN + 40}" font-size="13" fill="var(--muted)">${results.sentence} ${subjectText(subject)}, ${results.today}.</text>
${parts}</svg>
`.text;
}
