export type { Catalog } from "../economics/catalog.ts";
