import { requestPrice } from "./api-bill.ts";
import { type DecisionInput, planOf } from "./decide.ts";
import { usdText } from "./format.ts";
import { offeredGpu } from "./gpu-cloud-offer.ts";
import type { Totals } from "./monthly-bills.ts";
import type { PlannedItem, PlannedNodes } from "./planned.ts";
import { preparePlan } from "./prepare.ts";
import { type Projector, projector } from "./projection.ts";
import { found, type Lookup, missing, type Provenance } from "./provenance.ts";
import { AS_PLANNED } from "./scenario.ts";
import { SECONDS_PER_HOUR } from "./units.ts";

/** `reason` says what has to be stated before it can be priced. */
export type OptionResult =
  | {
      readonly option: string;
      readonly label: string;
      readonly priced: true;
      /** Spent once, before it runs. */
      readonly oneOffUsd: number;
      readonly usdPerMonth: number;
      /** Against staying, the one-off spread over the horizon. */
      readonly savingUsdPerMonth: number;
      /** Months until the one-off is repaid; null when never. */
      readonly paybackMonths: number | null;
      /** What it was computed from, with sources. */
      readonly inputs: readonly string[];
    }
  | { readonly option: string; readonly label: string; readonly priced: false; readonly reason: string };

const SECONDS_PER_MINUTE = 60;
/** As many replicas as a model may need: serverless offers no bound of its own. */
const UNBOUNDED = 1000;

/** GPUs billed by the second a worker is up. */
export interface ServerlessOffer extends Provenance {
  readonly provider: string;
  /** Catalogue name. */
  readonly gpu: string;
  readonly usdPerGpuSecond: number;
  /** Until a worker that was off answers. */
  readonly coldStartSeconds: number;
  /** How long an idle worker stays up, billed. */
  readonly idleSeconds: number;
}

/** A large model's answers train a small one, which then serves as one of the plan's models. */
export interface Distillation extends Provenance {
  /** The plan's model that is trained. */
  readonly student: string;
  /** API model that is sampled, `provider/model`. */
  readonly teacher: string;
  readonly samples: number;
  readonly inputTokensPerSample: number;
  readonly outputTokensPerSample: number;
  readonly trainingGpuHours: number;
  readonly usdPerGpuHour: number;
  readonly peopleHours: number;
}

/** What has to be stated before an option can be priced. */
export interface StatedOptions {
  readonly serverless: readonly ServerlessOffer[];
  readonly distillation?: Distillation | undefined;
}

type Priced = Extract<OptionResult, { priced: true }>;

/** Other ways to the same answers, each priced from the catalogue or from what the config states, or said to be unpriced. */
export function comparedOptions(input: DecisionInput, projected: Projector): readonly OptionResult[] {
  const offers = input.options?.serverless ?? [];
  return [
    brokered(input),
    ...(offers.length === 0
      ? [
          unpriced(
            "serverless",
            "serverless GPUs",
            "state price per GPU-second and cold start under economics.options.serverless",
          ),
        ]
      : offers.map((offer) => serverless(input, offer))),
    distillation(input, projected),
  ];
}

const unpriced = (option: string, label: string, reason: string): OptionResult => ({
  option,
  label,
  priced: false,
  reason,
});

function priced(option: string, label: string, totals: Totals, inputs: readonly string[]): Priced {
  return {
    option,
    label,
    priced: true,
    oneOffUsd: 0,
    usdPerMonth: totals.owningUsdPerMonth,
    savingUsdPerMonth: totals.savingUsdPerMonth,
    paybackMonths: totals.savingUsdPerMonth > 0 ? 0 : null,
    inputs,
  };
}

function totalsOf(input: DecisionInput): Lookup<Totals> {
  const prepared = preparePlan(planOf(input), input.catalog);
  const [gap] = prepared.missing;
  return gap === undefined ? found(projector(prepared).totals(AS_PLANNED)) : missing(`${gap.resource}: ${gap.reason}`);
}

const isPool = (item: PlannedItem): item is PlannedNodes => item.kind === "nodes" && item.pool !== undefined;

const AROUND = "platform and people as planned";

