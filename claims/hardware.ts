import { memoryFit, weightBytes } from "../economics/capacity/memory.ts";
import { checkMemoryClaim } from "../economics/capacity/memory-claims.ts";
import { usdText } from "../economics/format.ts";
import type { Precision } from "../economics/serving.ts";
import { BYTES_PER_GB, HOURS_PER_MONTH } from "../economics/units.ts";
import { awsUsd, gpuHourUsd, known, perGpuHour, replicaCapacity } from "./amounts.ts";
import { type Claim, compared, type Facts, type Figure, figure, type Range, tally } from "./claim.ts";

const SECONDS_PER_MINUTE = 60;
/** The published sizes are round, and leave out what loading adds. */
const SIZE_TOLERANCE = 0.1;

/** Published minimum memory by 16-bit, 8-bit and 4-bit weights, GB, and the models of the catalogue it speaks of. */
const MINIMUMS: readonly (readonly [string, readonly [number, number, number], readonly string[]])[] = [
  ["7-8B", [16, 8, 4], ["Mistral-7B", "Llama-3.1-8B"]],
  ["30-40B", [60, 30, 15], ["Qwen3-32B"]],
  ["70B", [140, 70, 35], ["Llama-3.1-70B"]],
  [
    "100B+ mixture",
    [80, 40, 20],
    ["gpt-oss-120b", "GLM-4.5-Air", "Mixtral-8x22B", "Qwen3-235B-A22B", "DeepSeek-V3/R1"],
  ],
];
const PRECISIONS: readonly Precision[] = ["bf16", "fp8", "int4"];

const weightsGB = ({ catalog }: Facts, model: string, precision: Precision): number =>
  weightBytes(known(catalog.model(model)), precision) / BYTES_PER_GB;

/** The least memory that really starts a model, as the capacity model refuses less. */
function leastGB({ catalog }: Facts, name: string, precision: Precision): number {
  return known(checkMemoryClaim(known(catalog.model(name)), precision, Number.POSITIVE_INFINITY)).leastGB;
}

const minimumMemory: Claim = {
  id: "S0-3",
  says: "Least GPU memory in GB at 16, 8 and 4 bits: 7-8B 16/8/4, 30-40B 60/30/15, 70B 140/70/35, mixtures over 100B 80/40/20, counted by active parameters",
  recompute(facts) {
    const figures = MINIMUMS.flatMap(([size, published, models]) =>
      PRECISIONS.flatMap((precision, column) =>
        models.map((model) =>
          figure(
            `${size}, ${precision}: ${model}`,
            "GB",
            published[column] as number,
            weightsGB(facts, model, precision),
            SIZE_TOLERANCE,
          ),
        ),
      ),
    );
    const isMixture = ({ what }: Figure) => what.includes("mixture");
    const mixtures = (MINIMUMS.at(-1)?.[2] ?? []).map(
      (model) => `${model} ${Math.round(leastGB(facts, model, "bf16"))} GB`,
    );
    const dense = figures.filter((entry) => !isMixture(entry));
    return compared(figures, {
      published: "16 / 60 / 140 GB; mixtures 80 GB",
      ours: `weights: dense ${tally(dense)} fit, mixtures ${tally(figures.filter(isMixture))}`,
      reason: `A mixture holds every expert, not the active ones: sizing by this row buys GPUs on which nothing loads. Least memory at 16 bits: ${mixtures.join(", ")}. Dense rows hold the bare weights; Llama-3.1-70B starts from ${Math.round(leastGB(facts, "Llama-3.1-70B", "bf16"))} GB.`,
    });
  },
};

/** What the article rents eight H100 for, US dollars per hour. */
export const ARTICLE_8XH100_USD_PER_HOUR = 200;
const INPUT_TOKENS = 3500;
const OUTPUT_TOKENS = 500;

/** Requests per minute of eight H100 with this model at 4 K tokens, over the capacity interval. */
function requestsPerMinute(facts: Facts, model: string, gpusPerReplica: number): Range {
  const query = {
    model,
    gpu: "H100-SXM",
    gpus: gpusPerReplica,
    precision: "fp8",
    inputTokens: INPUT_TOKENS,
    outputTokens: OUTPUT_TOKENS,
  } as const;
  const { requestsPerSecond } = known(replicaCapacity(facts, query));
  const perMinute = (8 / gpusPerReplica) * SECONDS_PER_MINUTE;
  return [requestsPerSecond.pessimistic * perMinute, requestsPerSecond.optimistic * perMinute];
}

