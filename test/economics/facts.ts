import { loadCatalog } from "../../catalog/load.ts";
import { POOL_BEHAVIOR, UNCERTAINTY } from "../../economics/assumptions.ts";
import type { Gpu } from "../../economics/gpu.ts";
import type { CatalogModel } from "../../economics/model.ts";
import type { Operations, Terms } from "../../economics/plan.ts";
import type { Lookup } from "../../economics/provenance.ts";
import type { Pool, ServedModel } from "../../economics/serving.ts";
import type { Task } from "../../economics/task.ts";

/** Small plans that tests vary one field at a time. Figures come from the real catalogue. */
export const catalog = loadCatalog();

function orThrow<T>(lookup: Lookup<T>): T {
  if (!lookup.ok) throw new Error(lookup.reason);
  return lookup.value;
}

export const gpu = (name: string): Gpu => orThrow(catalog.gpu(name));
export const model = (name: string): CatalogModel => orThrow(catalog.model(name));
export const apiModel = (name: string) => orThrow(catalog.apiModel(name));

export const task = (changes: Partial<Task> = {}): Task => ({
  requestsPerDay: 100_000,
  inputTokensPerRequest: 1000,
  outputTokensPerRequest: 200,
  cachedInputShare: 0,
  prefixCacheShare: 0,
  batchableShare: 0,
  batchTiming: "even",
  week: "flat",
  monthlyGrowth: 0,
  dataClass: "internal",
  apiModel: "openai/gpt-6.1-terra",
  selfHosted: [{ model: "small", share: 1 }],
  escalationRate: 0,
  successRate: { selfHosted: 1, api: 1 },
  failureUsd: 0,
  retryRate: 0,
  ...changes,
});

export const served = (changes: Partial<ServedModel> = {}): ServedModel => ({
  name: "small",
  catalogModel: "Qwen3-32B",
  dimensions: model("Qwen3-32B"),
  fineTuned: true,
  precision: "fp8",
  pool: "gpus",
  gpusPerReplica: 1,
  minReplicas: 1,
  maxReplicas: 8,
  maxContextTokens: 8192,
  maxConcurrentSequences: 256,
  gpuMemoryUtilization: 0.9,
  slo: { ttftMs: 2000, tpotMs: 50 },
  ...changes,
});

export const pool = (changes: Partial<Pool> = {}): Pool => ({
  name: "gpus",
  label: "pool gpus",
  gpu: gpu("H100-SXM"),
  gpusPerNode: 8,
  minNodes: 1,
  maxNodes: 1,
  scaling: "fixed",
  usdPerNodeHour: 34.6752,
  isPriceFixed: true,
  behavior: POOL_BEHAVIOR,
  ...changes,
});

export const operations: Operations = {
  engineerUsdPerHour: 100,
  setupHours: 120,
  maintenanceHoursPerMonth: 20,
  onCallHoursPerMonth: 10,
  modelUpdateHoursPerMonth: 5,
  opportunityShare: 0,
  availability: 1,
};

export const terms: Terms = {
  horizonMonths: 12,
  baseline: "current",
  apiPriceDeclinePerYear: 0,
  apiDiscount: 0,
  discountRatePerYear: 0,
  confidence: "optimistic",
  uncertainty: UNCERTAINTY,
};

export const TODAY = "2026-11-21";
