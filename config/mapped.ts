/** A record with every entry changed. */
export const mapped = <T, R>(entries: Readonly<Record<string, T>>, change: (entry: T) => R): Record<string, R> =>
  Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, change(entry)]));
