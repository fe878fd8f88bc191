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

/** Positions of the wanted zones in a network; all of them when none is named. */
export function zoneIndexes(zoneNames: readonly string[], wanted: readonly string[]): number[] {
  if (wanted.length === 0) return zoneNames.map((_, index) => index);
  return wanted.map((zone) => {
    const index = zoneNames.indexOf(zone);
    if (index < 0) throw new Error(`zone ${zone} is not part of the network (${zoneNames.join(", ")})`);
    return index;
  });
}