/** The same fleet on GPUs of the cheapest cloud or broker of the market overview, on demand. */
function brokered(input: DecisionInput): OptionResult {
  const label = "the same fleet at a GPU cloud";
  const { pools } = planOf(input).priced;
  const sources: string[] = [];
  const items: PlannedItem[] = [];
  for (const item of input.items) {
    const pool = isPool(item) ? pools.find(({ name }) => name === item.pool) : undefined;
    if (!isPool(item) || pool === undefined) {
      items.push(item);
      continue;
    }
    const offer = input.catalog.gpuClouds
      .filter((row) => row.basis === "on-demand" && offeredGpu(row) === pool.gpu.name)
      .toSorted((a, b) => a.minUsdPerGpuHour - b.minUsdPerGpuHour)[0];
    if (offer === undefined)
      return unpriced("brokered", label, `no GPU cloud of the catalogue offers ${pool.gpu.name}`);
    const { provider, minUsdPerGpuHour, source, date } = offer;
    sources.push(`${pool.gpu.name} at ${provider}: ${usdText(minUsdPerGpuHour)} per GPU-hour (${source}, ${date})`);
    items.push({
      ...item,
      hardware: {
        kind: "stated",
        gpu: pool.gpu.name,
        gpusPerNode: pool.gpusPerNode,
        usdPerNodeHour: minUsdPerGpuHour * pool.gpusPerNode,
        provenance: { source, date },
      },
    });
  }
  const totals = totalsOf({ ...input, items });
  if (!totals.ok) return unpriced("brokered", label, totals.reason);
  return priced("brokered", label, totals.value, [...sources, AROUND]);
}

/** Every replica a worker of its own that is up from its first request until it has been idle for long enough. */
function serverless(input: DecisionInput, offer: ServerlessOffer): OptionResult {
  const { provider, gpu, usdPerGpuSecond, coldStartSeconds, idleSeconds, source, date } = offer;
  const label = `serverless ${gpu} at ${provider}`;
  const workers = input.models.map(
    ({ name, gpusPerReplica }): PlannedNodes => ({
      kind: "nodes",
      resource: `workers of ${name}`,
      pool: name,
      hardware: {
        kind: "stated",
        gpu,
        gpusPerNode: gpusPerReplica,
        usdPerNodeHour: usdPerGpuSecond * SECONDS_PER_HOUR * gpusPerReplica,
        provenance: { source, date },
      },
      scaling: "elastic",
      minNodes: 0,
      maxNodes: UNBOUNDED,
      behavior: {
        startMinutes: coldStartSeconds / SECONDS_PER_MINUTE,
        coolDownMinutes: idleSeconds / SECONDS_PER_MINUTE,
        interruptionsPerMonth: 0,
      },
    }),
  );
  const totals = totalsOf({
    ...input,
    items: [...input.items.filter((item) => !isPool(item)), ...workers],
    models: input.models.map((model) => ({ ...model, pool: model.name, minReplicas: 0, maxReplicas: UNBOUNDED })),
  });
  if (!totals.ok) return unpriced("serverless", label, totals.reason);
  return priced("serverless", label, totals.value, [
    `${usdPerGpuSecond} US dollars per GPU-second, cold start ${coldStartSeconds} s, idle ${idleSeconds} s (${source}, ${date})`,
    AROUND,
  ]);
}

/** The plan with the one-off cost of training the model it serves. */
function distillation(
  { options, catalog, models, operations, terms, today }: DecisionInput,
  projected: Projector,
): OptionResult {
  const stated = options?.distillation;
  const label = "distillation";
  if (stated === undefined)
    return unpriced(
      "distillation",
      label,
      "state teacher, student, samples and training under economics.options.distillation",
    );
  const { student, teacher, samples, inputTokensPerSample, outputTokensPerSample, source, date } = stated;
  const { trainingGpuHours, usdPerGpuHour, peopleHours } = stated;
  const name = `distillation of ${teacher} into ${student}`;
  if (!models.some((model) => model.name === student))
    return unpriced("distillation", name, `no model is named ${student}`);
  const api = catalog.apiModel(teacher);
  if (!api.ok) return unpriced("distillation", name, api.reason);
  const size = { inputTokens: inputTokensPerSample, outputTokens: outputTokensPerSample, cachedInputShare: 0 };
  const price = requestPrice(api.value, size, today);
  if (!price.ok) return unpriced("distillation", name, price.reason);
  const samplingUsd = samples * price.value.batchUsd * (1 - terms.apiDiscount);
  const trainingUsd = trainingGpuHours * usdPerGpuHour;
  const peopleUsd = peopleHours * operations.engineerUsdPerHour;
  const oneOffUsd = samplingUsd + trainingUsd + peopleUsd;
  const { owningUsdPerMonth, savingUsdPerMonth } = projected.totals(AS_PLANNED);
  return {
    option: "distillation",
    label: name,
    priced: true,
    oneOffUsd,
    usdPerMonth: owningUsdPerMonth,
    savingUsdPerMonth: savingUsdPerMonth - oneOffUsd / terms.horizonMonths,
    paybackMonths: savingUsdPerMonth > 0 ? oneOffUsd / savingUsdPerMonth : null,
    inputs: [
      `${samples.toLocaleString("en-US")} samples of ${teacher}: ${usdText(samplingUsd)} (${api.value.source}, ${api.value.date})`,
      `${trainingGpuHours} GPU-hours at ${usdText(usdPerGpuHour)}: ${usdText(trainingUsd)} (${source}, ${date})`,
      `${peopleHours} h of people: ${usdText(peopleUsd)}`,
      "the student serves as this plan serves it, against this plan's baseline",
    ],
  };
}
