import { z } from "zod";
import { PRECISIONS } from "../economics/serving.ts";
import { count, name, provenance, text } from "./fields.ts";
import { servingSchema } from "./serving.ts";
import { weightsSchema } from "./weights.ts";

const positive = (description: string, unit: string) => z.number().positive().meta({ description, unit });

/** Dimensions of a model the catalogue does not have, as its config.json states them. */
const custom = z
  .strictObject({
    totalParametersBillion: positive("All parameters, every expert included.", "billions"),
    activeParametersBillion: positive("Parameters one token passes through; the total for dense models.", "billions"),
    layers: count("Transformer layers.", 1),
    hiddenSize: count("Width of the residual stream.", 1),
    attentionHeads: count("Attention heads.", 1),
    kvHeads: count("Key-value heads.", 1),
    headSize: count("Size of one head.", 1),
    maxContextTokens: count("Longest context the model was made for.", 1),
    mixtureOfExperts: z
      .strictObject({ experts: count("Experts per layer.", 2), expertsPerToken: count("Experts one token picks.", 1) })
      .optional()
      .meta({ description: "Only for mixture-of-experts models." }),
    mlaValuesPerTokenLayer: count("Cached values per token and layer of multi-head latent attention.", 1).optional(),
    slidingWindowTokens: count("Window of sliding-window layers.", 1).optional(),
    fullAttentionLayers: count("Layers that attend to the whole context; all when left out.", 1).optional(),
    ...provenance,
  })
  .meta({ description: "Dimensions of a model that is not in the catalogue." });

/** A figure of the user's own, which no estimate beats. */
const measured = z
  .strictObject({
    outputTokensPerSecond: positive(
      "Output of one replica at full load within its latency targets.",
      "tokens per second",
    ),
    inputTokens: count("Prompt length of the measured requests.", 1),
    outputTokens: count("Answer length of the measured requests.", 1),
    ...provenance,
  })
  .meta({
    description:
      "Throughput measured on this model, GPU and engine; it replaces the estimate's anchors and plan factor.",
  });

/** A model served by vLLM on one pool. */
export const modelSchema = z
  .strictObject({
    catalogModel: text("Catalogue name, e.g. `Qwen3-32B`. Give this or `custom`.").optional(),
    custom: custom.optional(),
    weights: weightsSchema,
    fineTuned: z
      .boolean()
      .default(false)
      .meta({ description: "Weights of your own that no provider hosts, so same-weights prices do not apply." }),
    precision: z.enum(PRECISIONS).default("bf16").meta({ description: "Number format of the weights." }),
    pool: name.meta({ description: "Pool the replicas run on." }),
    gpusPerReplica: z.int().min(1).max(64).default(1).meta({ description: "GPUs of one replica.", unit: "GPUs" }),
    pipelineStages: count(
      "Stages the layers are split into. The GPUs of one stage work tensor-parallel within a node; with more stages a replica may span nodes.",
      1,
    )
      .max(16)
      .default(1),
    replicas: z
      .strictObject({ min: count("Fewest replicas.").default(1), max: count("Most replicas.", 1) })
      .meta({ description: "Replicas of the model server." }),
    maxContextTokens: z
      .int()
      .min(256)
      .default(8192)
      .meta({ description: "Longest prompt plus answer.", unit: "tokens" }),
    maxConcurrentSequences: z
      .int()
      .min(1)
      .max(4096)
      .default(256)
      .meta({ description: "Requests one replica works on at once.", unit: "sequences" }),
    gpuMemoryUtilization: z
      .number()
      .min(0.1)
      .max(0.98)
      .default(0.9)
      .meta({ description: "Share of GPU memory vLLM may take.", unit: "share, 0 to 1" }),
    routing: z.enum(["service", "prefix-aware"]).default("service").meta({
      description:
        "How requests find a replica. `service`: any of them. `prefix-aware`: the vLLM router sends requests that begin alike to the same replica, whose cache holds the beginning.",
    }),
    autoscaling: z
      .strictObject({
        requestsPerReplica: count(
          "Requests of one replica that call for another; by its latency targets when left out.",
          1,
        ).optional(),
      })
      .prefault({})
      .meta({ description: "How replicas follow demand on an elastic pool, by KEDA." }),
    startupProbeSeconds: z.int().min(60).max(14_400).optional().meta({
      description: "How long a replica may take to its first answer; by size and source of its weights when left out.",
      unit: "seconds",
    }),
    slo: z
      .strictObject({
        ttftMs: positive("Target for the time to first token.", "milliseconds").default(2000),
        tpotMs: positive("Target for the time per output token.", "milliseconds").default(50),
      })
      .prefault({})
      .meta({ description: "Latency targets; they bound how many requests a replica may take." }),
    serving: servingSchema,
    measured: measured.optional(),
  })
  .meta({ description: "A model served by vLLM." });

export type ModelConfig = z.output<typeof modelSchema>;
