import * as Plot from "@observablehq/plot";
import type { BillLine, CostCategory } from "../../economics/bill.ts";
import { byLabel } from "../../economics/bill.ts";
import type { ComparedResults } from "../../economics/results.ts";
import { counted, signedUsd, usdText } from "../text.ts";
import { type Canvas, COLORS, chart, type Image } from "./chart.ts";

const SHOWN_LINES = 7;
const ROW = 42;

/** One step of the waterfall. */
export interface Step {
  readonly label: string;
  readonly category: CostCategory | "owning" | "staying" | "difference";
  readonly fromUsd: number;
  readonly toUsd: number;
}

/** Lines of the owning bill one after the other, largest first within their kind, then both totals and what lies between. */
export function waterfall({ owning, staying, savingUsdPerMonth }: ComparedResults): readonly Step[] {
  const steps: Step[] = [];
  let reached = 0;
  for (const { label, category, usdPerMonth } of shownLines(owning.lines)) {
    steps.push({ label, category, fromUsd: reached, toUsd: reached + usdPerMonth });
    reached += usdPerMonth;
  }
  return [
    ...steps,
    { label: "Owning, in all", category: "owning", fromUsd: 0, toUsd: owning.usdPerMonth },
    { label: "Staying on the API", category: "staying", fromUsd: 0, toUsd: staying.usdPerMonth },
    {
      label: savingUsdPerMonth >= 0 ? "Owning saves" : "Owning costs more",
      category: "difference",
      fromUsd: owning.usdPerMonth,
      toUsd: staying.usdPerMonth,
    },
  ];
}

/** The largest lines by themselves, the rest as one, so that the bars add up to the bill. */
function shownLines(lines: readonly BillLine[]): readonly BillLine[] {
  const sorted = byLabel(lines).toSorted((a, b) => b.usdPerMonth - a.usdPerMonth);
  if (sorted.length <= SHOWN_LINES + 1) return sorted;
  const rest = sorted.slice(SHOWN_LINES);
  const usdPerMonth = rest.reduce((sum, line) => sum + line.usdPerMonth, 0);
  return [
    ...sorted.slice(0, SHOWN_LINES),
    { label: counted(rest.length, "smaller line"), category: "platform", usdPerMonth },
  ];
}

function fill({ category, fromUsd, toUsd }: Step): string {
  if (category === "owning") return COLORS.own;
  if (category === "staying") return COLORS.stay;
  if (category === "difference") return toUsd >= fromUsd ? COLORS.good : COLORS.bad;
  return COLORS.category[category];
}

const amount = ({ category, fromUsd, toUsd }: Step): string =>
  category === "difference" ? usdText(Math.abs(toUsd - fromUsd)) : usdText(toUsd - fromUsd);

const isTotal = ({ category }: Step): boolean => ["owning", "staying", "difference"].includes(category);

/** The bill as a waterfall, US dollars per month. */
export function billChart(results: ComparedResults, canvas: Canvas): Image {
  const steps = waterfall(results);
  const rows = steps.map((step, index) => ({ ...step, index, name: `${index}` }));
  const [lines, totals] = [rows.filter((step) => !isTotal(step)), rows.filter(isTotal)];
  const most = Math.max(results.owning.usdPerMonth, results.staying.usdPerMonth);
  const label = { x: 0, y: "name", text: "label", textAnchor: "start", dy: -10, fill: COLORS.ink } as const;
  const figure = { x: most, y: "name", text: amount, textAnchor: "end", dy: -10, fill: COLORS.ink } as const;
  const bar = { x1: "fromUsd", x2: "toUsd", y: "name", fill, insetTop: 23, insetBottom: 9, rx: 1.5 } as const;
  const description = `Waterfall of the monthly bill. ${steps.map((step) => `${step.label}: ${amount(step)}`).join(". ")}.`;
  return chart(canvas, description, {
    height: rows.length * ROW + 4,
    marginLeft: 0,
    marginRight: 0,
    marginTop: 2,
    marginBottom: 2,
    x: { domain: [0, most], axis: null },
    y: { axis: null, domain: rows.map(({ name }) => name), padding: 0 },
    marks: [
      Plot.ruleX([results.owning.usdPerMonth], { stroke: COLORS.line, strokeDasharray: "2,3" }),
      Plot.barX(rows, bar),
      Plot.text(lines, label),
      Plot.text(lines, figure),
      Plot.text(totals, { ...label, fontWeight: 600 }),
      Plot.text(totals, { ...figure, fontWeight: 600 }),
    ],
  });
}

/** One sentence under the chart. */
export function billCaption({ owning, savingUsdPerMonth, terms }: ComparedResults): string {
  const [largest] = byLabel(owning.lines).toSorted((a, b) => b.usdPerMonth - a.usdPerMonth);
  const share = largest === undefined ? 0 : largest.usdPerMonth / owning.usdPerMonth;
  return `Means per month over ${counted(terms.horizonMonths, "month")}. ${largest === undefined ? "" : `The largest line is ${Math.round(share * 100)} % of owning. `}Against the API: ${signedUsd(savingUsdPerMonth)} a month.`;
}
