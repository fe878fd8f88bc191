import * as Plot from "@observablehq/plot";
import type { VolumePoint } from "../../economics/curves.ts";
import type { ComparedResults } from "../../economics/results.ts";
import { compact, times, usdText } from "../text.ts";
import { type Canvas, COLORS, chart, type Image, lineName, NARROW, tips, usdAxis } from "./chart.ts";

/** Multiples of the plan's traffic that are shown: today and the break-even, with room to see which line is lower beyond. */
const shownVolume = ({ breakEven }: ComparedResults): number =>
  Math.max(2, breakEven.reached ? 1.5 * breakEven.volume : 1.2 * breakEven.bestVolume);

/** Both bills at a volume between two points of the curve. */
function at(curve: readonly VolumePoint[], volume: number): VolumePoint | undefined {
  const above = curve.findIndex((point) => point.volume >= volume);
  const [a, b] = [curve[above - 1], curve[above]];
  if (b === undefined) return curve.at(-1);
  if (a === undefined || b.volume === a.volume) return b;
  const t = (volume - a.volume) / (b.volume - a.volume);
  const mix = (from: number, to: number) => from + (to - from) * t;
  return {
    ...b,
    volume,
    requestsPerDay: mix(a.requestsPerDay, b.requestsPerDay),
    owningUsdPerMonth: mix(a.owningUsdPerMonth, b.owningUsdPerMonth),
    stayingUsdPerMonth: mix(a.stayingUsdPerMonth, b.stayingUsdPerMonth),
  };
}

const gap = ({ stayingUsdPerMonth, owningUsdPerMonth }: VolumePoint): number => stayingUsdPerMonth - owningUsdPerMonth;

/** Stretches of the curve on which the same bill is lower; where the lines cross, both stretches get the crossing. */
function runs(points: readonly VolumePoint[]): readonly { isOwningLower: boolean; points: readonly VolumePoint[] }[] {
  const found: { isOwningLower: boolean; points: VolumePoint[] }[] = [];
  for (const point of points) {
    const run = found.at(-1);
    const before = run?.points.at(-1);
    const isOwningLower = gap(point) >= 0;
    if (run?.isOwningLower === isOwningLower) run.points.push(point);
    else if (run === undefined || before === undefined) found.push({ isOwningLower, points: [point] });
    else {
      const t = gap(before) / (gap(before) - gap(point));
      const crossing = at([before, point], before.volume + (point.volume - before.volume) * t) ?? point;
      run.points.push(crossing);
      found.push({ isOwningLower, points: [crossing, point] });
    }
  }
  return found;
}

