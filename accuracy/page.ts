import { SHARED } from "../economics/capacity/step-time.ts";
import { type Figures, figuresBy, figuresOf, type IntervalFigures, intervalFiguresOf, logsOf } from "./figures.ts";
import { SUBSETS } from "./gate.ts";
import type { Miss, TierMisses } from "./leave-one-out.ts";
import type { RocmShare } from "./rocm.ts";
import type { StockShare } from "./stock-engine.ts";

/** Everything the page shows. `setting`, `deployment` and `gpu` are all predictions with that held out, of every tier. */
export interface Findings {
  readonly subsets: Readonly<Record<(typeof SUBSETS)[number], TierMisses>>;
  readonly setting: readonly Miss[];
  readonly deployment: readonly Miss[];
  readonly gpu: readonly Miss[];
  readonly stock: StockShare;
  readonly rocm: RocmShare;
}
const TIERS = ["A", "B", "C"] as const;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const cells = ({ points, median, p90, bias }: Figures): string =>
  `${points} | ${percent(median)} | ${percent(p90)} | ${percent(bias)}`;
const intervalCells = (figures: IntervalFigures): string => `${cells(figures)} | ${percent(figures.inside)}`;
const HEAD = "points | median error | p90 error | bias | inside interval |";
const RULE = "---: | ---: | ---: | ---: | ---: |";

function table(title: string, misses: TierMisses, key: (miss: Miss) => string): string {
  const rows = TIERS.flatMap((tier) =>
    figuresBy(misses[tier], key).map(([name, figures]) => ({ name, tier, figures })),
  );
  const order = [...new Set(rows.map(({ name }) => name))].toSorted();
  const lines = order.flatMap((name) =>
    rows
      .filter((row) => row.name === name)
      .map(({ tier, figures }) => `| ${name} | ${tier} | ${intervalCells(figures)} |`),
  );
  return [`| ${title} | tier | ${HEAD}`, `| --- | --- | ${RULE}`, ...lines].join("\n");
}

/** The committed page. */
export function accuracyPage({ subsets, setting, deployment, gpu, stock, rocm }: Findings): string {
  const tierLines = SUBSETS.flatMap((subset) =>
    TIERS.flatMap((tier) =>
      (["throughput", "tpot", "ttft"] as const).map((quantity) => {
        const misses = subsets[subset][tier];
        const figures = cells(figuresOf(logsOf(misses, quantity)));
        const inside = quantity === "throughput" ? percent(intervalFiguresOf(misses).inside) : "";
        return `| ${subset} | ${tier} | ${quantity} | ${figures} | ${inside} |`;
      }),
    ),
  );
  const heldOutLines = Object.entries({ setting, deployment, gpu }).flatMap(([name, misses]) => [
    `| ${name} | any | ${intervalCells(intervalFiguresOf(misses))} |`,
    ...TIERS.flatMap((tier) => {
      const claimed = misses.filter((miss) => miss.tier === tier);
      return claimed.length === 0 ? [] : [`| ${name} | ${tier} | ${intervalCells(intervalFiguresOf(claimed))} |`];
    }),
  ]);
  const kindLines = (misses: readonly Miss[]): string =>
    figuresBy(misses, ({ point }) => point.reservation ?? "comparable")
      .map(([name, figures]) => `| ${name} | ${intervalCells(figures)} |`)
      .join("\n");
  const all = new Set([...setting, ...gpu, ...subsets.all.C].map(({ point }) => point));
  const comparable = [...all].filter(({ reservation }) => reservation === undefined).length;
  return `# Accuracy of the capacity model

Written by \`npm run accuracy\`; do not edit. How the model works: [capacity.md](capacity.md).

Each of the ${all.size} measurements in \`catalog/data/throughput.json\` is predicted without itself. Error is
|predicted / measured - 1| of the output tokens per second; bias is the median of predicted / measured - 1, so a positive bias
promises too much. *Inside interval* is the share of the points that lie within the p90 error their own prediction stated.

**All** rows are every row of the file. **Comparable** rows, ${comparable} of them, are those whose columns determine their results; what the
others are is listed below. Both are gated.

* **Tier A**: predictions that claim it, every run at the same settings (GPU count, parallelism, format, lengths, load) left
  out, whatever the engine's version, the flags and who published them.
* **Tier B**: predictions that claim it, with the same left out or with everything on the point's GPU left out.
* **Tier C**: the formula alone for every point of stated lengths: no anchors, and its coefficients fitted again without the
  model (all models of the same shape). The terms shared by all classes (${Object.entries(SHARED)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ")})
  are set once and not fitted again, nor is the rule that vLLM gains nothing from 8-bit experts.

"The same model" means the same dimensions: Llama 3.1 70B and 3.3 70B are one.

| rows | tier | quantity | ${HEAD}
| --- | --- | --- | ${RULE}
${tierLines.join("\n")}

![Predicted over measured output tokens per second](accuracy.svg)

## By what is left out

A prediction claims a tier by what is near it, so a tier's figures depend on what is asked. All rows, whatever tier they claim:
*setting* leaves out every run at the same settings; *deployment* everything on as many of the same GPUs with the same parallelism
and format, at any lengths and load; *gpu* everything on that GPU. Predictions of tier C here have measurements beside them that
disagree or are far.

| left out | tier claimed | ${HEAD}
| --- | --- | ${RULE}
${heldOutLines.join("\n")}

## By kind of row

Runs at the same settings left out, whatever tier is claimed:

| rows | ${HEAD}
| --- | ${RULE}
${kindLines(setting)}

By the formula alone (tier C):

| rows | ${HEAD}
| --- | ${RULE}
${kindLines(subsets.all.C)}

* \`burst\`: a fixed number of prompts at once, engine flags tuned from row to row. A class of load of its own, and evidence for it.
* \`contradictory\`: the source's repeats at these settings differ by more than 1.5 times. No evidence.
* \`copied\`: the same figures, times included, stand under two GPUs. No evidence.
* \`impossible\`: runs of a series in which the arithmetic would need over 90 % of the GPU's peak, so cached prompts helped unsaid.
  No evidence.
* \`unstated limits\`: total tokens per second of an engine of 2024 whose admission limits are not stated.
* \`offered rate\`: below saturation the throughput is the rate itself, which proves nothing; near it the rate decides.

## Stock engines

${stock.points} published bursts of vLLM, most on default flags, reached ${stock.median} of the formula at the median (quartiles ${stock.quarter} and ${stock.threeQuarters}),
whose terms are fitted to tuned runs. The plan factor of [capacity.md](capacity.md) rests on them.

## AMD's GPUs

In ${rocm.pairs} pairs of an MLPerf benchmark and a GPU, AMD's reached ${rocm.median} of what the formula expects of NVIDIA's at the median: \`rocmShare\`.

## By engine

All rows, here and below.

${table("engine", subsets.all, ({ point }) => point.measurement.engine)}

## By GPU

${table("GPU", subsets.all, ({ point }) => point.measurement.gpu)}

## By model

${table("model", subsets.all, ({ point }) => point.measurement.model)}
`;
}
