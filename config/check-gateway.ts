import { checkCapture } from "./check-capture.ts";
import { checkExternalSecrets } from "./check-external-secrets.ts";
import type { ModelConfig } from "./model.ts";
import type { WellFormedParts } from "./parse.ts";
import type { PlatformConfig } from "./platform.ts";
import { type ConfigProblem, named, pathOf, shown } from "./problems.ts";

type Task = PlatformConfig["tasks"][string];
type Gateway = PlatformConfig["gateway"];
export type Add = (path: readonly PropertyKey[], message: string) => void;

/** Ends of the names of model groups the gateway makes beside each task's own. */
const SIDES = ["-local", "-ext"];

const listed = (names: readonly string[]): string => names.map(named).join(", ") || "none";

/** Checks of routes, keys, limits and timeouts. Each message names both paths. */
export function checkGateway(parts: WellFormedParts): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const add: Add = (path, message) => problems.push({ path: pathOf(path), message });
  checkGroupNames(parts, add);
  for (const [name, task] of Object.entries(parts.tasks)) checkRoutes(name, task, parts, add);
  checkCapture(parts, add);
  checkExternalSecrets(parts, add);
  if (parts.gateway === undefined) return problems;
  checkClients(parts.gateway, parts, add);
  checkTimeouts(parts.gateway, parts, add);
  checkSharing(parts.gateway, parts, add);
  checkBudgets(parts.gateway, parts, add);
  return problems;
}

/** `chat-ext` beside `chat` would answer for both. */
function checkGroupNames({ names }: WellFormedParts, add: Add): void {
  const tasks = names.tasks ?? [];
  for (const task of tasks)
    for (const side of SIDES)
      if (tasks.includes(`${task}${side}`))
        add(
          ["tasks", `${task}${side}`],
          `has the name of a model group the gateway makes for ${pathOf(["tasks", task])}; rename the task`,
        );
}

function checkRoutes(name: string, task: Task, parts: WellFormedParts, add: Add): void {
  const { dataClass, apiModel, secondApiModel, difficulty, answerCheck, escalationRate } = task;
  const path = ["tasks", name] as const;
  const where = (field: string) => pathOf([...path, field]);
  if (secondApiModel !== undefined) {
    if (dataClass === "restricted")
      add(
        [...path, "secondApiModel"],
        `${shown(secondApiModel)} is an external API and ${where("dataClass")} is "restricted"; remove it`,
      );
    else if (secondApiModel === apiModel)
      add(
        [...path, "secondApiModel"],
        `${shown(secondApiModel)} is ${where("apiModel")} as well; name another one, or leave it out`,
      );
  }
  if (answerCheck !== undefined) {
    if (dataClass === "restricted")
      add([...path, "answerCheck"], `asks an external API again and ${where("dataClass")} is "restricted"; remove it`);
    else if (escalationRate === 0)
      add(
        [...path, "answerCheck"],
        `asks the API again and ${where("escalationRate")} is 0, so nobody plans to pay for it; state the share you expect`,
      );
    else if (answerCheck.maxShare !== undefined && answerCheck.maxShare > escalationRate)
      add(
        [...path, "answerCheck", "maxShare"],
        `${answerCheck.maxShare} is above ${where("escalationRate")} (${escalationRate}), which is what the plan pays for; lower it or raise the rate`,
      );
  }
  if (difficulty !== undefined) checkDifficulty(path, task, difficulty, parts, add);
}

function checkDifficulty(
  path: readonly string[],
  { selfHosted, dataClass }: Task,
  { classifier, tiers }: NonNullable<Task["difficulty"]>,
  { names }: WellFormedParts,
  add: Add,
): void {
  const own = selfHosted.map(({ model }) => model);
  if (!names.models.includes(classifier))
    add(
      [...path, "difficulty", "classifier"],
      `unknown model ${shown(classifier)}; declared under models: ${listed(names.models)}`,
    );
  for (const [tier, model] of Object.entries(tiers)) {
    if (model === "api" && dataClass === "restricted")
      add(
        [...path, "difficulty", "tiers", tier],
        `"api" is external and ${pathOf([...path, "dataClass"])} is "restricted"; name a model of ${pathOf([...path, "selfHosted"])}`,
      );
    else if (model !== "api" && !own.includes(model))
      add(
        [...path, "difficulty", "tiers", tier],
        `${shown(model)} is not in ${pathOf([...path, "selfHosted"])} (${listed(own)}); name one of them, or "api"`,
      );
  }
}