/** Monthly cost against volume: both bills, where they meet, and where the traffic stands. */
export function volumeChart(results: ComparedResults, canvas: Canvas): Image {
  const { breakEven, volumeCurve } = results;
  const most = shownVolume(results);
  const last = at(volumeCurve, most);
  const points = [...volumeCurve.filter((point) => point.volume < most), ...(last === undefined ? [] : [last])];
  const here = at(volumeCurve, 1);
  const meeting = breakEven.reached ? at(volumeCurve, breakEven.volume) : undefined;
  const isNarrow = canvas.width < NARROW;
  const lines = [
    { key: "owningUsdPerMonth", name: "Owning", color: COLORS.own },
    { key: "stayingUsdPerMonth", name: "Staying on the API", color: COLORS.stay },
  ] as const;
  const isOwningLower = last !== undefined && last.owningUsdPerMonth < last.stayingUsdPerMonth;
  const tip = (point: VolumePoint): string =>
    `${compact(point.requestsPerDay)} requests/day, ${times(point.volume)}\nOwning ${usdText(point.owningUsdPerMonth)}/month\nStaying ${usdText(point.stayingUsdPerMonth)}/month`;
  return chart(canvas, volumeCaption(results), {
    height: isNarrow ? 300 : 340,
    marginLeft: 50,
    marginRight: 16,
    marginTop: 30,
    marginBottom: 44,
    x: {
      domain: [0, last?.requestsPerDay ?? 1],
      label: "requests per day, mean over the horizon",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: isNarrow ? 4 : 7,
      tickFormat: compact,
      tickSize: 4,
    },
    y: {
      ...usdAxis("US dollars per month", 5),
      domain: [0, Math.max(...points.map((point) => Math.max(point.owningUsdPerMonth, point.stayingUsdPerMonth)))],
    },
    marks: [
      ...runs(points).map(({ isOwningLower, points: run }) =>
        Plot.areaY(run, {
          x: "requestsPerDay",
          y1: "owningUsdPerMonth",
          y2: "stayingUsdPerMonth",
          fill: isOwningLower ? COLORS.good : COLORS.bad,
          fillOpacity: 0.12,
        }),
      ),
      Plot.ruleY([0], { stroke: COLORS.muted }),
      ...lines.map(({ key, color }) =>
        Plot.lineY(points, { x: "requestsPerDay", y: key, stroke: color, strokeWidth: 2.25 }),
      ),
      ...lines.map(({ key, name, color }) =>
        lineName(last, name, {
          x: "requestsPerDay",
          y: key,
          fill: color,
          dx: -6,
          isBelow: (key === "owningUsdPerMonth") === isOwningLower,
        }),
      ),
      ...(here === undefined
        ? []
        : [
            Plot.ruleX([here], { x: "requestsPerDay", stroke: COLORS.ink, strokeDasharray: "2,3" }),
            Plot.text([here], {
              x: "requestsPerDay",
              text: ["you are here"],
              frameAnchor: "bottom",
              textAnchor: "start",
              dx: 7,
              dy: -8,
              fill: COLORS.ink,
              fontWeight: 600,
              stroke: "var(--paper)",
              strokeWidth: 4,
            }),
            ...lines.map(({ key, color }) =>
              Plot.dot([here], {
                x: "requestsPerDay",
                y: key,
                r: 4.5,
                fill: color,
                stroke: "var(--paper)",
                strokeWidth: 1.5,
              }),
            ),
          ]),
      ...(meeting === undefined
        ? []
        : [
            Plot.dot([meeting], {
              x: "requestsPerDay",
              y: "owningUsdPerMonth",
              r: 6,
              fill: "var(--paper)",
              stroke: COLORS.ink,
              strokeWidth: 2,
            }),
            Plot.text([meeting], {
              x: "requestsPerDay",
              y: "owningUsdPerMonth",
              text: [`break-even ${times(meeting.volume)}`],
              // Below and right of an early crossing, above and left of a late one: no line passes there.
              textAnchor: meeting.volume < most / 2 ? "start" : "end",
              dx: meeting.volume < most / 2 ? 10 : -10,
              dy: meeting.volume < most / 2 ? 18 : -12,
              fill: COLORS.ink,
              stroke: "var(--paper)",
              strokeWidth: 4,
            }),
          ]),
      ...tips(
        canvas,
        Plot.tip(points, Plot.pointerX({ x: "requestsPerDay", y: "owningUsdPerMonth", title: tip })),
        Plot.ruleX(points, Plot.pointerX({ x: "requestsPerDay", stroke: COLORS.muted })),
      ),
    ],
  });
}

/** Where the bills meet and where the traffic stands, in a sentence. */
export function volumeCaption({ breakEven, volumeCurve }: ComparedResults): string {
  const here = `You stand at ${compact(at(volumeCurve, 1)?.requestsPerDay ?? 0)} requests a day.`;
  if (!breakEven.reached)
    return `Owning breaks even at no volume with this plan: it comes closest at ${times(breakEven.bestVolume)} this traffic, where it costs ${usdText(-breakEven.bestSavingUsdPerMonth)} a month more. ${here}`;
  return `The bills meet at ${compact(breakEven.requestsPerDay)} requests a day, ${times(breakEven.volume)} this traffic (${compact(breakEven.tokensPerMonth)} tokens a month). ${here}`;
}
