import type { ResourceValidationPolicy } from "@pulumi/policy";
import { missingRoom } from "../config/gateway-size.ts";
import { planOf } from "../economics/decide.ts";
import { percentText } from "../economics/format.ts";
import { preparePlan } from "../economics/prepare.ts";
import { peakLoads } from "../economics/simulate.ts";
import { declaredInput } from "./assess.ts";
import { onPlatform } from "./on-platform.ts";
import { ownerConfigSchema } from "./owner-settings.ts";

/** Blocks a fleet that drops requests: gateways must fit the system nodes, and tasks that may not go to an API the replicas, in their busiest hour. */
export const capacityServesPeak: ResourceValidationPolicy = {
  name: "capacity-serves-peak",
  displayName: "The fleet serves its peak",
  description:
    "Gateways fit the system nodes, and tasks without an API fallback the replicas in the busiest hour of the horizon, at the median capacity.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Raise system nodes, replicas and nodes, batch what may wait, or allow the task an API fallback.",
  configSchema: ownerConfigSchema,
  validateResource: onPlatform((declared, report) => {
    const input = declaredInput(declared);
    const room = missingRoom(declared.config, input.catalog);
    if (room !== undefined) report(room);
    const prepared = preparePlan(planOf(input), input.catalog);
    const withoutFallback = prepared.tasks.filter(({ fallback }) => fallback === undefined);
    for (const { model, peakLoad } of peakLoads(prepared)) {
      const tasks = withoutFallback.filter(({ task }) => task.selfHosted.some((share) => share.model === model.name));
      if (tasks.length === 0 || peakLoad <= model.maxReplicas) continue;
      const missing = percentText(1 - model.maxReplicas / peakLoad);
      report(
        `model ${model.name}: the busiest hour needs ${Math.ceil(peakLoad)} replicas and may have ${model.maxReplicas}; ` +
          `${missing} of the requests of ${tasks.map(({ name }) => name).join(", ")} would be lost, they may not go to an API`,
      );
    }
  }),
};
