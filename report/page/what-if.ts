import { AS_STATED, type WhatIf } from "../../economics/what-if.ts";
import { html, type Markup } from "./html.ts";

/** One slider: the multiples it stops at, even steps to the reader although not to the number. */
export interface Slider {
  readonly input: keyof WhatIf;
  readonly label: string;
  readonly stops: readonly number[];
}

const PRICE_STOPS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4, 1.5, 1.75, 2, 2.5, 3];

export const SLIDERS: readonly Slider[] = [
  {
    input: "traffic",
    label: "Traffic",
    stops: [
      0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 5, 6, 8, 10, 15,
      20, 30, 50, 100,
    ],
  },
  { input: "gpuPrice", label: "GPU price", stops: PRICE_STOPS },
  { input: "apiPrice", label: "API price", stops: PRICE_STOPS },
  {
    input: "peopleHours",
    label: "People hours",
    stops: [0, 0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5],
  },
];

/** What a position means in the plan's own terms: `750k requests/day`. */
export type Meanings = Readonly<Record<keyof WhatIf, string>>;

export const multiple = (value: number): string => `×${value}`;

export const slider = ({ input, label, stops }: Slider, meanings: Meanings): Markup => {
  const at = stops.indexOf(AS_STATED[input]);
  return html`<div class="slider">
<div class="line"><label for="${input}">${label}</label><output id="${input}-value" for="${input}">${multiple(1)}</output></div>
<input type="range" id="${input}" min="0" max="${stops.length - 1}" step="1" value="${at}" autocomplete="off" aria-valuetext="${multiple(1)}, ${meanings[input]}">
<div class="absolute" id="${input}-meaning">${meanings[input]}</div>
</div>`;
};

/** The panel of sliders, with the verdict in sight beside them. */
export const whatIfPanel = (
  meanings: Meanings,
): Markup => html`<div class="what-if" role="region" aria-labelledby="what-if-title">
<h2 id="what-if-title">What if?</h2>
<p>Every figure and chart is recomputed here, by the code that made the report.</p>
<div class="outcome" id="outcome" role="status"></div>
<form id="sliders">${SLIDERS.map((one) => slider(one, meanings))}
<button type="reset" id="reset" disabled>Back to the plan</button></form>
<noscript><p>The sliders need JavaScript; everything else on this page does not.</p></noscript>
</div>`;
