import type { ComparedResults } from "../../economics/results.ts";
import { billCaption, billChart } from "./bill.ts";
import type { Canvas, Image } from "./chart.ts";
import { cumulativeCaption, cumulativeChart, monthsChart } from "./months.ts";
import type { ChartName } from "./names.ts";
import { tornadoCaption, tornadoChart } from "./tornado.ts";
import { volumeCaption, volumeChart } from "./volume.ts";
import { shownWeeks, weekCaption, weekChart } from "./week.ts";

interface ReportChart {
  readonly title: string;
  /** Says the same in words. */
  readonly caption: (results: ComparedResults) => string;
  readonly draw: (results: ComparedResults, canvas: Canvas) => readonly Image[];
}

export const CHARTS: Readonly<Record<ChartName, ReportChart>> = {
  bill: {
    title: "The bill",
    caption: billCaption,
    draw: (results: ComparedResults, canvas: Canvas) => [billChart(results, canvas)],
  },
  volume: {
    title: "Cost against volume",
    caption: volumeCaption,
    draw: (results: ComparedResults, canvas: Canvas) => [volumeChart(results, canvas)],
  },
  week: {
    title: "A week of demand against capacity",
    caption: (results: ComparedResults) => shownWeeks(results).map(weekCaption).join(" "),
    draw: (results: ComparedResults, canvas: Canvas) => shownWeeks(results).map((week) => weekChart(week, canvas)),
  },
  months: {
    title: "Month by month",
    caption: cumulativeCaption,
    draw: (results: ComparedResults, canvas: Canvas) => [
      monthsChart(results, canvas),
      cumulativeChart(results, canvas),
    ],
  },
  tornado: {
    title: "What moves the verdict",
    caption: tornadoCaption,
    draw: (results: ComparedResults, canvas: Canvas) => [tornadoChart(results, canvas)],
  },
};
