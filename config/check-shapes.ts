import type { WellFormedParts } from "./parse.ts";
import { type ConfigProblem, formatProblem, shown } from "./problems.ts";

/** Checks between fields that need no catalogue. Each message names both paths. */
export function checkShapes(parts: WellFormedParts, raw: Readonly<Record<string, unknown>>): readonly ConfigProblem[] {
  return [...checkPools(parts), ...checkModels(parts), ...checkTasks(parts, raw), ...checkLoadBalancer(parts)];
}

const at = (path: string): string => formatProblem({ path, message: "" }).slice(0, -2);

function checkPools({ pools, cluster }: WellFormedParts): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (cluster?.kind === "existing" && cluster.usdPerMonth === undefined && Object.keys(pools).length > 0) {
    problems.push({
      path: "cluster.usdPerMonth",
      message: `is missing and ${at("pools")} has GPU nodes; state what the cluster itself costs per month, 0 if truly nothing`,
    });
  }
  for (const [name, pool] of Object.entries(pools)) {
    const path = `pools.${name}`;
    const add = (field: string, message: string) => problems.push({ path: `${path}.${field}`, message });
    if (pool.minNodes > pool.maxNodes) {
      add(
        "minNodes",
        `${pool.minNodes} is above ${at(`${path}.maxNodes`)} (${pool.maxNodes}); lower it or raise maxNodes`,
      );
    }
    if (pool.hardware.kind === "instance") {
      const { purchase, capacityReservationId } = pool.hardware;
      if (purchase === "capacity-block" && capacityReservationId === undefined) {
        add(
          "hardware.capacityReservationId",
          `is missing and ${at(`${path}.hardware.purchase`)} is "capacity-block"; give the reservation's id (cr-…)`,
        );
      }
      if (purchase !== "capacity-block" && capacityReservationId !== undefined) {
        add(
          "hardware.capacityReservationId",
          `is only for capacity blocks and ${at(`${path}.hardware.purchase`)} is ${shown(purchase)}; remove it`,
        );
      }
      if (pool.scaling === "elastic" && purchase !== "on-demand" && purchase !== "spot") {
        add(
          "scaling",
          `"elastic" saves nothing with ${at(`${path}.hardware.purchase`)} ${shown(purchase)}, which is paid every hour; use "fixed", or buy on demand`,
        );
      }
      if (cluster?.kind === "existing") {
        add(
          "hardware.kind",
          `"instance" nodes are created on a cluster of kind "eks" and ${at("cluster.kind")} is "existing"; use "owned" or "rented"`,
        );
      }
    } else {
      if (cluster?.kind === "eks") {
        add(
          "hardware.kind",
          `${shown(pool.hardware.kind)} nodes join a cluster of kind "existing" and ${at("cluster.kind")} is "eks"; use "instance"`,
        );
      }
      if (pool.scaling === "elastic" && pool.hardware.kind === "owned") {
        add(
          "scaling",
          `"elastic" saves nothing on ${at(`${path}.hardware.kind`)} "owned": owned nodes cost the same switched off; use "fixed"`,
        );
      }
      if (cluster?.kind === "existing" && Object.keys(pool.nodeSelector).length === 0) {
        add(
          "nodeSelector",
          `is empty and ${at("cluster.kind")} is "existing"; give the labels of these nodes, e.g. nvidia.com/gpu.product`,
        );
      }
      if (pool.hardware.kind === "owned" && pool.hardware.residualUsd > pool.hardware.purchaseUsd) {
        add(
          "hardware.residualUsd",
          `${pool.hardware.residualUsd} is above ${at(`${path}.hardware.purchaseUsd`)} (${pool.hardware.purchaseUsd}); a node is not worth more at its end`,
        );
      }
    }
  }
  return problems;
}

