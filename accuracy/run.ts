import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadCatalog } from "../catalog/load.ts";
import { predict } from "../economics/capacity/predict.ts";
import { type Figures, figuresOf, logsOf } from "./figures.ts";
import { anchoredMisses, formulaMisses, isSameSetting, type Miss, refit } from "./leave-one-out.ts";
import { accuracyPage, type Misses } from "./page.ts";
import { parityPlot } from "./parity-plot.ts";
import { type Point, pointsOf } from "./points.ts";

const HELP = `Leave-one-out accuracy of the capacity model over all published measurements.

Usage: npm run accuracy [-- options]

  --write   commit the figures: accuracy/accuracy.json, docs/accuracy.md, docs/accuracy.svg
  --refit   print coefficients fitted to all comparable measurements and stop
  --help

Fails when a tier's error is worse than committed by more than 0.5 points at the median, 2 points at p90,
1.5 points of bias.
`;
const TOLERANCE = { median: 0.005, p90: 0.02, bias: 0.015 };
const FILE = join(import.meta.dirname, "accuracy.json");
const DOCS = join(import.meta.dirname, "..", "docs");

type Committed = Readonly<Record<keyof Misses, Figures>>;

/** What got worse than committed, in words: larger errors, a bias that moved either way, or fewer points to judge by. */
export function regressions(committed: Committed, now: Committed): readonly string[] {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  return (Object.keys(committed) as (keyof Misses)[]).flatMap((tier) => {
    const [before, after] = [committed[tier], now[tier]];
    const isWorse = {
      median: after.median > before.median + TOLERANCE.median,
      p90: after.p90 > before.p90 + TOLERANCE.p90,
      bias: Math.abs(after.bias - before.bias) > TOLERANCE.bias,
    };
    const figures = (["median", "p90", "bias"] as const).flatMap((figure) =>
      isWorse[figure] || !Number.isFinite(after[figure])
        ? [`tier ${tier}: ${figure} ${percent(after[figure])}, committed ${percent(before[figure])}`]
        : [],
    );
    const fewer =
      after.points < before.points ? [`tier ${tier}: ${after.points} points, committed ${before.points}`] : [];
    return [...figures, ...fewer];
  });
}

/** Predicted with the best evidence there is but runs at the same settings. */
function bestMisses(points: readonly Point[], catalog: ReturnType<typeof loadCatalog>): readonly Miss[] {
  return points.flatMap((point) => {
    const { measurement: m, deployment, size } = point;
    const got = predict(
      { deployment, version: m.version, size, isInputStated: m.inputTokens > 0, load: m.load },
      catalog.anchors,
      (anchor) => !isSameSetting(anchor.measurement, m),
    );
    return got.ok
      ? [
          {
            point,
            throughput: Math.log(got.value.outputTokensPerSecond / m.outputTokensPerSecond),
            ttft: undefined,
            tpot: undefined,
          },
        ]
      : [];
  });
}

function main(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: { write: { type: "boolean" }, refit: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const catalog = loadCatalog();
  const all = pointsOf(catalog);
  const points = all.filter(({ reservation }) => reservation === undefined);
  if (values.refit) {
    const rounded = (_: string, value: unknown) => (typeof value === "number" ? Number(value.toPrecision(3)) : value);
    process.stdout.write(`${JSON.stringify(refit(points), rounded, 2)}\n`);
    return 0;
  }
  const misses: Misses = {
    A: anchoredMisses(points, catalog, "A"),
    B: anchoredMisses(points, catalog, "B"),
    C: formulaMisses(points, true),
  };
  const now = Object.fromEntries(
    Object.entries(misses).map(([tier, list]) => [tier, figuresOf(logsOf(list, "throughput"))]),
  ) as unknown as Committed;
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`.padStart(8);
  for (const [tier, list] of Object.entries(misses) as [keyof Misses, readonly Miss[]][]) {
    for (const quantity of ["throughput", "tpot", "ttft"] as const) {
      const { points: count, median, p90, bias } = figuresOf(logsOf(list, quantity));
      process.stdout.write(
        `tier ${tier}  ${quantity.padEnd(10)} ${String(count).padStart(5)} points  median ${percent(median)}  p90 ${percent(p90)}  bias ${percent(bias)}\n`,
      );
    }
  }
  if (values.write) {
    writeFileSync(FILE, `${JSON.stringify(now, null, 2)}\n`);
    writeFileSync(join(DOCS, "accuracy.md"), accuracyPage(misses, bestMisses(all, catalog)));
    writeFileSync(join(DOCS, "accuracy.svg"), parityPlot(misses));
    process.stdout.write("written: accuracy/accuracy.json, docs/accuracy.md, docs/accuracy.svg\n");
    return 0;
  }
  const worse = regressions(JSON.parse(readFileSync(FILE, "utf8")) as Committed, now);
  for (const line of worse) process.stderr.write(`worse than committed: ${line}\n`);
  return worse.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
