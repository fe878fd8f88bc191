/**
 * Zeroed arrays of these lengths, side by side in one block of memory: a block costs more to get and give back than to
 * fill, and a search simulates thousands of plans.
 */
export function arrays<Name extends string>(lengths: Readonly<Record<Name, number>>): Record<Name, Float64Array> {
  let total = 0;
  for (const name in lengths) total += lengths[name];
  const block = new Float64Array(total);
  const cut = {} as Record<Name, Float64Array>;
  let start = 0;
  for (const name in lengths) {
    const end = start + lengths[name];
    cut[name] = block.subarray(start, end);
    start = end;
  }
  return cut;
}
