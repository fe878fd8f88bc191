/** Counts nodes for replica counts that change all the time: sizes and node are fixed, the counts come with each call. */
export type Packer = (counts: ArrayLike<number>) => number;

/**
 * Best fit, largest replicas first: each replica goes to the fullest node that still takes it. Replicas as large as a node
 * or larger take whole nodes. Time does not grow with the counts.
 */
export function packer(gpusPerReplica: readonly number[], gpusPerNode: number): Packer {
  const sizes = gpusPerReplica.map((gpus, index) => ({ gpus, index })).toSorted((a, b) => b.gpus - a.gpus);
  const large = sizes.filter(({ gpus }) => gpus >= gpusPerNode);
  const small = sizes.filter(({ gpus }) => gpus < gpusPerNode);
  const packSmall = isChain([gpusPerNode, ...small.map(({ gpus }) => gpus)])
    ? withoutWaste(small, gpusPerNode)
    : bestFit(small, gpusPerNode);
  if (large.length === 0) return packSmall;
  return (counts) => {
    let nodes = packSmall(counts);
    for (let at = 0; at < large.length; at++) {
      const { gpus, index } = large[at] as Size;
      nodes += Math.ceil(gpus / gpusPerNode) * (counts[index] as number);
    }
    return nodes;
  };
}

interface Size {
  readonly gpus: number;
  readonly index: number;
}

/** Whether each of descending sizes divides the one before. */
const isChain = (sizes: readonly number[]): boolean =>
  sizes.every((size, at) => at === 0 || (sizes[at - 1] as number) % size === 0);

/** Sizes that divide each other and the node leave no gap. */
function withoutWaste(sizes: readonly Size[], gpusPerNode: number): Packer {
  return (counts) => {
    let gpus = 0;
    for (let at = 0; at < sizes.length; at++) {
      const size = sizes[at] as Size;
      gpus += size.gpus * (counts[size.index] as number);
    }
    return Math.ceil(gpus / gpusPerNode);
  };
}

/** Nodes with as many free GPUs are handled together. */
function bestFit(sizes: readonly Size[], gpusPerNode: number): Packer {
  const nodesByFree = new Float64Array(gpusPerNode + 1);
  const move = (from: number, to: number, nodes: number): void => {
    nodesByFree[from] = (nodesByFree[from] as number) - nodes;
    nodesByFree[to] = (nodesByFree[to] as number) + nodes;
  };
  return (counts) => {
    let opened = 0;
    nodesByFree.fill(0);
    for (const { gpus, index } of sizes) {
      let left = counts[index] as number;
      for (let free = gpus; free <= gpusPerNode && left > 0; free++) {
        const perNode = Math.floor(free / gpus);
        if (free === gpusPerNode) {
          const more = Math.ceil(left / perNode);
          nodesByFree[free] = (nodesByFree[free] as number) + more;
          opened += more;
        }
        const full = Math.min(nodesByFree[free] as number, Math.floor(left / perNode));
        move(free, free - perNode * gpus, full);
        left -= full * perNode;
        if (left === 0 || nodesByFree[free] === 0) continue;
        move(free, free - left * gpus, 1);
        left = 0;
      }
    }
    return opened;
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
