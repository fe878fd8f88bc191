import type { ApiModel } from "../economics/api-price.ts";
import type { Catalog } from "../economics/catalog.ts";
import { found } from "../economics/provenance.ts";
import type { PriceOverrides } from "./economics.ts";

const byKey = <T>(rows: readonly T[], key: (row: T) => string): ReadonlyMap<string, T> =>
  new Map(rows.map((row) => [key(row), row]));

/** The catalogue with some prices replaced. Later overrides win, so a platform owner's are applied last. */
export function withOverrides(catalog: Catalog, overrides: PriceOverrides): Catalog {
  const { offerings, services, apiModels } = overrides;
  if (offerings.length + services.length + apiModels.length === 0) return catalog;

  const offeringOf = byKey(offerings, (row) => `${row.region}/${row.instanceType}/${row.purchase}`);
  const serviceOf = byKey(services, (row) => `${row.sku}/${row.region}`);
  const apiOf = byKey(apiModels, (row) => row.name);

  const repriced = (api: ApiModel): ApiModel => {
    const row = apiOf.get(api.name);
    if (row === undefined) return api;
    const { inputUsdPerMillion, cachedInputUsdPerMillion, outputUsdPerMillion, source, date } = row;
    const tier = { aboveInputTokens: 0, inputUsdPerMillion, cachedInputUsdPerMillion, outputUsdPerMillion };
    // A stated price says nothing of tiers, batches or peak hours: those of the list price no longer apply.
    return {
      name: api.name,
      provider: api.provider,
      model: api.model,
      maxContextTokens: api.maxContextTokens,
      openWeights: api.openWeights,
      tiers: [tier],
      source,
      date,
    };
  };
  const unlisted = apiModels
    .filter(({ name }) => !catalog.apiModel(name).ok)
    .map(({ name }) =>
      repriced({
        name,
        provider: name.split("/")[0] as string,
        model: name.slice(name.indexOf("/") + 1),
        tiers: [],
        source: "",
        date: "",
      }),
    );
  const allApiModels = [...catalog.apiModels.map(repriced), ...unlisted];
  const apiByName = byKey(allApiModels, (row) => row.name);

  return {
    ...catalog,
    apiModels: allApiModels,
    offering(region, instanceType, purchase) {
      const row = offeringOf.get(`${region}/${instanceType}/${purchase}`);
      return row === undefined
        ? catalog.offering(region, instanceType, purchase)
        : found({ ...row, usd: row.usdPerHour });
    },
    service(sku, region) {
      const row = serviceOf.get(`${sku}/${region}`);
      return row === undefined ? catalog.service(sku, region) : found({ ...row, unit: "as stated" });
    },
    apiModel(name) {
      const row = apiByName.get(name);
      if (row !== undefined) return found(row);
      const known = catalog.apiModel(name);
      return known.ok ? found(apiByName.get(known.value.name) ?? known.value) : known;
    },
  };
}
