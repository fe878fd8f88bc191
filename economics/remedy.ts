import { type DecisionInput, planOf } from "./decide.ts";
import { nodesFor } from "./packing.ts";
import type { PlannedNodes } from "./planned.ts";
import { preparePlan } from "./prepare.ts";
import { project } from "./projection.ts";
import type { ServedModel } from "./serving.ts";

/** A change to the plan and what it would save against the API per month, at the median. */
export interface Remedy {
  readonly change: string;
  readonly savingUsdPerMonth: number;
}

interface Variant {
  readonly input: DecisionInput;
  readonly changes: readonly string[];
}

/** Commitments and their months. One that outlasts the horizon is no remedy: its end was never looked at. */
const COMMITMENTS = [
  ["commit-1y", 12],
  ["commit-3y", 36],
] as const;

const savingOf = (input: DecisionInput): number => {
  const prepared = preparePlan(planOf(input), input.catalog);
  return prepared.missing.length > 0 ? Number.NEGATIVE_INFINITY : project(prepared).savingUsdPerMonth;
};

const withNodes = (
  input: DecisionInput,
  old: PlannedNodes,
  changed: PlannedNodes,
  models = input.models,
): DecisionInput => ({
  ...input,
  models,
  items: input.items.map((item) => (item === old ? changed : item)),
});

/** Fewer replicas for fewer nodes, in proportion, at least one each; undefined when they still do not fit. */
function shrunkModels(
  models: readonly ServedModel[],
  pool: string,
  from: number,
  to: number,
  gpusPerNode: number,
): readonly ServedModel[] | undefined {
  const shrunk = models.map((model) => {
    if (model.pool !== pool) return model;
    const maxReplicas = Math.max(1, Math.floor((model.maxReplicas * to) / from));
    return { ...model, maxReplicas, minReplicas: Math.min(model.minReplicas, maxReplicas) };
  });
  const mine = shrunk
    .filter((model) => model.pool === pool)
    .map(({ gpusPerReplica, maxReplicas }) => ({ gpus: gpusPerReplica, count: maxReplicas }));
  return nodesFor(mine, gpusPerNode) <= to ? shrunk : undefined;
}

function shrinkings(input: DecisionInput, nodes: PlannedNodes): readonly Variant[] {
  const pool = planOf(input).priced.pools.find(({ name }) => name === nodes.pool);
  if (pool === undefined) return [];
  return Array.from({ length: nodes.maxNodes - 1 }, (_, index) => index + 1).flatMap((to) => {
    const models = shrunkModels(input.models, pool.name, nodes.maxNodes, to, pool.gpusPerNode);
    if (models === undefined) return [];
    const changed = { ...nodes, maxNodes: to, minNodes: Math.min(nodes.minNodes, to) };
    return [
      {
        input: withNodes(input, nodes, changed, models),
        changes: [`shrink pool ${pool.name} from ${nodes.maxNodes} to ${to} ${to === 1 ? "node" : "nodes"}`],
      },
    ];
  });
}

function commitments(input: DecisionInput, nodes: PlannedNodes): readonly Variant[] {
  const { hardware } = nodes;
  if (hardware.kind !== "instance") return [];
  const { catalog, terms } = input;
  return COMMITMENTS.filter(
    ([purchase, months]) =>
      purchase !== hardware.purchase &&
      months <= terms.horizonMonths &&
      catalog.offering(hardware.region, hardware.instanceType, purchase).ok,
  ).map(([purchase]) => ({
    input: withNodes(input, nodes, {
      ...nodes,
      minNodes: nodes.maxNodes,
      scaling: "fixed",
      hardware: { ...hardware, purchase },
    }),
    changes: [`buy pool ${nodes.pool} as ${purchase}`],
  }));
}

function best(start: Variant, variants: readonly Variant[]): Variant {
  let winner = start;
  let saving = savingOf(start.input);
  for (const { input, changes } of variants) {
    const candidate = savingOf(input);
    if (candidate > saving) {
      saving = candidate;
      winner = { input, changes: [...start.changes, ...changes] };
    }
  }
  return winner;
}

const poolNodes = (input: DecisionInput): readonly PlannedNodes[] =>
  input.items.filter((item): item is PlannedNodes => item.kind === "nodes" && item.pool !== undefined);

/**
 * The cheapest plan found by shrinking each pool and then committing to it. A greedy search over one pool after the
 * other: it need not be the optimum, but whatever it returns was priced with the same functions as the plan itself.
 */
export function remedy(input: DecisionInput): Remedy | undefined {
  let plan: Variant = { input, changes: [] };
  for (const { pool } of poolNodes(input)) {
    for (const variantsOf of [shrinkings, commitments]) {
      const nodes = poolNodes(plan.input).find((candidate) => candidate.pool === pool);
      if (nodes !== undefined) plan = best(plan, variantsOf(plan.input, nodes));
    }
  }
  return plan.changes.length === 0
    ? undefined
    : { change: plan.changes.join(", "), savingUsdPerMonth: savingOf(plan.input) };
}
