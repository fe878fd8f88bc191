import { obtainPython } from "../../../sandbox/gateway/python.ts";
import { obtain } from "./tools.ts";

/** Prometheus and the gateway's Python, each made once, with progress, before any test starts one. */
export async function setup(): Promise<void> {
  await obtain();
  await obtainPython();
}
