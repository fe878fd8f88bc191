const LIMIT = 3;
/** Names further apart than this share of the longer one are no help to the reader. */
const MAX_DISTANCE_SHARE = 0.4;
const MIN_SUBSTRING = 3;

/** Fewest single-character insertions, deletions and replacements that turn `a` into `b`. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

/** Lower is nearer: names that continue the query, names the query continues, names that contain it, then typing errors. */
function remoteness(query: string, name: string): number {
  if (name.startsWith(query)) return 1;
  if (query.startsWith(name)) return 1 + 1 / name.length;
  if (query.length >= MIN_SUBSTRING && name.includes(query)) return 2;
  if (name.length >= MIN_SUBSTRING && query.includes(name)) return 2 + 1 / name.length;
  const distance = editDistance(query, name);
  if (distance > Math.max(1, MAX_DISTANCE_SHARE * Math.max(query.length, name.length))) return Number.POSITIVE_INFINITY;
  return 2 + distance - sharedPrefix(query, name) / (name.length + 1);
}

/** People type the beginning of a name right: among equal distances the longer common beginning wins. */
function sharedPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/**
 * Up to three names near `query`, nearest first; ties keep the given order. Each entry is one thing with all its names:
 * any of them may match, the first is shown.
 */
export function nearestNames(query: string, entries: readonly (readonly string[])[]): string[] {
  const wanted = query.toLowerCase();
  return entries
    .map((names) => ({
      name: names[0] as string,
      remoteness: Math.min(...names.map((name) => remoteness(wanted, name.toLowerCase()))),
    }))
    .filter((entry) => Number.isFinite(entry.remoteness))
    .toSorted((a, b) => a.remoteness - b.remoteness)
    .slice(0, LIMIT)
    .map((entry) => entry.name);
}
