import { readStackFile } from "../cli/stack-file.ts";
import { search } from "../planner/search.ts";
import { defaultSpace } from "../planner/space.ts";

const TODAY = "2026-11-21";

/** Complete plans priced per second of processor time, over everything the catalogue offers for production's traffic. */
export function plansPerSecond(): number {
  const { config, input } = readStackFile("prod", TODAY);
  const space = defaultSpace(config, input.catalog);
  const question = { base: config, catalog: input.catalog, today: TODAY, slo: space.slo };
  const start = process.cpuUsage();
  const { priced } = search(question, space);
  const { user, system } = process.cpuUsage(start);
  return priced / ((user + system) / 1e6);
}
