import type { Add } from "./check-gateway.ts";
import type { WellFormedParts } from "./parse.ts";
import { pathOf } from "./problems.ts";

/** Checks of captured answers: never restricted ones, and a store where there is something to keep. */
export function checkCapture({ tasks, names, gateway, cluster }: WellFormedParts, add: Add): void {
  const capturing = Object.entries(tasks).filter(([, { capture }]) => capture !== undefined);
  for (const [name, { dataClass }] of capturing) {
    const path = ["tasks", name, "capture"];
    if (dataClass === "restricted")
      add(path, `keeps answers and ${pathOf(["tasks", name, "dataClass"])} is "restricted"; remove it`);
    else if (gateway !== undefined && gateway.captureStore === undefined)
      add(path, "has nowhere to keep answers: gateway.captureStore is missing; add it, or remove the capture");
  }
  const store = gateway?.captureStore;
  if (store === undefined) return;
  const path = ["gateway", "captureStore"];
  // A broken task may be the one that captures.
  if (capturing.length === 0 && names.tasks?.length === Object.keys(tasks).length)
    add(path, "stays empty: no task has tasks.<task>.capture; add one, or remove the store");
  if (store.kind === "s3" && cluster?.kind === "existing")
    add([...path, "kind"], '"s3" makes a bucket in AWS and cluster.kind is "existing"; use "endpoint"');
}
