import { DOMImplementation, type Element, XMLSerializer } from "@xmldom/xmldom";
import type { ComparedResults } from "../economics/results.ts";
import type { Canvas } from "./charts/chart.ts";
import { CHARTS } from "./charts/charts.ts";
import type { ChartName } from "./charts/names.ts";

/** Width of images that are drawn before anybody looks: the page's text column. Unit: CSS pixels. */
export const IMAGE_WIDTH = 760;

/** A document that only builds trees: all that a chart needs where there is no browser. */
const canvas = (width: number): Canvas => ({
  document: new DOMImplementation().createDocument("http://www.w3.org/1999/xhtml", "html") as never,
  width,
  isLive: false,
});

/** The images of one chart as SVG markup. */
export const drawn = (name: ChartName, results: ComparedResults, width = IMAGE_WIDTH): readonly string[] =>
  CHARTS[name]
    .draw(results, canvas(width))
    .map((image) => new XMLSerializer().serializeToString(image as unknown as Element));
