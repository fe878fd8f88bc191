import { PREDICTIONS, predictionCase } from "./capacity.ts";
import { catalogTimings } from "./catalog.ts";
import { gatewayFilesCase, TASKS } from "./gateway-files.ts";
import { inTurn, median, timingText } from "./measure.ts";
import { MODELS, monitoringCase } from "./monitoring.ts";
import { plansPerSecond } from "./planner.ts";
import { previewCases } from "./preview.ts";
import { makePage, pageFigures } from "./report.ts";
import { resultCases } from "./results.ts";
import { verdictCase } from "./verdict.ts";

const HELP = `Measures how long a verdict, full results, a capacity prediction, the load of the catalogue, a gateway's configuration and a planned candidate take, how large a report's page is and how soon it shows, and what the policy pack adds to a preview.

Usage: npm run bench [-- options]

  --quick   no previews, no browser
  --json    print the figures as JSON
  --help
`;
const VERDICT_ROUNDS = 20;
const RESULT_ROUNDS = 9;
const PREVIEW_ROUNDS = 7;
const PREDICTION_ROUNDS = 5;
const RENDER_ROUNDS = 5;
const CONFIG_ROUNDS = 15;
const LOAD_ROUNDS = 9;
const PAGE_ROUNDS = 7;

async function main(args: readonly string[]): Promise<void> {
  if (args.includes("--help")) return void process.stdout.write(HELP);
  const verdicts = {
    "verdict, 500 resources, pass": verdictCase("prod"),
    "verdict, 500 resources, block and remedy": verdictCase("overbuilt"),
  };
  await inTurn(verdicts, 3);
  const timings = [...(await inTurn(verdicts, VERDICT_ROUNDS))];
  const results = resultCases();
  await inTurn(results, 2);
  timings.push(...(await inTurn(results, RESULT_ROUNDS)));
  const predictions = { [`${PREDICTIONS.toLocaleString("en-US")} capacity predictions`]: predictionCase() };
  await inTurn(predictions, 2);
  timings.push(...(await inTurn(predictions, PREDICTION_ROUNDS)));
  timings.push(...catalogTimings(LOAD_ROUNDS));
  const planned = plansPerSecond();
  const monitoring = { [`rules and dashboards of ${MODELS} models`]: monitoringCase() };
  await inTurn(monitoring, 1);
  timings.push(...(await inTurn(monitoring, RENDER_ROUNDS)));
  const gateway = { [`gateway configuration of ${TASKS} tasks`]: gatewayFilesCase() };
  await inTurn(gateway, 2);
  timings.push(...(await inTurn(gateway, CONFIG_ROUNDS)));
  const pages = { "report page, from stack file to HTML": makePage };
  await inTurn(pages, 1);
  timings.push(...(await inTurn(pages, PAGE_ROUNDS)));
  let pageKilobytes: number | undefined;
  let ratio: number | undefined;
  let overEmptySeconds: number | undefined;
  if (!args.includes("--quick")) {
    const { kilobytes, paints } = await pageFigures(PAGE_ROUNDS);
    pageKilobytes = kilobytes;
    timings.push(paints);
    await inTurn(previewCases, 1);
    const [empty, without, withPack] = await inTurn(previewCases, PREVIEW_ROUNDS);
    if (empty === undefined || without === undefined || withPack === undefined)
      throw new Error("no previews were timed");
    timings.push(empty, without, withPack);
    ratio = median(withPack) / median(without);
    overEmptySeconds = (median(without) - 2 * median(empty)) / 1000;
  }
  const peakMemoryMiB = process.resourceUsage().maxRSS / 1024;
  if (args.includes("--json")) {
    process.stdout.write(
      `${JSON.stringify({ timings, plansPerSecond: planned, pageKilobytes, previewRatio: ratio, overEmptySeconds, peakMemoryMiB }, null, 2)}
`,
    );
    return;
  }
  process.stdout.write(`${timings.map(timingText).join("\n")}\n`);
  process.stdout.write(`${"plans priced per second of CPU time".padEnd(40)} ${planned.toFixed(0).padStart(8)}\n`);
  if (pageKilobytes !== undefined)
    process.stdout.write(`${"size of the report page".padEnd(40)} ${pageKilobytes.toFixed(0).padStart(8)} kB\n`);
  if (ratio !== undefined) process.stdout.write(`preview with the pack / without            ${ratio.toFixed(2)}\n`);
  if (overEmptySeconds !== undefined)
    process.stdout.write(`preview of prod less 2x an empty one, s    ${overEmptySeconds.toFixed(2)} (bar: below 3)\n`);
  process.stdout.write(`peak memory of this process              ${peakMemoryMiB.toFixed(0).padStart(8)} MiB\n`);
}

await main(process.argv.slice(2));
