import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadCatalog } from "../catalog/load.ts";
import { figuresOf, intervalFiguresOf, logsOf } from "./figures.ts";
import { fitIntervals } from "./fit-intervals.ts";
import { type Committed, regressions, SUBSETS, TOLERANCE } from "./gate.ts";
import { anchoredMisses, formulaMisses, type Miss, refit, type TierMisses, tierMisses } from "./leave-one-out.ts";
import { accuracyPage } from "./page.ts";
import { parityPlot } from "./parity-plot.ts";
import { pointsOf } from "./points.ts";
import { rocmShare } from "./rocm.ts";
import { stockShare } from "./stock-engine.ts";

const HELP = `Leave-one-out accuracy of the capacity model over all published measurements. Takes a minute or two: the formula
is fitted again without each model in turn.

Usage: npm run accuracy [-- options]

  --write   commit the figures: accuracy/accuracy.json, docs/accuracy.md, docs/accuracy.svg
  --fit     print what economics/capacity holds as fitted (coefficients.ts, INTERVALS of evidence.ts), and stop
  --help

Fails when a tier is worse than committed, on all rows or on the comparable ones, by more than ${TOLERANCE.median * 100} points at the median,
${TOLERANCE.p90 * 100} points at p90, ${TOLERANCE.bias * 100} points of bias, or ${TOLERANCE.inside * 100} points of measurements inside their interval.
`;
const FILE = join(import.meta.dirname, "accuracy.json");
const DOCS = join(import.meta.dirname, "..", "docs");

const isComparable = ({ point }: Miss): boolean => point.reservation === undefined;

function main(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: { write: { type: "boolean" }, fit: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const catalog = loadCatalog();
  const points = pointsOf(catalog);
  if (values.fit) {
    const rounded = (_: string, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(3)) : value);
    const fitted = { ...refit(points), intervals: fitIntervals(points, catalog) };
    process.stdout.write(`${JSON.stringify(fitted, rounded, 2)}\n`);
    return 0;
  }
  process.stderr.write("predicting every measurement without itself, then fitting the formula without each model\n");
  const setting = anchoredMisses(points, catalog, "setting");
  const deployment = anchoredMisses(points, catalog, "deployment");
  const gpu = anchoredMisses(points, catalog, "gpu");
  const formula = formulaMisses(points, true);
  const subsets: Readonly<Record<(typeof SUBSETS)[number], TierMisses>> = {
    all: tierMisses(setting, gpu, formula),
    comparable: tierMisses(setting.filter(isComparable), gpu.filter(isComparable), formula.filter(isComparable)),
  };
  const stock = stockShare(points);
  const rocm = rocmShare(points);
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`.padStart(8);
  for (const subset of SUBSETS) {
    for (const [tier, misses] of Object.entries(subsets[subset]) as [string, readonly Miss[]][]) {
      for (const quantity of ["throughput", "tpot", "ttft"] as const) {
        const { points: count, median, p90, bias } = figuresOf(logsOf(misses, quantity));
        const inside = quantity === "throughput" ? `  inside ${percent(intervalFiguresOf(misses).inside)}` : "";
        process.stdout.write(
          `${subset.padEnd(10)} tier ${tier}  ${quantity.padEnd(10)} ${String(count).padStart(5)} points  median ${percent(median)}  p90 ${percent(p90)}  bias ${percent(bias)}${inside}\n`,
        );
      }
    }
  }
  process.stdout.write(
    `stock vLLM reached ${stock.median} of the formula at the median of ${stock.points} published bursts (quartiles ${stock.quarter} and ${stock.threeQuarters})\n` +
      `AMD's GPUs reached ${rocm.median} of what the formula expects of NVIDIA's at the median of ${rocm.pairs} MLPerf pairs\n`,
  );
  const now = Object.fromEntries(
    SUBSETS.map((subset) => [
      subset,
      Object.fromEntries(Object.entries(subsets[subset]).map(([tier, misses]) => [tier, intervalFiguresOf(misses)])),
    ]),
  ) as unknown as Committed;
  if (values.write) {
    writeFileSync(FILE, `${JSON.stringify(now, null, 2)}\n`);
    writeFileSync(join(DOCS, "accuracy.md"), accuracyPage({ subsets, setting, deployment, gpu, stock, rocm }));
    writeFileSync(join(DOCS, "accuracy.svg"), parityPlot(subsets.all));
    process.stdout.write("written: accuracy/accuracy.json, docs/accuracy.md, docs/accuracy.svg\n");
    return 0;
  }
  const worse = regressions(JSON.parse(readFileSync(FILE, "utf8")) as Committed, now);
  for (const line of worse) process.stderr.write(`worse than committed: ${line}\n`);
  return worse.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
