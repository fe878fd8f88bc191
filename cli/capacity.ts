import { createReadStream, createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { loadCatalog } from "../catalog/load.ts";
import { type CaseText, modelNamed, predictCase } from "../economics/capacity/case.ts";
import { type CapacityEstimate, estimateCapacity } from "../economics/capacity/estimate.ts";
import { benchmarkPrecision, precisionIn } from "../economics/capacity/names.ts";
import { fleetForPeak, type PeakFleet } from "../economics/capacity/peak-fleet.ts";
import type { Lookup } from "../economics/provenance.ts";
import { PRECISIONS } from "../economics/serving.ts";
import { predictionText, targetsText } from "./capacity-text.ts";
import { predictCases } from "./cases.ts";
import { type Command, parsedArgs, UsageError } from "./command.ts";

const HELP = `How much one replica serves.

Usage:
  breakeven capacity --model M --gpu G --tp N --isl TOKENS --osl TOKENS [load] [options]
  breakeven capacity --cases file.csv [--out file.csv]

Load (one of them; offline throughput when left out):
  --concurrency N          N clients, each waiting for its answer; also QPS=8, max-throughput, 1000 prompts
  --ttft-ms N --tpot-ms N  the highest request rate that keeps both targets, waiting included

Options:
  --precision P   bf16, fp8, int8, int4 (AWQ, GPTQ), mxfp4, nvfp4; from the model's name, else bf16
  --engine E      vllm (default), sglang, tensorrt-llm; targets are searched for vllm only
  --version V     version of the engine, when known
  --gpus N        GPUs in all, when more than one replica shares the load; with --concurrency only
  --prefix-cache SHARE  share of the prompt found in the cache, 0 to 1, default 0
  --peak-rps N    with targets: replicas that serve this many requests per second, and the nodes that hold them
  --gpus-per-node N     GPUs of one node, default 8
  --json          print JSON
  --cases FILE    predict every row of a CSV file (columns engine,version,model,precision,gpu,gpus,tp,isl,osl,concurrency;
                  others pass through); appends predicted_output_tps,predicted_ttft_ms,predicted_tpot_ms,tier,error_p90,error
                  (error_p90: nine of ten measurements lie within this share of the prediction)
  --out FILE      where --cases writes; standard output when left out
  --help
`;

const OPTIONS = {
  model: { type: "string" },
  gpu: { type: "string" },
  gpus: { type: "string" },
  tp: { type: "string" },
  isl: { type: "string" },
  osl: { type: "string" },
  precision: { type: "string" },
  engine: { type: "string" },
  version: { type: "string" },
  concurrency: { type: "string" },
  "ttft-ms": { type: "string" },
  "tpot-ms": { type: "string" },
  "prefix-cache": { type: "string" },
  "peak-rps": { type: "string" },
  "gpus-per-node": { type: "string" },
  cases: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean" },
} as const;

type Values = ReturnType<typeof parse>["values"];
const parse = (args: readonly string[]) => parsedArgs({ args: [...args], options: OPTIONS, allowPositionals: false });

function numberOf(values: Values, name: keyof typeof OPTIONS, least = 1): number {
  const value = Number(values[name]);
  if (!Number.isFinite(value) || value < least)
    throw new UsageError(`--${name} ${values[name]}: expected a number from ${least}`);
  return value;
}

function wholeOf(values: Values, name: keyof typeof OPTIONS): number {
  const value = numberOf(values, name);
  if (!Number.isInteger(value)) throw new UsageError(`--${name} ${values[name]}: expected a whole number from 1`);
  return value;
}

function unwrap<T>(lookup: Lookup<T>): T {
  if (!lookup.ok) throw new Error(lookup.reason);
  return lookup.value;
}

const TARGET_DEFAULTS = { gpuMemoryUtilization: 0.9, maxConcurrentSequences: 256 };

/** The highest rate within latency targets, for stock vLLM as the stack deploys it. */
function atTargets(values: Values): CapacityEstimate {
  if (values.engine !== undefined && values.engine !== "vllm")
    throw new UsageError("--ttft-ms and --tpot-ms are searched for vllm only; use --concurrency");
  const catalog = loadCatalog();
  const [inputTokens, outputTokens] = [numberOf(values, "isl"), numberOf(values, "osl")];
  const name = values.model as string;
  const model = unwrap(modelNamed(name, catalog));
  return unwrap(
    estimateCapacity(
      {
        ...TARGET_DEFAULTS,
        model,
        precision: benchmarkPrecision(values.precision ?? "", name, model.nativePrecision),
        gpu: unwrap(catalog.gpu(values.gpu as string)),
        gpusPerReplica: wholeOf({ tp: "1", ...values }, "tp"),
        inputTokens,
        outputTokens,
        prefixCacheShare: prefixCacheShare(values),
        maxContextTokens: inputTokens + outputTokens,
        slo: { ttftMs: numberOf(values, "ttft-ms"), tpotMs: numberOf(values, "tpot-ms") },
      },
      catalog.anchors,
    ),
  );
}

async function runCases(values: Values): Promise<number> {
  const input = createReadStream(values.cases as string, "utf8");
  const output = values.out === undefined ? process.stdout : createWriteStream(values.out);
  const { rows, refused } = await predictCases(input, output, loadCatalog());
  if (values.out !== undefined) {
    output.end();
    await finished(output);
  }
  process.stderr.write(`${rows} rows, ${refused} without a prediction\n`);
  return 0;
}

/** Options that only one of the two kinds of question takes. */
const FOR_TARGETS = ["peak-rps", "gpus-per-node"] as const;

function checkOptions(values: Values): void {
  for (const name of ["model", "gpu", "isl", "osl"] as const)
    if (values[name] === undefined) throw new UsageError(`--${name} is missing; --help shows all options`);
  if (values.precision !== undefined && precisionIn(values.precision) === undefined)
    throw new UsageError(`--precision ${values.precision} is not known; known: ${PRECISIONS.join(", ")}`);
  const isTargeted = hasTargets(values);
  if (isTargeted && (values["ttft-ms"] === undefined || values["tpot-ms"] === undefined))
    throw new UsageError("give both --ttft-ms and --tpot-ms");
  if (isTargeted && values.concurrency !== undefined)
    throw new UsageError("give --concurrency or latency targets, not both");
  if (isTargeted && values.gpus !== undefined)
    throw new UsageError("--gpus goes with --concurrency; with targets give --tp and --peak-rps");
  for (const name of FOR_TARGETS)
    if (!isTargeted && values[name] !== undefined) throw new UsageError(`--${name} needs --ttft-ms and --tpot-ms`);
}

const hasTargets = (values: Values): boolean => values["ttft-ms"] !== undefined || values["tpot-ms"] !== undefined;

/** Replicas and nodes for the peak that was asked for; undefined when none was. */
function fleetOf(values: Values, estimate: CapacityEstimate): PeakFleet | undefined {
  if (values["peak-rps"] === undefined) return undefined;
  const perReplica = wholeOf({ tp: "1", ...values }, "tp");
  const perNode = wholeOf({ "gpus-per-node": "8", ...values }, "gpus-per-node");
  return fleetForPeak(numberOf(values, "peak-rps", 0), estimate.requestsPerSecond, perReplica, perNode);
}

function answerTargets(values: Values): void {
  const estimate = atTargets(values);
  const fleet = fleetOf(values, estimate);
  print(values, fleet === undefined ? estimate : { ...estimate, fleet }, () =>
    targetsText(estimate, numberOf(values, "osl"), fleet),
  );
}

function answerLoad(values: Values): void {
  const { model = "", gpu = "", isl = "", osl = "", tp = "1", engine = "vllm", version = "", precision = "" } = values;
  for (const name of ["tp", "gpus"] as const) if (values[name] !== undefined) wholeOf(values, name);
  const row: CaseText = {
    engine,
    version,
    model,
    precision,
    gpu,
    gpus: values.gpus ?? tp,
    tp,
    isl,
    osl,
    concurrency: values.concurrency ?? "max-throughput",
  };
  const prediction = unwrap(predictCase(row, loadCatalog(), prefixCacheShare(values)));
  print(values, prediction, () => predictionText(prediction));
}

const print = (values: Values, answer: object, text: () => string): void =>
  void process.stdout.write(`${values.json ? JSON.stringify(answer, null, 2) : text()}\n`);

export const capacity: Command = {
  summary: "how much one replica serves",
  async run(args) {
    const { values } = parse(args);
    if (values.help) {
      process.stdout.write(HELP);
      return 0;
    }
    if (values.cases !== undefined) return runCases(values);
    checkOptions(values);
    if (hasTargets(values)) answerTargets(values);
    else answerLoad(values);
    return 0;
  },
};

function prefixCacheShare(values: Values): number {
  if (values["prefix-cache"] === undefined) return 0;
  const share = numberOf(values, "prefix-cache", 0);
  if (share > 1) throw new UsageError(`--prefix-cache ${share} is not a share; expected 0 to 1`);
  return share;
}
