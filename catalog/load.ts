import { join } from "node:path";
import { readDataFiles } from "./data-files.ts";
import { catalogOf, type LoadedCatalog } from "./look-ups.ts";
import { tablesOf } from "./tables.ts";

export const DATA_FOLDER = join(import.meta.dirname, "data");

let committed: LoadedCatalog | undefined;

/**
 * The committed catalogue, read once per process. Files that are not the sealed ones are validated in full. Throws an Error
 * that names file, row, field and rule of every corrupt row.
 */
export function loadCatalog(): LoadedCatalog {
  committed ??= catalogOf(tablesOf(readDataFiles(DATA_FOLDER), "catalog/data"));
  return committed;
}

/** A catalogue from data files elsewhere; never cached. */
export const loadCatalogFrom = (directory: string): LoadedCatalog =>
  catalogOf(tablesOf(readDataFiles(directory), directory));