const eightH100: Claim = {
  id: "S1-3",
  says: "Eight H100 rent at about $200 an hour and serve about 1,000 requests a minute at 4 K tokens; 10 M requests a month cost about $4,800",
  recompute(facts) {
    const busyHours = 10_000_000 / 1000 / 60;
    const busy = busyHours * ARTICLE_8XH100_USD_PER_HOUR;
    const always = HOURS_PER_MONTH * ARTICLE_8XH100_USD_PER_HOUR;
    const listed = awsUsd(facts, "p5.48xlarge", "on-demand");
    const [low, high] = gpuHourUsd(facts, "H100-SXM", "H100", ["on-demand"]);
    const large = requestsPerMinute(facts, "Llama-3.1-70B", 2);
    const small = requestsPerMinute(facts, "Llama-3.1-8B", 1);
    const text = ([from, to]: Range) => `${Math.round(from)}-${Math.round(to)}`;
    return compared(
      [
        figure("rent of 8x H100", "USD/hour", 200, [8 * low, 8 * high], 0.1),
        figure("requests a minute, Llama-3.1-70B fp8, 3,500 + 500 tokens", "requests/minute", 1000, large, 0.1),
        figure("10 M requests, busy hours only", "USD/month", 4800, busy, 0.1),
      ],
      {
        published: "$200/h; 1,000/min; $4,800/month",
        ours: `${usdText(8 * low)}-${usdText(8 * high)}/h; ${text(large)}/min; ${usdText(busy)}/month`,
        reason: `10 M requests at 1,000 a minute are ${Math.round(busyHours)} busy hours, ${usdText(busy)} at its own rent; a node that stays on bills ${usdText(always)} (AWS today: ${usdText(listed * HOURS_PER_MONTH)}). Only a small model is that fast: Llama-3.1-8B ${text(small)} a minute.`,
      },
    );
  },
};

interface Fleet {
  readonly model: string;
  readonly gpu: string;
  readonly cloudGpu: string;
  readonly gpus: number;
  readonly usdPerMonth: number;
}

const FLEETS: readonly Fleet[] = [
  { model: "Llama-3.1-405B", gpu: "H100-SXM", cloudGpu: "H100", gpus: 8, usdPerMonth: 4800 },
  { model: "Llama-3.1-70B", gpu: "H100-SXM", cloudGpu: "H100", gpus: 2, usdPerMonth: 1200 },
  { model: "Mixtral-8x22B", gpu: "A100-80-SXM", cloudGpu: "A100-80GB", gpus: 2, usdPerMonth: 800 },
  { model: "Qwen2.5-72B", gpu: "H100-SXM", cloudGpu: "H100", gpus: 2, usdPerMonth: 1200 },
  { model: "Mixtral-8x7B", gpu: "A100-80-SXM", cloudGpu: "A100-80GB", gpus: 4, usdPerMonth: 1200 },
];

const fleetSizes: Claim = {
  id: "S1-4",
  says: "16-bit hardware and monthly cost at 10 M tokens a day: Llama 3.1 405B on 8x H100 $4,800, 70B and Qwen2.5 72B on 2x H100 $1,200, Mixtral 8x22B on 2x A100 $800, 8x7B on 4x A100 $1,200 or $0.12/M",
  recompute(facts) {
    const { catalog } = facts;
    const starts = FLEETS.map(({ model, gpu, gpus }) =>
      memoryFit({
        model: known(catalog.model(model)),
        precision: "bf16",
        gpu: known(catalog.gpu(gpu)),
        gpusPerReplica: gpus,
        gpuMemoryUtilization: 0.9,
        maxContextTokens: 4096,
      }),
    );
    const memory = FLEETS.map(({ model, gpus, gpu }, row): Figure => {
      const needed = leastGB(facts, model, "bf16");
      const stated = gpus * known(catalog.gpu(gpu)).memoryGB;
      return {
        what: `${model} on ${gpus}x ${gpu}`,
        unit: "GB, ours is the least",
        published: [stated, stated],
        ours: [needed, needed],
        holds: starts[row]?.ok === true,
      };
    });
    const costs = FLEETS.map(({ model, gpu, cloudGpu, gpus, usdPerMonth }) => {
      const [low, high] = gpuHourUsd(facts, gpu, cloudGpu);
      const scale = gpus * HOURS_PER_MONTH;
      return figure(`${model}, rent of ${gpus}x ${gpu}`, "USD/month", usdPerMonth, [low * scale, high * scale]);
    });
    const unit = figure("Mixtral-8x7B at $1,200 and 10 M tokens a day", "USD/M tokens", 0.12, 1200 / (10 * 30));
    const misfits = FLEETS.filter((_, row) => !starts[row]?.ok).map(
      ({ model }) => `${model} (${Math.round(leastGB(facts, model, "bf16"))} GB)`,
    );
    const hourly = FLEETS.map(({ usdPerMonth, gpus }) => perGpuHour(usdPerMonth, gpus));
    return compared([...memory, ...costs, unit], {
      published: "$800-4,800/month; $0.12/M",
      ours: `${starts.filter(({ ok }) => ok).length} of ${FLEETS.length} start; ${usdText(1200 / 300)}/M`,
      reason: `Do not start on what is named: ${misfits.join(", ")}. The costs come to ${usdText(Math.min(...hourly))}-${usdText(Math.max(...hourly))} a GPU-hour, ${tally(costs)} on offer, spot included. $1,200 over 300 M tokens is ${usdText(4)}; $0.12 takes 10 B.`,
    });
  },
};

export const HARDWARE_CLAIMS: readonly Claim[] = [minimumMemory, eightH100, fleetSizes];
