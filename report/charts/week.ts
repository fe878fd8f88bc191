import * as Plot from "@observablehq/plot";
import type { ModelWeekResult } from "../../economics/curves.ts";
import type { ComparedResults } from "../../economics/results.ts";
import { compact, percentText } from "../text.ts";
import { type Canvas, COLORS, chart, type Image, NARROW, tips } from "./chart.ts";

const HOURS_PER_DAY = 24;
const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const HEIGHT = 210;

interface Hour {
  readonly hour: number;
  readonly demand: number;
  readonly served: number;
  readonly capacity: number;
}

const hoursOf = (week: ModelWeekResult): readonly Hour[] =>
  week.demand.map((demand, hour) => ({
    hour,
    demand,
    served: Math.min(demand, week.served[hour] ?? 0),
    capacity: week.capacity[hour] ?? 0,
  }));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** One model's busiest week: what is asked of it, what it answers, what its replicas could answer. Requests per hour. */
export function weekChart(week: ModelWeekResult, canvas: Canvas): Image {
  const hours = hoursOf(week);
  // A step chart needs the end of the last hour.
  const steps = [...hours, { ...(hours.at(-1) as Hour), hour: hours.length }];
  const isNarrow = canvas.width < NARROW;
  const clock = (hour: number) => `${DAYS[Math.floor(hour / HOURS_PER_DAY)]} ${hour % HOURS_PER_DAY}:00 UTC`;
  return chart(canvas, weekCaption(week), {
    height: HEIGHT,
    marginLeft: 50,
    marginRight: 16,
    marginTop: 30,
    marginBottom: 26,
    x: {
      domain: [0, hours.length],
      ticks: DAYS.map((_, day) => day * HOURS_PER_DAY),
      tickFormat: (hour: number) => DAYS[hour / HOURS_PER_DAY] ?? "",
      tickSize: 4,
      label: null,
      textAnchor: "start",
    } as Plot.ScaleOptions,
    y: { label: "requests per hour", labelArrow: "none", grid: true, ticks: 4, tickFormat: compact, tickSize: 0 },
    marks: [
      Plot.areaY(steps, { x: "hour", y: "demand", curve: "step-after", fill: COLORS.stay, fillOpacity: 0.85 }),
      Plot.areaY(steps, { x: "hour", y: "served", curve: "step-after", fill: COLORS.own }),
      Plot.lineY(steps, { x: "hour", y: "capacity", curve: "step-after", stroke: COLORS.ink, strokeWidth: 1.5 }),
      Plot.ruleY([0], { stroke: COLORS.muted }),
      ...tips(
        canvas,
        Plot.tip(
          hours,
          Plot.pointerX({
            x: "hour",
            y: "capacity",
            title: ({ hour, demand, served, capacity }: Hour) =>
              `${clock(hour)}\ndemand ${compact(demand)}/h\nserved ${compact(served)}/h\ncapacity ${compact(capacity)}/h`,
          }),
        ),
      ),
      ...(isNarrow
        ? []
        : [
            Plot.ruleX(
              DAYS.slice(1).map((_, day) => (day + 1) * HOURS_PER_DAY),
              { stroke: COLORS.line },
            ),
          ]),
    ],
  });
}

/** How full the week is, in a sentence. */
export function weekCaption(week: ModelWeekResult): string {
  const [demand, served, capacity] = [sum(week.demand), sum(week.served), sum(week.capacity)];
  const peak = Math.max(...week.demand);
  const busy = capacity === 0 ? 0 : served / capacity;
  const elsewhere = demand === 0 ? 0 : 1 - served / demand;
  return `${week.model} in the busiest week of the horizon: ${compact(peak)} requests in the peak hour, replicas ${percentText(busy)} used on average, ${percentText(Math.max(0, elsewhere))} of the requests not answered by them (overflow and downtime).`;
}

/** Weeks worth a chart of their own: those of models that are asked anything, the busiest first. */
export const shownWeeks = ({ weeks }: ComparedResults): readonly ModelWeekResult[] =>
  weeks.toSorted((a, b) => sum(b.demand) - sum(a.demand)).slice(0, 4);
