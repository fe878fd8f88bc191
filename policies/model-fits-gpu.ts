import type { ResourceValidationPolicy } from "@pulumi/policy";
import { memoryFit } from "../economics/capacity/memory.ts";
import { pricePlan } from "../economics/price-plan.ts";
import { declaredInput } from "./assess.ts";
import { onPlatform } from "./on-platform.ts";
import { ownerConfigSchema } from "./owner-settings.ts";

/** Blocks a model that cannot start on the GPUs it is given, before any of them is paid for. */
export const modelFitsGpu: ResourceValidationPolicy = {
  name: "model-fits-gpu",
  displayName: "Every model fits its GPUs",
  description:
    "Weights, overhead and one sequence of the full context fit into the GPUs of a replica; mixture-of-experts models hold every expert.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Use more GPUs per replica, a smaller number format, a shorter context or a GPU with more memory.",
  configSchema: ownerConfigSchema,
  validateResource: onPlatform((declared, report) => {
    const { items, models, catalog } = declaredInput(declared);
    const { pools } = pricePlan(items, catalog);
    for (const model of models) {
      const pool = pools.find(({ name }) => name === model.pool);
      if (pool === undefined) continue;
      const fit = memoryFit({ ...model, model: model.dimensions, gpu: pool.gpu });
      if (!fit.ok) report(`model ${model.name} on pool ${pool.name}: ${fit.reason}`);
    }
  }),
};
