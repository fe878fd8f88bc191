import * as Plot from "@observablehq/plot";
import type { ComparedResults } from "../../economics/results.ts";
import { compactUsd, signedUsd } from "../text.ts";
import { type Canvas, COLORS, chart, type Image, NARROW } from "./chart.ts";

const SHOWN_BARS = 10;

interface End {
  readonly input: string;
  readonly text: string;
  readonly usd: number;
  readonly isLow: boolean;
  readonly isLeft: boolean;
}

/** How far each uncertain input moves the saving by itself; the line at zero is where the verdict turns. */
export function tornadoChart({ tornado, savingUsdPerMonth }: ComparedResults, canvas: Canvas): Image {
  const bars = tornado.slice(0, SHOWN_BARS);
  const ends = bars.flatMap((bar): End[] => {
    const isLowLeft = bar.savingLowUsdPerMonth <= bar.savingHighUsdPerMonth;
    return [
      { input: bar.input, text: bar.low, usd: bar.savingLowUsdPerMonth, isLow: true, isLeft: isLowLeft },
      { input: bar.input, text: bar.high, usd: bar.savingHighUsdPerMonth, isLow: false, isLeft: !isLowLeft },
    ];
  });
  const reach = [0, savingUsdPerMonth, ...ends.map(({ usd }) => usd)];
  const [least, most] = [Math.min(...reach), Math.max(...reach)];
  const isNarrow = canvas.width < NARROW;
  // Beside the bars where there is room, else above them.
  const labelWidth = isNarrow ? 0 : 190;
  const endRoom = isNarrow ? 58 : 96;
  const halo = { stroke: "var(--paper)", strokeWidth: 4 } as const;
  const endText = (isLeft: boolean) =>
    Plot.text(
      ends.filter((end) => end.isLeft === isLeft),
      {
        x: "usd",
        y: "input",
        text: "text",
        textAnchor: isLeft ? "end" : "start",
        dx: isLeft ? -6 : 6,
        dy: isNarrow ? 7 : 0,
        fill: COLORS.muted,
        ...halo,
      },
    );
  const labels = (flips: boolean) =>
    Plot.text(
      bars.filter((bar) => bar.flips === flips),
      {
        frameAnchor: "left",
        dx: -labelWidth - endRoom,
        dy: isNarrow ? -11 : 0,
        y: "input",
        text: "label",
        fontWeight: flips ? 650 : 400,
        textAnchor: "start",
        fill: COLORS.ink,
        ...halo,
      },
    );
  return chart(canvas, tornadoCaption({ tornado }), {
    height: bars.length * (isNarrow ? 48 : 34) + 70,
    marginLeft: labelWidth + endRoom,
    marginRight: endRoom,
    marginTop: 24,
    marginBottom: 46,
    x: {
      domain: [least, most],
      label: "saving by owning, US dollars per month",
      labelAnchor: "center",
      labelArrow: "none",
      tickFormat: compactUsd,
      ticks: isNarrow ? 3 : 5,
      tickSize: 4,
    },
    y: { axis: null, domain: bars.map(({ input }) => input), padding: 0 },
    marks: [
      Plot.ruleX([0], { stroke: COLORS.ink, strokeWidth: 1.5 }),
      Plot.text([0], { x: [0], text: ["break-even"], frameAnchor: "top", dy: -13, fill: COLORS.ink, fontWeight: 600 }),
      Plot.barX(ends, {
        x1: savingUsdPerMonth,
        x2: "usd",
        y: "input",
        fill: ({ isLow }: End) => (isLow ? "var(--low)" : "var(--high)"),
        insetTop: isNarrow ? 22 : 8,
        insetBottom: isNarrow ? 8 : 8,
      }),
      Plot.ruleX([savingUsdPerMonth], { stroke: COLORS.ink, strokeDasharray: "2,3" }),
      labels(true),
      labels(false),
      endText(true),
      endText(false),
    ],
  });
}

/** Which input matters most, in a sentence. */
export function tornadoCaption({ tornado }: Pick<ComparedResults, "tornado">): string {
  const [first] = tornado;
  if (first === undefined) return "No input is uncertain.";
  const flips = tornado.filter((bar) => bar.flips).map((bar) => bar.label);
  const turning =
    flips.length === 0
      ? "None of them turns the verdict by itself."
      : `These turn the verdict by themselves: ${flips.join(", ")}.`;
  return `Most depends on ${first.label}: from ${first.low} to ${first.high} the saving goes from ${signedUsd(first.savingLowUsdPerMonth)} to ${signedUsd(first.savingHighUsdPerMonth)} a month. ${turning}`;
}
