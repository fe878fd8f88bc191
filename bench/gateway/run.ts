import { cpus, loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { ask } from "../../sandbox/gateway/client.ts";
import { logToStderr } from "../../sandbox/progress.ts";
import { type Engine, type EngineName, Engines, TASK } from "./engines.ts";
import { loadFigures, startFigures, work } from "./figures.ts";
import { processUsage } from "./process-usage.ts";
import { type LoadName, measuredSlices, type Slice } from "./rounds.ts";
import { type Report, reportText } from "./table.ts";
import { Upstreams } from "./upstreams.ts";

const HELP = `Measures what the gateway adds to a request: a real LiteLLM Proxy with the generated configuration against Envoy, made
from the same groups, and against no gateway, on the same fake servers in turn. Linux with python3 and a package registry.

Usage: npm run bench:gateway [-- options]

  --quick   fewer and shorter rounds: a look, not a figure to quote
  --json    print the figures as JSON
  --help

Exit codes: 0 measured; 1 an engine does not start or answers wrong; 2 unknown option.
`;
/** The gateway asks for the model's health every ten seconds. */
const FIRST_PROBE_MS = 12_000;
const FULL = { rounds: 5, sliceSeconds: 2, starts: 2 };
const QUICK = { rounds: 2, sliceSeconds: 0.5, starts: 1 };

/** A comparison of engines that do less than asked would be none. */
async function checkFailover(engines: readonly Engine[], upstreams: Upstreams): Promise<void> {
  await upstreams.killModel();
  for (const { name, url, headers } of engines.filter(({ pid }) => pid !== undefined)) {
    const key = headers["authorization"]?.replace("Bearer ", "") ?? "";
    const answer = await ask(url, { model: TASK, key, headers });
    if (!answer.complete || !answer.text.startsWith("from=api"))
      throw new Error(`${name} does not answer from the API when the model is gone: ${answer.status} ${answer.error}`);
  }
}

const byLoad = (slices: readonly Slice[], engine: EngineName): Report["loads"][EngineName] => {
  const figures = (load: LoadName) => loadFigures(slices, engine, load);
  return { one: figures("one"), many: figures("many"), burst: figures("burst"), paced: figures("paced") };
};

async function measure({ rounds, sliceSeconds, starts }: typeof FULL): Promise<Report> {
  const before = loadavg()[0] ?? 0;
  const upstreams = await Upstreams.start();
  let engines: Engines | undefined;
  try {
    logToStderr("starting the gateway and Envoy");
    engines = await Engines.start(upstreams);
    logToStderr(`starting them again, ${starts} times`);
    const started = await engines.restart(starts);
    const { all } = engines;
    // Its first probe of the model comes with the imports of everything.
    await sleep(FIRST_PROBE_MS);
    const slices = await measuredSlices(all, upstreams, { rounds, sliceSeconds }, (round) =>
      logToStderr(round === 0 ? "finding out how much is asked in a round" : `round ${round} of ${rounds}`),
    );
    const peak = (name: EngineName): number => {
      const pid = all.find((engine) => engine.name === name)?.pid;
      return pid === undefined ? Number.NaN : processUsage(pid).peakMiB;
    };
    const peakMiB = { Envoy: peak("Envoy"), gateway: peak("gateway") };
    await checkFailover(all, upstreams);
    return {
      at: new Date().toISOString(),
      machine: {
        processor: cpus()[0]?.model ?? "unknown processor",
        cores: cpus().length,
        loadAverage: [before, loadavg()[0] ?? 0],
      },
      rounds,
      loads: {
        direct: byLoad(slices, "direct"),
        Envoy: byLoad(slices, "Envoy"),
        gateway: byLoad(slices, "gateway"),
      },
      work: { Envoy: work(slices, "Envoy"), gateway: work(slices, "gateway") },
      starts: { Envoy: startFigures(started.Envoy), gateway: startFigures(started.gateway) },
      peakMiB,
    };
  } finally {
    await engines?.end();
    await upstreams.end();
  }
}

async function main(): Promise<void> {
  const options = { quick: { type: "boolean" }, json: { type: "boolean" }, help: { type: "boolean" } } as const;
  let values: { quick?: boolean; json?: boolean; help?: boolean };
  try {
    ({ values } = parseArgs({ options }));
  } catch (error) {
    process.stderr.write(`bench:gateway: ${(error as Error).message}\n\n${HELP}`);
    process.exitCode = 2;
    return;
  }
  if (values.help) return void process.stdout.write(HELP);
  const report = await measure(values.quick ? QUICK : FULL);
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
}

await main();
