import { obtainPython } from "../../../sandbox/gateway/python.ts";

/** Installs the pinned LiteLLM Proxy once, with progress, before any test starts one. */
export async function setup(): Promise<void> {
  await obtainPython();
}
