import type { NodeHardware, PlannedItem, PlannedNodes } from "../economics/planned.ts";

const isPoolNodes = (item: PlannedItem): item is PlannedNodes => item.kind === "nodes" && item.pool !== undefined;

const hardwareText = (hardware: NodeHardware): string =>
  hardware.kind === "instance"
    ? `${hardware.instanceType} ${hardware.purchase} in ${hardware.region}`
    : `${hardware.gpusPerNode}x ${hardware.gpu}`;

const nodesText = (nodes: PlannedNodes): string =>
  `${nodes.minNodes}-${nodes.maxNodes}x ${hardwareText(nodes.hardware)}`;

/** Total quantity by service, and nodes outside pools by hardware: an item more is a cost more, an item less is a different plan. */
function quantities(items: readonly PlannedItem[]): ReadonlyMap<string, number> {
  const totals = new Map<string, number>();
  for (const item of items) {
    const [key, quantity] =
      item.kind === "service"
        ? [item.label, item.quantityPerMonth]
        : item.kind === "nodes" && item.pool === undefined
          ? [`nodes ${hardwareText(item.hardware)}`, item.maxNodes]
          : [undefined, 0];
    if (key !== undefined) totals.set(key, (totals.get(key) ?? 0) + quantity);
  }
  return totals;
}

const TOLERANCE = 1e-6;

/**
 * How the planned graph differs from the declared plan. Every pool must be there exactly as declared and nothing
 * declared may be missing. Additions outside the pools are no difference: they are priced.
 */
export function differences(declared: readonly PlannedItem[], planned: readonly PlannedItem[]): readonly string[] {
  const found: string[] = [];
  const plannedPools = planned.filter(isPoolNodes);
  const declaredPools = declared.filter(isPoolNodes).filter(({ hardware }) => hardware.kind === "instance");
  for (const expected of declaredPools) {
    const actual = plannedPools.filter(({ pool }) => pool === expected.pool);
    if (actual.length === 0) found.push(`pool ${expected.pool}: declared ${nodesText(expected)}, not in the plan`);
    for (const group of actual) {
      if (nodesText(group) !== nodesText(expected))
        found.push(
          `pool ${expected.pool}: declared ${nodesText(expected)}, planned ${nodesText(group)} (${group.resource})`,
        );
    }
    if (actual.length > 1)
      found.push(
        `pool ${expected.pool}: declared once, planned ${actual.length} times (${actual.map(({ resource }) => resource).join(", ")})`,
      );
  }
  for (const group of plannedPools) {
    if (!declaredPools.some(({ pool }) => pool === group.pool))
      found.push(`pool ${group.pool}: not declared, planned ${nodesText(group)} (${group.resource})`);
  }
  const actual = quantities(planned);
  for (const [key, quantity] of quantities(declared)) {
    const there = actual.get(key) ?? 0;
    if (there < quantity - TOLERANCE) found.push(`${key}: declared ${quantity} per month, planned ${there}`);
  }
  const used = new Set(planned.map((item) => (item.kind === "usage" ? item.label : "")));
  for (const item of declared)
    if (item.kind === "usage" && !used.has(item.label)) found.push(`${item.label}: declared, not in the plan`);
  return found;
}

/**
 * The items the decision is made on: the planned graph, plus what the config states of things that are not resources
 * (owned nodes, an existing cluster). Node groups beyond the declared pools serve no model and run at their maximum.
 */
export function decisionItems(
  declared: readonly PlannedItem[],
  planned: readonly PlannedItem[],
): readonly PlannedItem[] {
  const outside = declared.filter(
    (item) =>
      item.kind === "stated" ||
      item.kind === "stated-usage" ||
      (item.kind === "nodes" && item.hardware.kind !== "instance"),
  );
  const open = new Set(declared.filter(isPoolNodes).map(({ pool }) => pool));
  const inside = planned.map((item) => {
    if (!isPoolNodes(item) || open.delete(item.pool)) return item;
    return { ...item, pool: undefined };
  });
  return [...outside, ...inside];
}
