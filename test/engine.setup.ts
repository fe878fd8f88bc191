import { obtainEngine } from "../sandbox/engine.ts";

/** Obtains the engine once, with progress, before any test looks for it. */
export async function setup(): Promise<void> {
  await obtainEngine();
}
