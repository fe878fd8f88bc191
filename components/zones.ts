/**
 * Zones without EKS control planes, by id: zone names differ between accounts, ids do not.
 * https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html
 */
export const ZONE_IDS_WITHOUT_EKS = ["use1-az3", "usw1-az2", "cac1-az3"];

/** `count` zones in order of their names: the required ones, then the first others. */
export function chooseZones(available: readonly string[], count: number, required: readonly string[] = []): string[] {
  const wanted = [...new Set(required)];
  const missing = wanted.filter((zone) => !available.includes(zone));
  if (missing.length > 0) {
    throw new Error(`zones ${missing.join(", ")} cannot be used; available: ${available.join(", ")}`);
  }
  if (wanted.length > count) {
    throw new Error(
      `${wanted.length} zones are required (${wanted.join(", ")}) and the network has ${count}; raise zones`,
    );
  }
  if (available.length < count) {
    throw new Error(
      `the region has ${available.length} usable zones (${available.join(", ")}); ask for fewer than ${count}`,
    );
  }
  const others = available.filter((zone) => !wanted.includes(zone)).slice(0, count - wanted.length);
  return [...wanted, ...others].sort();
}

/** What a pool is made of, and where AWS says that it is. */
export interface PoolPlace {
  readonly pool: string;
  readonly instanceType: string;
  /** Zones the config names; none for any. */
  readonly wanted: readonly string[];
  /** Zones of the region that have the type; undefined where nobody asked. */
  readonly offered: readonly string[] | undefined;
}

/** Positions of a pool's zones in a network: the wanted ones, else all that have its type. Throws where one lacks it. */
export function zoneIndexes(
  zoneNames: readonly string[],
  { pool, instanceType, wanted, offered }: PoolPlace,
): number[] {
  const has = (zone: string): boolean => offered === undefined || offered.includes(zone);
  const chosen = wanted.length === 0 ? zoneNames.filter(has) : wanted;
  const lacking = wanted.length === 0 && chosen.length === 0 ? zoneNames : chosen.filter((zone) => !has(zone));
  if (lacking.length > 0) {
    const where = offered?.join(", ") || "none of the region, choose another type";
    throw new Error(`pools.${pool}.zones: ${lacking.join(", ")} without ${instanceType}; zones that have it: ${where}`);
  }
  return chosen.map((zone) => {
    const index = zoneNames.indexOf(zone);
    if (index < 0) throw new Error(`pools.${pool}.zones: ${zone} is not part of the network (${zoneNames.join(", ")})`);
    return index;
  });
}
