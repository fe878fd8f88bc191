/** Counts nodes for replica counts that change all the time: sizes and node are fixed, the counts come with each call. */
export type Packer = (counts: ArrayLike<number>) => number;

/**
 * Best fit, largest replicas first: each replica goes to the fullest node that still takes it. Replicas as large as a node
 * or larger take whole nodes. Time does not grow with the counts: nodes with as many free GPUs are handled together.
 */
export function packer(gpusPerReplica: readonly number[], gpusPerNode: number): Packer {
  const [only] = gpusPerReplica;
  if (only !== undefined && gpusPerReplica.length === 1) {
    const nodesEach = Math.ceil(only / gpusPerNode);
    const perNode = Math.max(1, Math.floor(gpusPerNode / only));
    return (counts) => Math.ceil(((counts[0] as number) * nodesEach) / perNode);
  }
  const order = gpusPerReplica.map((_, index) => index).toSorted((a, b) => gpusAt(b) - gpusAt(a));
  function gpusAt(index: number): number {
    return gpusPerReplica[index] as number;
  }
  const nodesByFree = new Float64Array(gpusPerNode + 1);
  return (counts) => {
    let nodes = 0;
    nodesByFree.fill(0);
    for (const index of order) {
      const gpus = gpusAt(index);
      let left = counts[index] as number;
      if (gpus >= gpusPerNode) {
        nodes += Math.ceil(gpus / gpusPerNode) * left;
        continue;
      }
      for (let free = gpus; free < gpusPerNode && left > 0; free++) {
        const perNode = Math.floor(free / gpus);
        const full = Math.min(nodesByFree[free] as number, Math.floor(left / perNode));
        nodesByFree[free] = (nodesByFree[free] as number) - full;
        nodesByFree[free - perNode * gpus] = (nodesByFree[free - perNode * gpus] as number) + full;
        left -= full * perNode;
        if (left > 0 && (nodesByFree[free] as number) > 0) {
          nodesByFree[free] = (nodesByFree[free] as number) - 1;
          nodesByFree[free - left * gpus] = (nodesByFree[free - left * gpus] as number) + 1;
          left = 0;
        }
      }
      const perNode = Math.floor(gpusPerNode / gpus);
      const opened = Math.floor(left / perNode);
      const rest = left - opened * perNode;
      nodes += opened + (rest > 0 ? 1 : 0);
      nodesByFree[gpusPerNode - perNode * gpus] = (nodesByFree[gpusPerNode - perNode * gpus] as number) + opened;
      if (rest > 0) nodesByFree[gpusPerNode - rest * gpus] = (nodesByFree[gpusPerNode - rest * gpus] as number) + 1;
    }
    return nodes;
  };
}

/** Nodes that hold these replicas. */
export function nodesFor(
  replicas: readonly { readonly gpus: number; readonly count: number }[],
  gpusPerNode: number,
): number {
  const pack = packer(
    replicas.map(({ gpus }) => gpus),
    gpusPerNode,
  );
  return pack(replicas.map(({ count }) => count));
}
