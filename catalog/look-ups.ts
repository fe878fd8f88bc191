import { anchorIndex } from "../economics/capacity/anchors.ts";
import type { Offering, PurchaseOption } from "../economics/offering.ts";
import { found, type Lookup, missing } from "../economics/provenance.ts";
import type { ServicePrice } from "../economics/service-price.ts";
import type { Catalog } from "./catalog.ts";
import { nearestNames } from "./nearest.ts";
import type { Tables } from "./tables.ts";

/** Rows with this region hold everywhere. */
const EVERY_REGION = "all";

/** A catalogue with the measurements its anchors are made of. */
export type LoadedCatalog = Catalog & Pick<Tables, "measurements">;

const fold = (name: string): string => name.toLowerCase();

function unknown(what: string, name: string, entries: readonly (readonly string[])[]): string {
  const near = nearestNames(name, entries);
  return near.length === 0
    ? `unknown ${what} "${name}"; none of the ${entries.length} known names is near`
    : `unknown ${what} "${name}"; nearest known: ${near.join(", ")}`;
}

/** Finds rows by name or alias, whatever the case of the letters. */
function finder<T extends { readonly name: string; readonly aliases?: readonly string[] }>(
  what: string,
  rows: readonly T[],
): (name: string) => Lookup<T> {
  const entries = rows.map(({ name, aliases = [] }) => [name, ...aliases]);
  const byName = new Map(rows.flatMap((row, i) => (entries[i] ?? []).map((name) => [fold(name), row] as const)));
  return (name) => {
    const row = byName.get(fold(name));
    return row === undefined ? missing(unknown(what, name, entries)) : found(row);
  };
}

const regionsOf = (rows: readonly { readonly region: string }[]): string =>
  [...new Set(rows.map(({ region }) => region))].join(", ");

function offeringFinder({ instanceTypes, offerings }: Tables): Catalog["offering"] {
  const typeOf = finder("instance type", instanceTypes);
  const byType = Map.groupBy(offerings, ({ instanceType }) => instanceType);
  return (region: string, instanceType: string, purchase: PurchaseOption): Lookup<Offering> => {
    const type = typeOf(instanceType);
    if (!type.ok) return type;
    const { name } = type.value;
    const ofType = byType.get(name) ?? [];
    const here = ofType.filter((offering) => offering.region === fold(region));
    const exact = here.find((offering) => offering.purchase === purchase);
    if (exact !== undefined) return found(exact);
    if (here.length === 0)
      return missing(`no price of ${name} in ${region}; known regions: ${regionsOf(ofType) || "none"}`);
    const elsewhere = regionsOf(ofType.filter((offering) => offering.purchase === purchase));
    const hint = elsewhere === "" ? "" : `; ${purchase} is priced in ${elsewhere}`;
    return missing(
      `no ${purchase} price of ${name} in ${region}; priced there: ${here.map((offering) => offering.purchase).join(", ")}${hint}`,
    );
  };
}

function serviceFinder({ services }: Tables): Catalog["service"] {
  const bySku = Map.groupBy(services, ({ sku }) => sku);
  return (sku: string, region: string): Lookup<ServicePrice> => {
    const rows = bySku.get(sku);
    if (rows === undefined)
      return missing(
        unknown(
          "service",
          sku,
          [...bySku.keys()].map((known) => [known]),
        ),
      );
    const row = rows.find((price) => price.region === region) ?? rows.find((price) => price.region === EVERY_REGION);
    return row === undefined
      ? missing(`no price of ${sku} in ${region}; known regions: ${regionsOf(rows)}`)
      : found(row);
  };
}

/** A catalogue over the given rows. A price of another region never stands in for a missing one. */
export function catalogOf(tables: Tables): LoadedCatalog {
  const facts = { gpu: finder("GPU", tables.gpus), model: finder("model", tables.models) };
  return {
    ...tables,
    ...facts,
    anchors: anchorIndex(tables.measurements, facts),
    instanceType: finder("instance type", tables.instanceTypes),
    offering: offeringFinder(tables),
    service: serviceFinder(tables),
    apiModel: finder("API model", tables.apiModels),
  };
}
