import { decide } from "../economics/decide.ts";
import { reportText } from "../economics/report-text.ts";
import { plannedStack } from "../policies/assess.ts";
import { ownerSettings } from "../policies/owner-settings.ts";
import type { PlannedResource } from "../policies/read.ts";
import { prodGraph, resource, stackConfig, TODAY } from "../test/policies/graphs.ts";

const RESOURCES = 500;

/** The production graph, filled up with further priced and free resources. */
function largeGraph(stack: string): readonly PlannedResource[] {
  const graph = prodGraph(stackConfig(stack));
  const claim = { spec: { resources: { requests: { storage: "20Gi" } } } };
  const more = Array.from({ length: RESOURCES - graph.length }, (_, index) =>
    index % 2 === 0
      ? resource("kubernetes:core/v1:PersistentVolumeClaim", `claim-${index}`, claim)
      : resource("kubernetes:core/v1:ConfigMap", `map-${index}`, { data: { key: "value".repeat(100) } }),
  );
  return [...graph, ...more];
}

/** One verdict, from planned resources to the text a reviewer reads. */
export function verdictCase(stack: "prod" | "overbuilt"): () => void {
  const resources = largeGraph(stack);
  return () => {
    const planned = plannedStack(resources, ownerSettings({ today: TODAY }));
    if (!planned.ok) throw new Error(planned.reason);
    const decision = decide(planned.value.input);
    if (!("projection" in decision)) throw new Error(`no verdict: ${decision.kind}`);
    reportText(decision, planned.value.input, "bench");
  };
}
