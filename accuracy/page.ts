import { SHARED } from "../economics/capacity/step-time.ts";
import { type Figures, figuresBy, figuresOf, logsOf } from "./figures.ts";
import type { Miss } from "./leave-one-out.ts";

export interface Misses {
  readonly A: readonly Miss[];
  readonly B: readonly Miss[];
  readonly C: readonly Miss[];
}
const TIERS = ["A", "B", "C"] as const;

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const cells = ({ points, median, p90, bias }: Figures): string =>
  `${points} | ${percent(median)} | ${percent(p90)} | ${percent(bias)}`;

function table(title: string, misses: Misses, key: (miss: Miss) => string): string {
  const rows = TIERS.flatMap((tier) =>
    figuresBy(misses[tier], key).map(([name, figures]) => ({ name, tier, figures })),
  );
  const order = [...new Set(rows.map(({ name }) => name))].toSorted();
  const lines = order.flatMap((name) =>
    rows.filter((row) => row.name === name).map(({ tier, figures }) => `| ${name} | ${tier} | ${cells(figures)} |`),
  );
  return [
    `| ${title} | tier | points | median error | p90 error | bias |`,
    "| --- | --- | ---: | ---: | ---: | ---: |",
    ...lines,
  ].join("\n");
}

/** The committed page. `best` are predictions of every row of the file with the best evidence but itself. */
export function accuracyPage(misses: Misses, best: readonly Miss[]): string {
  const tierLines = TIERS.flatMap((tier) =>
    (["throughput", "tpot", "ttft"] as const).map(
      (quantity) => `| ${tier} | ${quantity} | ${cells(figuresOf(logsOf(misses[tier], quantity)))} |`,
    ),
  );
  const compared = new Set([...misses.A, ...misses.B, ...misses.C].map(({ point }) => point)).size;
  const reservedLines = [
    ...figuresBy(best, ({ point }) => point.reservation ?? "comparable").map(
      ([name, figures]) => `| ${name} | ${cells(figures)} |`,
    ),
    `| every row of the file | ${cells(figuresOf(logsOf(best, "throughput")))} |`,
  ];
  return `# Accuracy of the capacity model

Written by \`npm run accuracy\`; do not edit. How the model works: [capacity.md](capacity.md).

Each of ${compared} comparable measurements (of ${best.length} in \`catalog/data/throughput.json\`) is predicted without itself. Error is
|predicted / measured - 1| of the output tokens per second; bias is the median of predicted / measured - 1, so a positive bias
promises too much.

* **Tier A**, anchors on the same model, GPU and engine: the point and every run at the same settings (GPU count, parallelism,
  format, lengths, load) are left out, whatever the version of the engine and whoever published them.
* **Tier B**, anchors on the same model and engine, other GPU: everything measured on the point's GPU is left out.
* **Tier C**, the formula alone: no anchors, and its coefficients are fitted again without the model (all models of the same
  shape). The terms shared by all classes (${Object.entries(SHARED)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ")}) are set once and not fitted again.
  Runs of unstated prompt length have no tier C: the formula needs the length.

"The same model" means the same dimensions: Llama 3.1 70B and 3.3 70B are one.

| tier | quantity | points | median error | p90 error | bias |
| --- | --- | ---: | ---: | ---: | ---: |
${tierLines.join("\n")}

![Predicted over measured output tokens per second](accuracy.svg)

## Rows that are not held against the model

They stay in the file; the columns of these tables do not determine their results. For the record, every row predicted with the
best evidence there is, runs at the same settings left out:

| rows | points | median error | p90 error | bias |
| --- | ---: | ---: | ---: | ---: |
${reservedLines.join("\n")}

* \`burst\`: a fixed number of prompts at once, engine flags tuned from row to row. They serve as weak anchors on their own GPU.
* \`contradictory\`: the publisher's repeats at the same settings differ by more than 1.5 times. No evidence.
* \`impossible\`: the arithmetic would need over 90 % of the GPU's peak, so cached prompts helped unsaid. No evidence.
* \`unstated limits\`: total tokens per second of an engine of 2024 whose admission limits are not stated.
* \`offered rate\`: below saturation the throughput is the rate itself, which proves nothing; near it the rate decides.

## By engine

${table("engine", misses, ({ point }) => point.measurement.engine)}

## By GPU

${table("GPU", misses, ({ point }) => point.measurement.gpu)}

## By model

${table("model", misses, ({ point }) => point.measurement.model)}
`;
}
