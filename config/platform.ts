import { z } from "zod";
import { clusterSchema } from "./cluster.ts";
import { economicsSchema } from "./economics.ts";
import { name, text } from "./fields.ts";
import { gatewaySchema } from "./gateway.ts";
import { modelSchema } from "./model.ts";
import { poolSchema } from "./pool.ts";
import { loadBalancerSchema, monitoringSchema, operationsSchema } from "./services.ts";
import { taskSchema } from "./task.ts";

export const ENVIRONMENTS = ["dev", "test", "staging", "prod"] as const;

/** The one typed config, `breakeven:platform` in a stack file. Unknown keys are errors. */
export const platformSchema = z
  .strictObject({
    environment: z
      .enum(ENVIRONMENTS)
      .meta({ description: "What the stack is for. GPUs are for `staging` and `prod`." }),
    cluster: clusterSchema,
    pools: z.record(name, poolSchema).default({}).meta({ description: "GPU node pools by name." }),
    models: z.record(name, modelSchema).default({}).meta({ description: "Self-hosted models by name." }),
    tasks: z.record(name, taskSchema).meta({ description: "Traffic by task; at least one." }),
    measured: text(
      "File of `breakeven measure` that proves the tasks' volume, from the project's folder, e.g. `measured/prod.json`.",
    ).optional(),
    gateway: gatewaySchema,
    loadBalancer: loadBalancerSchema,
    monitoring: monitoringSchema,
    operations: operationsSchema,
    economics: economicsSchema,
  })
  .meta({
    title: "breakeven:platform",
    description: "Hybrid LLM serving platform: cluster, pools, models, tasks, operations, economics.",
  });

/** The config with all defaults filled in. */
export type PlatformConfig = z.output<typeof platformSchema>;
/** The config as a user writes it. */
export type PlatformInput = z.input<typeof platformSchema>;
