import { checkGateway } from "./check-gateway.ts";
import { checkServing } from "./check-serving.ts";
import { name as nameSchema } from "./fields.ts";
import type { WellFormedParts } from "./parse.ts";
import { type ConfigProblem, named, pathOf, shown } from "./problems.ts";
import { type Place, problemsOfEach } from "./problems-of-each.ts";

/** No fleet of this kind is larger, and packing replicas into nodes takes time that grows with them. */
export const MAX_NODES = 1000;

/** Checks between fields that need no catalogue. Each message names both paths. */
export function checkShapes(parts: WellFormedParts): readonly ConfigProblem[] {
  return [
    ...checkCluster(parts),
    ...checkPools(parts),
    ...checkModels(parts),
    ...checkServing(parts),
    ...checkTasks(parts),
    ...checkGateway(parts),
    ...checkLoadBalancer(parts),
    ...checkJustifications(parts),
  ];
}

const declared = (names: readonly string[]): string => names.map(named).join(", ") || "none";

const repeated = <T>(values: readonly T[]): readonly { readonly value: T; readonly index: number }[] =>
  values.map((value, index) => ({ value, index })).filter(({ value, index }) => values.indexOf(value) < index);

/** Eight blocks of subnets fit, and AWS takes no larger network. */
const VPC_PREFIX = { min: 16, max: 21 };

function checkCluster({ cluster, names }: WellFormedParts): ConfigProblem[] {
  const prefix = cluster?.kind === "eks" ? Number(cluster.network.cidr.split("/")[1]) : VPC_PREFIX.min;
  if (prefix < VPC_PREFIX.min || prefix > VPC_PREFIX.max) {
    const message = `/${prefix} is not allowed; give a range between /${VPC_PREFIX.min} and /${VPC_PREFIX.max}`;
    return [{ path: "cluster.network.cidr", message }];
  }
  if (cluster?.kind === "existing" && cluster.usdPerMonth === undefined && names.pools.length > 0) {
    const message =
      "is missing and there are pools; state amount, source and date of what the cluster itself costs per month, 0 if truly nothing";
    return [{ path: "cluster.usdPerMonth", message }];
  }
  if (cluster?.kind === "eks" && cluster.publicEndpoint && cluster.publicAccessCidrs.length === 0) {
    const message = "is empty and cluster.publicEndpoint is true; list the ranges that may reach the API server";
    return [{ path: "cluster.publicAccessCidrs", message }];
  }
  return [];
}

/** Months a commitment is paid for. */
const COMMITMENT_MONTHS: Readonly<Record<string, number>> = { "commit-1y": 12, "commit-3y": 36 };

function checkPools({ pools, cluster, models, names, economics }: WellFormedParts): ConfigProblem[] {
  const used = new Set(Object.values(models).map(({ pool }) => pool));
  // A model that is broken or names an unknown pool may be meant for any pool.
  const isUseKnown =
    names.models.length === Object.keys(models).length && [...used].every((pool) => names.pools.includes(pool));
  return problemsOfEach("pools", pools, (pool, { name, path, add }) => {
    const { minNodes, maxNodes, zones } = pool;
    if (minNodes > maxNodes)
      add("minNodes", `${minNodes} is above ${path}.maxNodes (${maxNodes}); lower it or raise maxNodes`);
    if (maxNodes > MAX_NODES) add("maxNodes", `${maxNodes} is above ${MAX_NODES}, the most nodes of a pool; lower it`);
    for (const { value, index } of repeated(zones))
      add(`zones[${index}]`, `${shown(value)} is listed twice; remove one`);
    checkHardware(pool, cluster, { name, path, add });
    const months = pool.hardware.kind === "instance" ? (COMMITMENT_MONTHS[pool.hardware.purchase] ?? 0) : 0;
    if (economics !== undefined && months > economics.horizonMonths)
      add(
        "hardware.purchase",
        `is paid for ${months} months and economics.horizonMonths is ${economics.horizonMonths}; look ahead at least ${months} months, or commit for less`,
      );
    if (pool.hardware.kind === "instance" && pool.hardware.purchase === "capacity-block" && zones.length !== 1)
      add(
        "zones",
        `lists ${zones.length} zones and ${path}.hardware.purchase is "capacity-block"; name the one zone of the reservation`,
      );
    if (pool.autoscaler === "provided" && pool.scaling === "fixed")
      add("autoscaler", `"provided" has nothing to scale: ${path}.scaling is "fixed"; use "elastic" or leave it out`);
    if (pool.onDemandFallback && !(pool.scaling === "elastic" && isSpot(pool)))
      add(
        "onDemandFallback",
        `is for elastic spot pools; remove it, or set ${path}.scaling "elastic" and purchase "spot"`,
      );
    if (isUseKnown && !used.has(name) && nameSchema.safeParse(name).success)
      add("", "serves no model; remove the pool or name it as the pool of a model");
  });
}

const isSpot = ({ hardware }: WellFormedParts["pools"][string]): boolean =>
  hardware.kind === "instance" && hardware.purchase === "spot";

