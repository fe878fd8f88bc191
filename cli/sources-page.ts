import { join } from "node:path";
import { loadCatalog } from "../catalog/load.ts";
import { sourcesPage } from "../claims/page.ts";
import { recompute } from "../claims/recompute.ts";
import { runGenerator } from "../config/generated-file.ts";
import { committedStacks, PAGE_DAY } from "./committed-stacks.ts";

export const SOURCES_FILE = join(import.meta.dirname, "../docs/sources.md");

/** The text of `docs/sources.md`. */
export const sourcesText = (): string =>
  sourcesPage(recompute({ catalog: loadCatalog(), today: PAGE_DAY, stacks: committedStacks(PAGE_DAY) }));

if (import.meta.main) runGenerator(SOURCES_FILE, sourcesText(), "node cli/sources-page.ts");
