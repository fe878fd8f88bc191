import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readDataFiles, SEAL_FILE, sealOf } from "./data-files.ts";
import { DATA_FOLDER } from "./load.ts";
import { tablesOf } from "./tables.ts";

/**
 * The seal of the data files of a directory, which are validated in full whatever their present seal says. Throws an Error that
 * lists every problem.
 */
export function validatedSeal(directory: string): string {
  const { texts } = readDataFiles(directory);
  tablesOf({ texts, isSealed: false }, directory);
  return sealOf(texts);
}

if (import.meta.main) writeFileSync(join(DATA_FOLDER, SEAL_FILE), validatedSeal(DATA_FOLDER));