function checkHardware(
  { hardware, scaling, minNodes, nodeSelector }: WellFormedParts["pools"][string],
  cluster: WellFormedParts["cluster"],
  { path, add }: Place,
): void {
  if (hardware.kind === "instance") {
    const { purchase, capacityReservationId } = hardware;
    const bought = `${path}.hardware.purchase is ${shown(purchase)}`;
    if (purchase === "capacity-block" && capacityReservationId === undefined)
      add("hardware.capacityReservationId", `is missing and ${bought}; give the id of the reservation (cr-…)`);
    if (purchase === "spot" && capacityReservationId !== undefined)
      add("hardware.capacityReservationId", `is never spot and ${bought}; remove it, or buy "on-demand"`);
    if (scaling === "elastic" && capacityReservationId !== undefined && minNodes === 0)
      add(
        "minNodes",
        `is 0 and ${path}.hardware.capacityReservationId is paid whether used or not; set it to the nodes reserved`,
      );
    if (scaling === "elastic" && purchase !== "on-demand" && purchase !== "spot")
      add("scaling", `"elastic" saves nothing: ${bought}, paid every hour; use "fixed", or buy "on-demand" or "spot"`);
    if (cluster?.kind === "existing")
      add(
        "hardware.kind",
        `"instance" nodes need a cluster they are created on and cluster.kind is "existing"; use "owned" or "rented"`,
      );
    return;
  }
  if (cluster?.kind === "eks")
    add(
      "hardware.kind",
      `${shown(hardware.kind)} nodes join an existing cluster and cluster.kind is "eks"; use "instance"`,
    );
  if (scaling === "elastic" && hardware.kind === "owned")
    add(
      "scaling",
      `"elastic" saves nothing: ${path}.hardware.kind is "owned", which costs the same switched off; use "fixed"`,
    );
  if (cluster?.kind === "existing" && Object.keys(nodeSelector).length === 0)
    add(
      "nodeSelector",
      `is empty and cluster.kind is "existing"; give labels only these nodes have, e.g. nvidia.com/gpu.product`,
    );
  if (hardware.kind === "owned" && hardware.residualUsd > hardware.purchaseUsd)
    add(
      "hardware.residualUsd",
      `${hardware.residualUsd} is above ${path}.hardware.purchaseUsd (${hardware.purchaseUsd}); no node gains worth, lower it`,
    );
}

function checkModels({ models, names }: WellFormedParts): ConfigProblem[] {
  return problemsOfEach(
    "models",
    models,
    ({ catalogModel, custom, weights, replicas, pool, precision, measured, maxContextTokens }, { path, add }) => {
      if (measured !== undefined && measured.inputTokens + measured.outputTokens > maxContextTokens)
        add(
          "measured",
          `of ${measured.inputTokens} + ${measured.outputTokens} tokens is beyond ${path}.maxContextTokens (${maxContextTokens}); correct one of them`,
        );
      const isQuantized = precision !== "bf16" && precision !== "fp8";
      if (
        isQuantized &&
        weights.huggingFaceId === undefined &&
        custom === undefined &&
        !catalogModel?.startsWith("gpt-oss")
      )
        add(
          "weights.huggingFaceId",
          `is missing and ${path}.precision is "${precision}"; name a repository whose weights have that format`,
        );
      if (catalogModel === undefined && custom === undefined)
        add("", `is not described; give ${path}.catalogModel or ${path}.custom`);
      if (catalogModel !== undefined && custom !== undefined)
        add("", `is described twice; remove ${path}.catalogModel or ${path}.custom`);
      if (custom !== undefined) {
        const { activeParametersBillion: active, totalParametersBillion: total, mixtureOfExperts } = custom;
        if (active > total)
          add(
            "custom.activeParametersBillion",
            `${active} is above ${path}.custom.totalParametersBillion (${total}); lower it`,
          );
        if (mixtureOfExperts !== undefined && mixtureOfExperts.expertsPerToken > mixtureOfExperts.experts) {
          const { expertsPerToken, experts } = mixtureOfExperts;
          add(
            "custom.mixtureOfExperts.expertsPerToken",
            `${expertsPerToken} is above ${path}.custom.mixtureOfExperts.experts (${experts}); lower it`,
          );
        }
        if (catalogModel === undefined && weights.huggingFaceId === undefined)
          add(
            "weights.huggingFaceId",
            `is missing and ${path}.custom has no weights of its own; name their repository`,
          );
      }
      if (replicas.min > replicas.max)
        add("replicas.min", `${replicas.min} is above ${path}.replicas.max (${replicas.max}); lower it or raise max`);
      if (!names.pools.includes(pool))
        add("pool", `unknown pool ${shown(pool)}; declared under pools: ${declared(names.pools)}`);
    },
  );
}

