import * as Plot from "@observablehq/plot";
import { compactUsd } from "../text.ts";

/** Where a chart is drawn: the browser's document, or one that only builds trees. */
export interface Canvas {
  readonly document: NonNullable<Plot.PlotOptions["document"]>;
  /** CSS pixels. */
  readonly width: number;
  /** Whether the reader can point at it. */
  readonly isLive: boolean;
}

/** Colours by what they stand for; the page and the SVG file define them for light and dark. */
export const COLORS = {
  own: "var(--own)",
  stay: "var(--stay)",
  good: "var(--good)",
  bad: "var(--bad)",
  ink: "var(--ink)",
  muted: "var(--muted)",
  line: "var(--line)",
  category: {
    gpu: "var(--own)",
    api: "var(--stay)",
    people: "var(--people)",
    platform: "var(--platform)",
    failures: "var(--bad)",
  },
} as const;

/** What Plot draws; an SVG element wherever there is no legend. */
export type Image = ReturnType<typeof Plot.plot>;

export const FONT_SIZE = 12;
/** Below this width labels get shorter and ticks fewer. */
export const NARROW = 520;

/** Draws marks as an SVG image; `description` is what someone hears who does not see it. */
export function chart(canvas: Canvas, description: string, options: Plot.PlotOptions): Image {
  const { document, width } = canvas;
  const svg = Plot.plot({ ...options, document, width, className: "chart" });
  // One image with one description; parts have no names of their own.
  for (const part of Array.from<Pick<Image, "removeAttribute">>(svg.getElementsByTagName("g")))
    part.removeAttribute("aria-label");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", description);
  svg.setAttribute("font-size", `${FONT_SIZE}`);
  svg.setAttribute("font-family", "inherit");
  return svg;
}

/** An axis of amounts, with lines across the chart. */
export const usdAxis = (label: string, ticks: number) =>
  ({ label, labelArrow: "none", grid: true, ticks, tickFormat: compactUsd, tickSize: 0 }) as const;

/** The name of a line at its last point, above it or below. */
export const lineName = (
  last: object | undefined,
  name: string,
  { isBelow, ...options }: { x: string; y: string; fill: string; dx?: number; isBelow: boolean },
): Plot.Markish =>
  Plot.text(last === undefined ? [] : [last], {
    ...options,
    text: [name],
    fontWeight: 600,
    textAnchor: "end",
    dy: isBelow ? 14 : -14,
    stroke: "var(--paper)",
    strokeWidth: 4,
  });

/** Tooltips, where somebody can point at something. */
export const tips = (canvas: Canvas, ...marks: readonly Plot.Markish[]): readonly Plot.Markish[] =>
  canvas.isLive ? marks : [];
