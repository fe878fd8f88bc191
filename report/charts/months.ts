import * as Plot from "@observablehq/plot";
import type { ComparedResults, MonthResult } from "../../economics/results.ts";
import { compactUsd, counted, monthText, signedUsd, usdText } from "../text.ts";
import { type Canvas, COLORS, chart, type Image, lineName, NARROW, tips, usdAxis } from "./chart.ts";

const monthAxis = (months: readonly MonthResult[], width: number) => ({
  domain: [0, Math.max(1, months.length - 1)],
  label: null,
  ticks: months.flatMap(({ month }) => (month % Math.ceil((months.length * 70) / width) === 0 ? [month] : [])),
  tickFormat: (month: number) => monthText(months[month]?.date ?? ""),
  tickSize: 4,
});

/** Both bills month by month, with the band in which eight of ten draws lie. US dollars per month, undiscounted. */
export function monthsChart(results: ComparedResults, canvas: Canvas): Image {
  const { months } = results;
  const sides = [
    { side: "staying", name: "Staying on the API", usd: "stayingUsd", color: COLORS.stay },
    { side: "owning", name: "Owning", usd: "owningUsd", color: COLORS.own },
  ] as const;
  const last = months.at(-1);
  const isOwningLower = last !== undefined && last.owningUsd < last.stayingUsd;
  const tip = (month: MonthResult): string =>
    `${monthText(month.date)}\n${sides
      .map(
        ({ name, side, usd }) =>
          `${name} ${usdText(month[usd])} (${compactUsd(month[side].p10)} to ${compactUsd(month[side].p90)})`,
      )
      .join("\n")}`;
  return chart(canvas, monthsDescription(results), {
    height: canvas.width < NARROW ? 260 : 280,
    marginLeft: 50,
    marginRight: 20,
    marginTop: 30,
    marginBottom: 28,
    x: monthAxis(months, canvas.width),
    y: { ...usdAxis("US dollars per month", 5), zero: true },
    marks: [
      ...sides.map(({ side, color }) =>
        Plot.areaY(months, {
          x: "month",
          y1: (month: MonthResult) => month[side].p10,
          y2: (month: MonthResult) => month[side].p90,
          fill: color,
          fillOpacity: 0.18,
        }),
      ),
      ...sides.map(({ usd, color }) => Plot.lineY(months, { x: "month", y: usd, stroke: color, strokeWidth: 2.25 })),
      ...sides.map(({ side, usd, name, color }) =>
        lineName(last, name, { x: "month", y: usd, fill: color, isBelow: (side === "owning") === isOwningLower }),
      ),
      Plot.ruleY([0], { stroke: COLORS.muted }),
      ...tips(canvas, Plot.tip(months, Plot.pointerX({ x: "month", y: "owningUsd", title: tip }))),
    ],
  });
}

/** The first and the last month, in a sentence. */
function monthsDescription({ months }: ComparedResults): string {
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return "";
  return `From ${monthText(first.date)} to ${monthText(last.date)} owning goes from ${usdText(first.owningUsd)} to ${usdText(last.owningUsd)} a month, the API goes from ${usdText(first.stayingUsd)} to ${usdText(last.stayingUsd)}. The bands hold eight of ten draws.`;
}

/** The saving summed up month by month, with its band: where it leaves zero for good, set-up and purchase are repaid. */
export function cumulativeChart(results: ComparedResults, canvas: Canvas): Image {
  const { months } = results;
  const color = results.savingUsdPerMonth >= 0 ? COLORS.good : COLORS.bad;
  return chart(canvas, cumulativeCaption(results), {
    height: 200,
    marginLeft: 50,
    marginRight: 20,
    marginTop: 30,
    marginBottom: 28,
    x: monthAxis(months, canvas.width),
    y: { ...usdAxis("saving so far, US dollars", 4), zero: true },
    marks: [
      Plot.areaY(months, {
        x: "month",
        y1: (month: MonthResult) => month.cumulativeSaving.p10,
        y2: (month: MonthResult) => month.cumulativeSaving.p90,
        fill: color,
        fillOpacity: 0.18,
      }),
      Plot.ruleY([0], { stroke: COLORS.ink }),
      Plot.lineY(months, { x: "month", y: "cumulativeSavingUsd", stroke: color, strokeWidth: 2.25 }),
      ...tips(
        canvas,
        Plot.tip(
          months,
          Plot.pointerX({
            x: "month",
            y: "cumulativeSavingUsd",
            title: ({ date, cumulativeSavingUsd, cumulativeSaving: { p10, p90 } }: MonthResult) =>
              `to the end of ${monthText(date)}\n${signedUsd(cumulativeSavingUsd)} (${compactUsd(p10)} to ${compactUsd(p90)})`,
          }),
        ),
      ),
    ],
  });
}

/** What the months add up to, in a sentence. */
export function cumulativeCaption({ months, payback }: ComparedResults): string {
  const last = months.at(-1);
  if (last === undefined) return "";
  const { p10, p90 } = last.cumulativeSaving;
  const repaid =
    payback.months === null
      ? `The ${usdText(payback.upfrontUsd)} spent up front are not repaid within the horizon.`
      : `The ${usdText(payback.upfrontUsd)} spent up front are repaid after ${counted(Number(payback.months.toFixed(1)), "month")}.`;
  const sum = `${last.cumulativeSavingUsd >= 0 ? "Owning saves" : "Owning costs"} ${usdText(Math.abs(last.cumulativeSavingUsd))}${last.cumulativeSavingUsd >= 0 ? "" : " more"}`;
  return `${sum} over ${counted(months.length, "month")}; in eight of ten draws the saving lies between ${signedUsd(p10)} and ${signedUsd(p90)}.${payback.upfrontUsd > 0 ? ` ${repaid}` : ""}`;
}
