import { requestPrice } from "../economics/api-bill.ts";
import type { ApiModel } from "../economics/api-price.ts";
import { meanUsd } from "../economics/baseline.ts";
import { type CapacityEstimate, estimateCapacity } from "../economics/capacity/estimate.ts";
import type { PurchaseOption } from "../economics/offering.ts";
import type { Lookup } from "../economics/provenance.ts";
import type { Precision } from "../economics/serving.ts";
import { HOURS_PER_MONTH, MILLION } from "../economics/units.ts";
import type { Facts, Range } from "./claim.ts";

/** The articles count 30 days to a month; their totals only come out with it. */
export const ARTICLE_DAYS_PER_MONTH = 30;

/** The value of a look-up a claim rests on. Throws when the catalogue lacks it: then the claim's code is wrong. */
export function known<T>(lookup: Lookup<T>): T {
  if (lookup.ok) return lookup.value;
  throw new Error(lookup.reason);
}

/** An API model at the price a claim states, US dollars per million tokens. */
export const apiAt = (input: number, output: number): ApiModel => ({
  name: "published/price",
  provider: "published",
  model: "price",
  tiers: [{ aboveInputTokens: 0, inputUsdPerMillion: input, outputUsdPerMillion: output }],
  source: "the claim itself",
  date: "2024-01-01",
});

/** What requests of this size cost on an API, US dollars. */
export function apiUsd(
  api: ApiModel,
  requests: number,
  inputTokens: number,
  outputTokens: number,
  today: string,
): number {
  const price = known(requestPrice(api, { inputTokens, outputTokens, cachedInputShare: 0 }, today));
  return requests * meanUsd(price, 0);
}

/** What a million tokens cost when `inputShare` of them are input. */
export const mixedUsdPerMillion = (api: ApiModel, inputShare: number, today: string): number =>
  apiUsd(api, MILLION / 1000, 1000 * inputShare, 1000 * (1 - inputShare), today);

/** The input share at which a million tokens cost `usdPerMillion`: the price is linear in it. */
export function inputShareFor(api: ApiModel, usdPerMillion: number, today: string): number {
  const allOutput = mixedUsdPerMillion(api, 0, today);
  return (allOutput - usdPerMillion) / (allOutput - mixedUsdPerMillion(api, 1, today));
}

/** Hourly prices of one GPU on the market of the catalogue, US dollars: other clouds' offers and AWS in every region. */
export function gpuHourUsd(
  { catalog }: Facts,
  catalogGpu: string,
  cloudGpu: string,
  purchases: readonly PurchaseOption[] = ["on-demand", "spot", "commit-1y", "commit-3y", "capacity-block"],
): Range {
  const types = new Map(
    catalog.instanceTypes.filter(({ gpu }) => gpu === catalogGpu).map(({ name, gpuCount }) => [name, gpuCount]),
  );
  const aws = catalog.offerings.flatMap(({ instanceType, purchase, usd }) => {
    const gpus = types.get(instanceType);
    return gpus === undefined || !purchases.includes(purchase) ? [] : [usd / gpus];
  });
  const clouds = catalog.gpuClouds
    .filter(({ gpu, basis }) => gpu === cloudGpu && purchases.includes(basis === "preemptible" ? "spot" : basis))
    .flatMap(({ minUsdPerGpuHour, maxUsdPerGpuHour }) => [minUsdPerGpuHour, maxUsdPerGpuHour]);
  const all = [...aws, ...clouds];
  if (all.length === 0) throw new Error(`no price of ${catalogGpu} in the catalogue`);
  return [Math.min(...all), Math.max(...all)];
}

/** US dollars per GPU-hour that a monthly amount for `gpus` GPUs comes to. */
export const perGpuHour = (usdPerMonth: number, gpus: number): number => usdPerMonth / gpus / HOURS_PER_MONTH;

/** AWS node-hour price, US dollars. */
export const awsUsd = ({ catalog }: Facts, instanceType: string, purchase: PurchaseOption): number =>
  known(catalog.offering("us-east-1", instanceType, purchase)).usd;

export interface ReplicaQuery {
  readonly model: string;
  readonly gpu: string;
  readonly gpus: number;
  readonly precision: Precision;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Requests per second of one replica at the config's default latency targets: first token in 2 s, 50 ms per token. */
export function replicaCapacity({ catalog }: Facts, query: ReplicaQuery): Lookup<CapacityEstimate> {
  const { inputTokens, outputTokens, precision } = query;
  return estimateCapacity(
    {
      model: known(catalog.model(query.model)),
      gpu: known(catalog.gpu(query.gpu)),
      gpusPerReplica: query.gpus,
      precision,
      inputTokens,
      outputTokens,
      maxConcurrentSequences: 256,
      gpuMemoryUtilization: 0.9,
      maxContextTokens: inputTokens + outputTokens,
      slo: { ttftMs: 2000, tpotMs: 50 },
    },
    catalog.anchors,
  );
}

/** The same API model in the catalogue, or undefined: what is not listed is not compared. */
export function listed({ catalog }: Facts, name: string): ApiModel | undefined {
  const api = catalog.apiModel(name);
  return api.ok ? api.value : undefined;
}

export const basePrice = (api: ApiModel): { input: number; output: number } => {
  const tier = api.tiers[0];
  return { input: tier?.inputUsdPerMillion ?? Number.NaN, output: tier?.outputUsdPerMillion ?? Number.NaN };
};