function checkTasks({ tasks, models, names }: WellFormedParts): ConfigProblem[] {
  if (names.tasks?.length === 0)
    return [
      { path: "tasks", message: "is empty; declare at least one task, without traffic there is nothing to serve" },
    ];
  return problemsOfEach("tasks", tasks, (task, { path, add }) => {
    const { selfHosted, week, dataClass, escalationRate, apiModel } = task;
    const total = Number(selfHosted.reduce((sum, { share }) => sum + share, 0).toFixed(6));
    if (total > 1) add("selfHosted", `has shares that add up to ${total}; lower them to at most 1 in all`);
    selfHosted.forEach(({ model }, index) => {
      if (!names.models.includes(model))
        add(
          `selfHosted[${index}].model`,
          `unknown model ${shown(model)}; declared under models: ${declared(names.models)}`,
        );
      const context = models[model]?.maxContextTokens;
      const needed = task.inputTokensPerRequest + task.outputTokensPerRequest;
      if (context !== undefined && needed > context)
        add(
          `selfHosted[${index}].model`,
          `${shown(model)} cannot take a mean request of ${needed} tokens: ${pathOf(["models", model, "maxContextTokens"])} is ${context}; raise it or shorten the request`,
        );
    });
    for (const { value, index } of repeated(selfHosted.map(({ model }) => model)))
      add(`selfHosted[${index}].model`, `${shown(value)} is listed twice; add up its shares in one entry`);
    if (Array.isArray(week) && week.every((weight) => weight === 0))
      add("week", "has only weights of 0; give at least one hour some traffic");
    const stated = `${path}.dataClass is ${shown(dataClass)}`;
    if (dataClass === "restricted") {
      if (total < 1)
        add(
          "selfHosted",
          `has shares that add up to ${total} and ${stated}; raise them to 1 in all, so that no request leaves`,
        );
      if (escalationRate > 0)
        add("escalationRate", `${escalationRate} would send answers to an external API and ${stated}; set it to 0`);
      if (apiModel !== undefined) add("apiModel", `${shown(apiModel)} is an external API and ${stated}; remove it`);
    } else if (apiModel === undefined) {
      add("apiModel", `is missing and ${stated}; name the API model in use today, it is baseline and fallback`);
    }
  });
}

function checkLoadBalancer({ loadBalancer, cluster, tasks }: WellFormedParts): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const add = (field: string, message: string) => problems.push({ path: `loadBalancer.${field}`, message });
  if (loadBalancer?.gateway !== undefined) checkRoutes(loadBalancer, { cluster, tasks }, add);
  if (loadBalancer?.exposure !== "public") return problems;
  if (loadBalancer.certificateArn === undefined && cluster?.kind === "eks")
    add("certificateArn", `is missing and loadBalancer.exposure is "public"; give the ARN of an ACM certificate`);
  if (loadBalancer.sourceRanges.length === 0)
    add("sourceRanges", `is empty and loadBalancer.exposure is "public"; list the ranges that may connect`);
  return problems;
}

/** Who may connect is decided by the Gateway, and its listener tells the two gateways of the platform apart by host name. */
function checkRoutes(
  { gateway, exposure }: NonNullable<WellFormedParts["loadBalancer"]>,
  { cluster, tasks }: Pick<WellFormedParts, "cluster" | "tasks">,
  add: (field: string, message: string) => void,
): void {
  if (cluster?.kind === "eks")
    add("gateway", `is of an existing cluster and cluster.kind is "eks", which gets a load balancer; remove it`);
  if (exposure !== "internal")
    add(
      "exposure",
      `${shown(exposure)} is decided by loadBalancer.gateway, whose load balancer the cluster has; leave it out`,
    );
  const classes = Object.values(tasks).map(({ dataClass }) => dataClass === "restricted");
  if (classes.includes(true) && gateway?.restrictedHostname === undefined)
    add("gateway.restrictedHostname", "is missing and a task is restricted; give a host name of its own");
  if (classes.includes(false) && gateway?.hostname === undefined)
    add("gateway.hostname", "is missing; give the host name clients use");
  if (gateway?.hostname !== undefined && gateway.hostname === gateway.restrictedHostname)
    add("gateway.restrictedHostname", `${shown(gateway.hostname)} is loadBalancer.gateway.hostname too; give another`);
}

/** An exception must be true of the config that claims it. */
function checkJustifications({ economics, pools, models, tasks }: WellFormedParts): ConfigProblem[] {
  const truths: Readonly<Record<string, readonly [boolean, string]>> = {
    "restricted-data": [
      Object.values(tasks).some(({ dataClass }) => dataClass === "restricted"),
      "no task has dataClass restricted",
    ],
    "custom-weights": [
      Object.values(models).some(({ fineTuned, custom }) => fineTuned || custom !== undefined),
      "no model is fineTuned or custom",
    ],
    "idle-owned-hardware": [
      Object.values(pools).some(({ hardware }) => hardware.kind === "owned"),
      "no pool has owned hardware",
    ],
  };
  return (economics?.justifications ?? []).flatMap(({ exception }, index) => {
    const [isTrue, why] = truths[exception] ?? [true, ""];
    const path = `economics.justifications[${index}].exception`;
    return isTrue
      ? []
      : [{ path, message: `"${exception}" does not hold: ${why}; remove it or state the exception that holds` }];
  });
}
