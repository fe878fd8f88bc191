import { execFileSync } from "node:child_process";
import type { Timing } from "./measure.ts";

const LOAD = `
  const { loadCatalog } = await import(${JSON.stringify(new URL("../catalog/load.ts", import.meta.url).href)});
  const start = performance.now();
  loadCatalog();
  console.log(performance.now() - start);
`;

/** Reading and checking the whole catalogue in fresh processes, their start and imports not counted. */
export function catalogTiming(rounds: number): Timing {
  const times = Array.from({ length: rounds }, () =>
    Number(execFileSync(process.execPath, ["--input-type=module", "-e", LOAD], { encoding: "utf8" })),
  );
  return { name: "load of the catalogue", milliseconds: times.toSorted((a, b) => a - b) };
}
