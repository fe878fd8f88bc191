import type { WellFormedParts } from "./parse.ts";
import { type ConfigProblem, shown } from "./problems.ts";
import { type Place, problemsOfEach } from "./problems-of-each.ts";
import { isScaled } from "./scaling.ts";

type Model = WellFormedParts["models"][string];

/** Checks of how models are served: parallelism, weights, adapters, guesses, scaling. */
export function checkServing(parts: WellFormedParts): readonly ConfigProblem[] {
  return [
    ...problemsOfEach("models", parts.models, (model, place) => {
      checkStages(model, place);
      checkWeights(parts, model, place);
      checkAdapters(model, place);
      checkGuesses(model, place);
      checkZero(parts, model, place);
      checkRouting(model, place);
    }),
    ...checkMetrics(parts),
  ];
}

function checkStages({ gpusPerReplica, pipelineStages, measured }: Model, { path, add }: Place): void {
  if (pipelineStages === 1) return;
  if (gpusPerReplica % pipelineStages !== 0)
    add(
      "pipelineStages",
      `${pipelineStages} does not divide ${path}.gpusPerReplica (${gpusPerReplica}); use a divisor`,
    );
  if (measured === undefined)
    add(
      "measured",
      `is missing and ${path}.pipelineStages is ${pipelineStages}; no published figure covers pipelines, state your own`,
    );
}

/** Names of the tasks whose data may not leave that a model answers. */
const restrictedTasks = ({ tasks }: WellFormedParts, name: string): readonly string[] =>
  Object.entries(tasks).flatMap(([task, { dataClass, selfHosted }]) =>
    dataClass === "restricted" && selfHosted.some(({ model }) => model === name) ? [task] : [],
  );

function checkWeights(parts: WellFormedParts, { weights }: Model, { name, path, add }: Place): void {
  const { cluster } = parts;
  const { cache, s3Uri, image } = weights;
  const given = Object.entries({ cache, s3Uri, image }).flatMap(([source, value]) =>
    value === undefined ? [] : [source],
  );
  if (given.length > 1) add("weights", `come from ${given.join(" and ")}; keep one of them`);
  if (cache !== undefined && cluster?.kind === "eks")
    add("weights.cache", `needs a shared file system, whose price is not known on "eks"; use ${path}.weights.s3Uri`);
  if (s3Uri !== undefined && cluster?.kind === "existing")
    add("weights.s3Uri", `is read through a role of "eks" and cluster.kind is "existing"; use ${path}.weights.cache`);
  const [restricted] = restrictedTasks(parts, name);
  if (restricted === undefined) return;
  const because = `task ${restricted} is restricted`;
  if (given.length === 0)
    add(
      "weights",
      `are fetched from the internet by the pods that serve them and ${because}; give ${cluster?.kind === "eks" ? "s3Uri" : "cache"} or image`,
    );
  else if (s3Uri !== undefined && cluster?.kind === "eks" && !cluster.network.interfaceEndpoints.includes("s3"))
    add(
      "weights.s3Uri",
      `is reached at public addresses and ${because}; add "s3" to cluster.network.interfaceEndpoints`,
    );
}

function checkAdapters({ serving: { loraAdapters }, weights }: Model, { path, add }: Place): void {
  if (loraAdapters === undefined) return;
  const { adapters, maxPerBatch, maxInMemory } = loraAdapters;
  if (Object.keys(adapters).length === 0)
    add("serving.loraAdapters.adapters", "is empty; name an adapter or remove the section");
  if (weights.cache === undefined)
    add("serving.loraAdapters", `needs ${path}.weights.cache: only there is the revision of an adapter pinned`);
  if (maxInMemory !== undefined && maxInMemory < maxPerBatch)
    add(
      "serving.loraAdapters.maxInMemory",
      `${maxInMemory} is below ${path}.serving.loraAdapters.maxPerBatch (${maxPerBatch}); raise it`,
    );
}

/** A second model comes from the hub, so the pods must have a way there or a volume that holds it. */
function checkGuesses({ serving: { speculativeDecoding: given }, weights }: Model, { path, add }: Place): void {
  if (given === undefined || !("huggingFaceId" in given)) return;
  const source = weights.s3Uri !== undefined ? "s3Uri" : weights.image !== undefined ? "image" : undefined;
  if (source !== undefined)
    add(
      "serving.speculativeDecoding.kind",
      `${shown(given.kind)} fetches a second model from the hub and ${path}.weights.${source} leaves no way there; use "ngram" or "mtp"`,
    );
}

function checkZero(parts: WellFormedParts, { replicas, pool }: Model, { name, add }: Place): void {
  if (replicas.min > 0 || parts.cluster === undefined) return;
  if (!isScaled({ cluster: parts.cluster, pools: parts.pools }, pool)) return;
  const stuck = Object.entries(parts.tasks).find(
    ([, { selfHosted, apiModel }]) => apiModel === undefined && selfHosted.some(({ model }) => model === name),
  );
  if (stuck !== undefined)
    add(
      "replicas.min",
      `is 0 and tasks.${stuck[0]} has no API model that answers while a replica starts; keep one replica, set it to 1`,
    );
}

/** A router without a choice, or without caches to choose by, only adds a hop. */
function checkRouting({ routing, replicas, serving }: Model, { path, add }: Place): void {
  if (routing !== "prefix-aware") return;
  if (replicas.max < 2)
    add("routing", `"prefix-aware" has one replica to choose from; raise ${path}.replicas.max or use "service"`);
  if (!serving.prefixCaching)
    add(
      "routing",
      `"prefix-aware" needs caches and ${path}.serving.prefixCaching is false; enable it or use "service"`,
    );
}

/** What is scaled is scaled by metrics. */
function checkMetrics({ cluster, pools, monitoring }: WellFormedParts): readonly ConfigProblem[] {
  if (cluster === undefined || monitoring === undefined) return [];
  const scaled = Object.keys(pools).find((pool) => isScaled({ cluster, pools }, pool));
  if (scaled === undefined) return [];
  if (!monitoring.enabled)
    return [
      {
        path: "monitoring.enabled",
        message: `is false and replicas on pools.${scaled} are scaled by metrics; set it to true`,
      },
    ];
  const isInstalled = monitoring.install ?? cluster.kind === "eks";
  return isInstalled || monitoring.prometheusUrl !== undefined
    ? []
    : [
        {
          path: "monitoring.prometheusUrl",
          message: `is missing, none is installed, and replicas on pools.${scaled} are scaled by metrics; give the address of the cluster's Prometheus`,
        },
      ];
}