function checkClients({ clients }: Gateway, { names }: WellFormedParts, add: Add): void {
  const tasks = names.tasks ?? [];
  if (Object.keys(clients).length === 0)
    add(["gateway", "clients"], "is empty, so nobody gets a key; name at least one client, or leave it out");
  for (const [client, { tasks: allowed }] of Object.entries(clients))
    allowed?.forEach((task, index) => {
      if (!tasks.includes(task))
        add(
          ["gateway", "clients", client, "tasks", index],
          `unknown task ${shown(task)}; declared under tasks: ${listed(tasks)}`,
        );
      else if (allowed.indexOf(task) < index)
        add(["gateway", "clients", client, "tasks", index], `${shown(task)} is listed twice; remove one`);
    });
}

/** A wait that ends before a model within its targets has answered turns good answers into API calls. */
function checkTimeouts({ timeoutSeconds, streamTimeoutSeconds }: Gateway, parts: WellFormedParts, add: Add): void {
  for (const [name, { selfHosted, outputTokensPerRequest }] of Object.entries(parts.tasks))
    for (const { model } of selfHosted) {
      const slo = parts.models[model]?.slo;
      if (slo === undefined) continue;
      const wholeSeconds = meanSeconds(slo, outputTokensPerRequest);
      if (timeoutSeconds !== undefined && timeoutSeconds < wholeSeconds)
        add(
          ["gateway", "timeoutSeconds"],
          `${timeoutSeconds} is shorter than a mean answer of ${pathOf(["tasks", name])} within ${pathOf(["models", model, "slo"])} (${wholeSeconds.toFixed(1)} s); raise it, or leave it out`,
        );
    }
  if (streamTimeoutSeconds === undefined) return;
  for (const [model, { slo }] of Object.entries(parts.models)) {
    const slowestMs = Math.max(slo.ttftMs, slo.tpotMs);
    if (streamTimeoutSeconds * 1000 < slowestMs)
      add(
        ["gateway", "streamTimeoutSeconds"],
        `${streamTimeoutSeconds} is shorter than ${pathOf(["models", model, "slo"])} (${slowestMs} ms); raise it, or leave it out`,
      );
  }
}

const meanSeconds = ({ ttftMs, tpotMs }: ModelConfig["slo"], outputTokens: number): number =>
  (ttftMs + outputTokens * tpotMs) / 1000;

const LIMITS = ["requestsPerMinute", "tokensPerMinute", "parallelRequests"] as const;

/** Pods count for themselves; without a place to share, every limit holds once per pod. */
function checkSharing(gateway: Gateway, { tasks, cluster }: WellFormedParts, add: Add): void {
  const { replicas, maxReplicas, redis, clients, apiBudgets } = gateway;
  if (maxReplicas !== undefined && maxReplicas < replicas)
    add(
      ["gateway", "maxReplicas"],
      `${maxReplicas} is below gateway.replicas (${replicas}); raise it, or leave it out`,
    );
  const restricted = Object.entries(tasks).find(([, { dataClass }]) => dataClass === "restricted");
  if (redis !== undefined && redis.kind !== "in-cluster" && restricted !== undefined)
    add(
      ["gateway", "redis", "kind"],
      `${shown(redis.kind)} is outside the cluster and ${pathOf(["tasks", restricted[0], "dataClass"])} is "restricted"; use "in-cluster"`,
    );
  if (redis?.kind === "elasticache" && cluster?.kind === "existing")
    add(
      ["gateway", "redis", "kind"],
      '"elasticache" is made in AWS and cluster.kind is "existing"; use "in-cluster" or "endpoint"',
    );
  if (redis !== undefined || (maxReplicas ?? 2 * replicas) === 1) return;
  const fix = `needs gateway.redis, as gateway.${maxReplicas === undefined ? "replicas" : "maxReplicas"} allows more than one pod; add it, or set gateway.replicas and gateway.maxReplicas to 1`;
  for (const [client, limits] of Object.entries(clients))
    for (const limit of LIMITS) if (limits[limit] !== undefined) add(["gateway", "clients", client, limit], fix);
  for (const provider of Object.keys(apiBudgets)) add(["gateway", "apiBudgets", provider], fix);
}

function checkBudgets({ apiBudgets }: Gateway, { tasks }: WellFormedParts, add: Add): void {
  const models = Object.values(tasks).flatMap(({ apiModel, secondApiModel }) => [apiModel, secondApiModel]);
  const used = [...new Set(models.filter((model) => model !== undefined).map((model) => model.split("/")[0] ?? ""))];
  for (const provider of Object.keys(apiBudgets))
    if (!used.includes(provider))
      add(
        ["gateway", "apiBudgets", provider],
        `caps a provider that no task calls; tasks.*.apiModel and secondApiModel name: ${listed(used)}`,
      );
}
