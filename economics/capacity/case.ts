import type { Gpu } from "../gpu.ts";
import type { CatalogModel } from "../model.ts";
import { found, type Lookup, missing } from "../provenance.ts";
import { PRECISIONS } from "../serving.ts";
import type { AnchorIndex } from "./anchors.ts";
import { parseLoad, stagesIn } from "./load-text.ts";
import { benchmarkDeployment, benchmarkSize, type Setting } from "./measurement.ts";
import { memoryFit } from "./memory.ts";
import { benchmarkPrecision, engineNamed, modelNameCandidates, precisionIn } from "./names.ts";
import { type Prediction, predict } from "./predict.ts";

/** One row of a benchmark table, as text. */
export interface CaseText {
  readonly engine: string;
  readonly version: string;
  readonly model: string;
  readonly precision: string;
  readonly gpu: string;
  readonly gpus: string;
  readonly tp: string;
  readonly isl: string;
  readonly osl: string;
  readonly concurrency: string;
}

/** What cases are resolved with. */
export interface CaseFacts {
  readonly anchors: AnchorIndex;
  model(name: string): Lookup<CatalogModel>;
  gpu(name: string): Lookup<Gpu>;
}

/** The model of a name as repositories write it. */
export function modelNamed(name: string, facts: Pick<CaseFacts, "model">): Lookup<CatalogModel> {
  for (const candidate of modelNameCandidates(name)) {
    const model = facts.model(candidate);
    if (model.ok) return model;
  }
  return facts.model(name);
}

/** A positive number in a cell; 0 for an empty cell; undefined for anything else. */
function numberIn(cell: string): number | undefined {
  if (cell.trim() === "") return 0;
  const value = Number(cell);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/** Tokens may be a mean, and are rounded. */
function tokensIn(cell: string): number | undefined {
  const value = numberIn(cell);
  return value === undefined || value === 0 ? value : Math.max(1, Math.round(value));
}

function countIn(cell: string): number | undefined {
  const value = numberIn(cell);
  return Number.isInteger(value) ? value : undefined;
}

/** Refuses what cannot run. Engines were seen to use nearly all memory, so only that is a limit here. */
const ALL_MEMORY = 1;

/** `8`, `TP8`, `DEP8` (expert parallel), `PP2`, `TP4PP2`: GPUs per replica, pipeline stages and the way they share the model. */
const PARALLELISM = /^(?:(DEP|TP)?(\d+))?\s*[+x, ]?\s*(?:PP(\d+))?$/i;

function parallelismOf(tp: string, load: string) {
  const match = tp.trim().match(PARALLELISM);
  if (match === null) return undefined;
  const [, kind = "", ranks, stated] = match;
  // Tables that name stages in the load text count them among the GPUs of `tp`.
  const stages = stated === undefined ? 1 : Number(stated);
  const inText = stated === undefined ? stagesIn(load) : stages;
  if (Number(ranks) === 0 || stages === 0 || inText === 0) return undefined;
  return {
    ranks: ranks === undefined && stated === undefined ? 0 : Number(ranks ?? 1) * stages,
    stages: inText,
    expertParallel: /DEP/i.test(kind),
  };
}

function settingOf(row: CaseText, model: CatalogModel): Lookup<Setting> {
  const engine = engineNamed(row.engine);
  if (engine === undefined) return missing(`engine "${row.engine}" is not known; known: vllm, sglang, tensorrt-llm`);
  const parallelism = parallelismOf(row.tp, row.concurrency);
  const gpus = countIn(row.gpus);
  const inputTokens = tokensIn(row.isl);
  const outputTokens = tokensIn(row.osl);
  if (gpus === undefined || parallelism === undefined)
    return missing(`gpus "${row.gpus}" and tp "${row.tp}": expected whole numbers, tp also as DEP8 or TP4PP2`);
  const { ranks, stages, expertParallel } = parallelism;
  if (gpus > ranks && ranks > 0 && gpus % ranks !== 0)
    return missing(`${gpus} GPUs do not divide into replicas of ${ranks}; gpus must be a multiple of tp`);
  if (row.precision.trim() !== "" && precisionIn(row.precision) === undefined)
    return missing(`precision "${row.precision}" is not known; expected ${PRECISIONS.join(", ")}, or empty`);
  if (inputTokens === undefined) return missing(`isl "${row.isl}" is not a number of tokens`);
  if (!outputTokens) return missing(`osl "${row.osl}" is not a number of tokens`);
  const isUnstated = ranks === 0 && /^mlperf/i.test(row.concurrency.trim());
  const all = Math.max(gpus, ranks, 1);
  return found({
    engine,
    version: row.version.trim().replace(/^v(?=\d)/, ""),
    precision: benchmarkPrecision(row.precision, row.model, model.nativePrecision),
    gpus: all,
    tensorParallel: isUnstated ? 0 : ranks === 0 ? all : ranks,
    expertParallel,
    pipelineStages: stages,
    inputTokens,
    outputTokens,
  });
}

/**
 * Predicts one row; the reason of a failure names the cell and what would do. `prefixCacheShare` is the share of the
 * prompt found in the cache, 0 to 1.
 */
export function predictCase(row: CaseText, facts: CaseFacts, prefixCacheShare = 0): Lookup<Prediction> {
  const model = modelNamed(row.model, facts);
  if (!model.ok) return model;
  const gpu = facts.gpu(row.gpu.trim());
  if (!gpu.ok) return gpu;
  const load = parseLoad(row.concurrency);
  if (!load.ok) return load;
  const setting = settingOf(row, model.value);
  if (!setting.ok) return setting;
  const { inputTokens, outputTokens, expertParallel } = setting.value;
  const deployment = benchmarkDeployment(setting.value, model.value, gpu.value);
  const fit = memoryFit({
    ...deployment,
    gpuMemoryUtilization: ALL_MEMORY,
    maxContextTokens: Math.max(1, inputTokens + outputTokens),
    model: expertParallel ? { ...model.value, attentionHeads: deployment.gpusPerReplica } : model.value,
  });
  if (!fit.ok) return fit;
  const query = {
    deployment,
    version: setting.value.version,
    size: { ...benchmarkSize(setting.value), prefixCacheShare },
    isInputStated: inputTokens > 0,
    load: load.value,
  };
  const prediction = predict(query, facts.anchors);
  if (prediction.ok && inputTokens === 0 && prediction.value.evidence.anchors.length === 0)
    return missing(
      "isl is empty and nothing of unstated prompt length was measured on this model and engine; state isl",
    );
  return prediction;
}
