import { join } from "node:path";
import { catalogOf, type LoadedCatalog } from "./look-ups.ts";
import { readTables } from "./tables.ts";

let committed: LoadedCatalog | undefined;

/** The committed catalogue, read and validated once per process. Throws an Error that names file, row, field and rule of every corrupt row. */
export function loadCatalog(): LoadedCatalog {
  committed ??= catalogOf(readTables(join(import.meta.dirname, "data"), "catalog/data"));
  return committed;
}

/** A catalogue from data files elsewhere; never cached. */
export const loadCatalogFrom = (directory: string): LoadedCatalog => catalogOf(readTables(directory));
