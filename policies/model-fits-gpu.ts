import type { ResourceValidationPolicy } from "@pulumi/policy";
import { memoryFit } from "../economics/capacity/memory.ts";
import { pricePlan } from "../economics/price-plan.ts";
import { declaredInput, declaredPlan, PLATFORM_TYPE } from "./assess.ts";
import { ownerConfigSchema, ownerSettings } from "./owner-settings.ts";

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
  validateResource: (args, report) => {
    if (args.type !== PLATFORM_TYPE) return;
    const declared = declaredPlan(args, ownerSettings(args.getConfig()));
    if (!declared.ok) return report(declared.reason);
    const { items, models, catalog } = declaredInput(declared);
    const { pools } = pricePlan(items, catalog);
    for (const model of models) {
      const pool = pools.find(({ name }) => name === model.pool);
      if (pool === undefined) continue;
      const fit = memoryFit({ ...model, model: model.dimensions, gpu: pool.gpu });
      if (!fit.ok) report(`model ${model.name} on pool ${pool.name}: ${fit.reason}`);
    }
  },
};
