import type { Catalog } from "../economics/catalog.ts";
import { type PlanFigures, planFigures } from "../economics/plan-figures.ts";
import { decisionInput } from "./decision-input.ts";
import { declaredItems } from "./declared-items.ts";
import type { PlatformConfig } from "./platform.ts";

/** The day of the newest price in the catalogue: unlike the clock's day it is the same for every preview of a commit. */
export const newestPriceDay = ({ apiModels, offerings }: Catalog): string =>
  [...apiModels, ...offerings].reduce((newest, { date }) => (date > newest ? date : newest), "");

/** The forecast of a checked config, for live metrics to be held against; undefined when something has no price. */
export const figuresOf = (config: PlatformConfig, catalog: Catalog): PlanFigures | undefined =>
  planFigures(decisionInput(config, declaredItems(config), catalog, newestPriceDay(catalog)));
