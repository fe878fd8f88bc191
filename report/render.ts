import type { ChartName } from "./charts/names.ts";
import type { Report } from "./document.ts";
import { reportHtml } from "./html.ts";
import { reportMarkdown } from "./markdown.ts";
import type { Question } from "./question.ts";
import { reportSvg } from "./svg.ts";
import { isCompared } from "./verdict.ts";

export type Format = "html" | "markdown" | "json" | "svg";

/** The report in one of its formats. Throws when there is nothing to draw. */
export function render(report: Report, question: Question, format: Format, charts: readonly ChartName[]): string {
  const { results } = report;
  switch (format) {
    case "html":
      return reportHtml(report, question);
    case "markdown":
      return reportMarkdown(report);
    case "json":
      return `${JSON.stringify(report, null, 2)}\n`;
    case "svg":
      if (!isCompared(results)) throw new Error(`there is nothing to draw: ${results.sentence}`);
      return reportSvg({ ...report, results }, charts);
    default:
      return format satisfies never;
  }
}
