import type { Catalog } from "../economics/catalog.ts";
import { BEDROCK_PROVIDER, bedrockModel } from "./bedrock.ts";
import type { Add } from "./check-gateway.ts";
import type { WellFormedParts } from "./parse.ts";
import { shown } from "./problems.ts";

/** API models that tasks call: known, priced, and reachable from the cluster. */
export function checkApiModels(parts: WellFormedParts, catalog: Catalog, add: Add): void {
  const { tasks, economics, priceOverrides } = parts;
  if (priceOverrides === undefined) return;
  for (const [name, task] of Object.entries(tasks))
    for (const field of ["apiModel", "secondApiModel"] as const) {
      const model = task[field];
      if (model === undefined || task.dataClass === "restricted") continue;
      const known = catalog.apiModel(model);
      const problem = known.ok
        ? unreachable(known.value, parts)
        : `${known.reason}; correct it, or state its price under economics.priceOverrides.apiModels`;
      if (problem !== undefined) add(["tasks", name, field], problem);
    }
  const providers = [...new Set(catalog.apiModels.map(({ provider }) => provider))];
  economics?.approvedProviders?.forEach((provider, index) => {
    if (!providers.includes(provider))
      add(
        ["economics", "approvedProviders", index],
        `unknown provider ${shown(provider)}; known: ${providers.join(", ")}`,
      );
  });
}

/** Models of AWS are called from a region of AWS, by a role that is made there. */
function unreachable(
  { name, provider, model }: { readonly name: string; readonly provider: string; readonly model: string },
  { cluster }: WellFormedParts,
): string | undefined {
  if (provider !== BEDROCK_PROVIDER || cluster === undefined) return undefined;
  if (cluster.kind !== "eks")
    return `${shown(name)} is called by a role of AWS, which only cluster.kind "eks" makes; name a model of another provider`;
  return bedrockModel(model, cluster.region) === undefined
    ? `${shown(name)} has no inference profile in ${cluster.region}; name the one with "global." in front, or a model of another provider`
    : undefined;
}