function checkModels({ models, pools, names }: WellFormedParts): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  for (const [name, model] of Object.entries(models)) {
    const path = `models.${name}`;
    const add = (field: string, message: string) =>
      problems.push({ path: field === "" ? path : `${path}.${field}`, message });
    if ((model.catalogModel === undefined) === (model.custom === undefined)) {
      add(
        "",
        `give exactly one of ${at(`${path}.catalogModel`)} and ${at(`${path}.custom`)}; ${model.custom === undefined ? "neither is" : "both are"} there`,
      );
    }
    if (model.custom !== undefined) {
      const { activeParametersBillion: active, totalParametersBillion: total, mixtureOfExperts } = model.custom;
      if (active > total)
        add(
          "custom.activeParametersBillion",
          `${active} is above ${at(`${path}.custom.totalParametersBillion`)} (${total})`,
        );
      if (mixtureOfExperts !== undefined && mixtureOfExperts.expertsPerToken > mixtureOfExperts.experts) {
        add(
          "custom.mixtureOfExperts.expertsPerToken",
          `${mixtureOfExperts.expertsPerToken} is above ${at(`${path}.custom.mixtureOfExperts.experts`)} (${mixtureOfExperts.experts})`,
        );
      }
      if (model.weights.huggingFaceId === undefined)
        add(
          "weights.huggingFaceId",
          `is missing and ${at(`${path}.custom`)} has no repository of its own; name the weights`,
        );
    }
    if (model.replicas.min > model.replicas.max) {
      add(
        "replicas.min",
        `${model.replicas.min} is above ${at(`${path}.replicas.max`)} (${model.replicas.max}); lower it or raise max`,
      );
    }
    if (!names.pools.includes(model.pool)) {
      add("pool", `${shown(model.pool)} is not one of ${at("pools")} (${names.pools.join(", ") || "none declared"})`);
    }
  }
  const allModelsRead = names.models.length === Object.keys(models).length;
  for (const name of Object.keys(pools)) {
    if (allModelsRead && !Object.values(models).some(({ pool }) => pool === name)) {
      problems.push({
        path: `pools.${name}`,
        message: `serves no model of ${at("models")}; remove the pool or place a model on it`,
      });
    }
  }
  return problems;
}

function checkTasks(
  { tasks, models, names }: WellFormedParts,
  raw: Readonly<Record<string, unknown>>,
): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (raw["tasks"] !== undefined && Object.keys(raw["tasks"] as object).length === 0) {
    problems.push({
      path: "tasks",
      message: "is empty; declare at least one task, there is nothing to serve or to compare without traffic",
    });
  }
  for (const [name, task] of Object.entries(tasks)) {
    const path = `tasks.${name}`;
    const add = (field: string, message: string) => problems.push({ path: `${path}.${field}`, message });
    const total = task.selfHosted.reduce((sum, { share }) => sum + share, 0);
    if (total > 1 + 1e-9)
      add("selfHosted", `the shares add up to ${Number(total.toFixed(6))}; they may add up to at most 1`);
    task.selfHosted.forEach(({ model }, index) => {
      if (!names.models.includes(model))
        add(
          `selfHosted[${index}].model`,
          `${shown(model)} is not one of ${at("models")} (${names.models.join(", ") || "none declared"})`,
        );
      const context = models[model]?.maxContextTokens;
      const needed = task.inputTokensPerRequest + task.outputTokensPerRequest;
      if (context !== undefined && needed > context) {
        add(
          `selfHosted[${index}].model`,
          `a mean request of ${needed} tokens is beyond ${at(`models.${model}.maxContextTokens`)} (${context}); raise it or shorten the request`,
        );
      }
    });
    if (Array.isArray(task.week) && task.week.every((weight) => weight === 0))
      add("week", "all 168 weights are 0; give at least one hour some traffic");
    if (task.dataClass === "restricted") {
      if (total < 1 - 1e-9)
        add(
          "selfHosted",
          `covers ${Number(total.toFixed(6))} of the requests and ${at(`${path}.dataClass`)} is "restricted"; self-host all of them`,
        );
      if (task.escalationRate > 0)
        add(
          "escalationRate",
          `${task.escalationRate} would send answers to the API and ${at(`${path}.dataClass`)} is "restricted"; set it to 0`,
        );
      if (task.apiModel !== undefined)
        add(
          "apiModel",
          `${shown(task.apiModel)} is an external API and ${at(`${path}.dataClass`)} is "restricted"; remove it`,
        );
    } else if (task.apiModel === undefined) {
      add(
        "apiModel",
        `is missing and ${at(`${path}.dataClass`)} is ${shown(task.dataClass)}; name the API model in use today, it is the baseline and the fallback`,
      );
    }
  }
  return problems;
}

function checkLoadBalancer({ loadBalancer, cluster }: WellFormedParts): ConfigProblem[] {
  if (loadBalancer === undefined) return [];
  const problems: ConfigProblem[] = [];
  const exposed = `${at("loadBalancer.exposure")} is "public"`;
  if (loadBalancer.exposure === "public") {
    if (loadBalancer.certificateArn === undefined && cluster?.kind === "eks")
      problems.push({
        path: "loadBalancer.certificateArn",
        message: `is missing and ${exposed}; give a TLS certificate`,
      });
    if (loadBalancer.sourceRanges.length === 0)
      problems.push({
        path: "loadBalancer.sourceRanges",
        message: `is empty and ${exposed}; list the ranges that may connect`,
      });
  }
  if (cluster?.kind === "eks" && cluster.publicEndpoint && cluster.publicAccessCidrs.length === 0) {
    problems.push({
      path: "cluster.publicAccessCidrs",
      message: `is empty and ${at("cluster.publicEndpoint")} is true; list the ranges that may reach the API server`,
    });
  }
  return problems;
}
