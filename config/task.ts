import { z } from "zod";
import { BATCH_TIMINGS, DATA_CLASSES, WEEK_SHAPES } from "../economics/task.ts";
import { HOURS_PER_WEEK } from "../economics/units.ts";
import { taskCaptureSchema } from "./capture.ts";
import { count, name, provenance, share, text, usd } from "./fields.ts";
import { answerCheckSchema, difficultySchema } from "./gateway.ts";

const tokens = (description: string) => z.number().positive().max(10_000_000).meta({ description, unit: "tokens" });

/** One feature that calls a language model. */
export const taskSchema = z
  .strictObject({
    requestsPerDay: z
      .number()
      .positive()
      .max(1e10)
      .meta({ description: "Mean over the week.", unit: "requests per day" }),
    inputTokensPerRequest: tokens("Mean prompt length, system prompt and history included."),
    outputTokensPerRequest: tokens("Mean answer length, reasoning included."),
    cachedInputShare: share("Input tokens the API bills at its cached-input price.").default(0),
    prefixCacheShare: share(
      "Input tokens that a replica finds in its own prefix cache. Measure it: prompts that share no long beginning have none.",
    ).default(0),
    batchableShare: share("Requests that may wait for hours: they have the batch price on the API.").default(0),
    batchTiming: z.enum(BATCH_TIMINGS).default("even").meta({
      description:
        "When requests that may wait are sent: evenly, or within the day in the hours with the least traffic, which takes a scheduler of yours.",
    }),
    week: z
      .union([z.enum(WEEK_SHAPES), z.array(z.number().min(0)).length(HOURS_PER_WEEK)])
      .default("business-hours")
      .meta({
        description: "How requests spread over the week: a named shape, or 168 weights, Monday 00:00 UTC first.",
      }),
    monthlyGrowth: z
      .number()
      .min(-0.5)
      .max(1)
      .default(0)
      .meta({ description: "Growth of traffic per month.", unit: "fraction, e.g. 0.05" }),
    dataClass: z
      .enum(DATA_CLASSES)
      .default("internal")
      .meta({ description: "`restricted` data never reaches an external API, not even as a fallback." }),
    apiModel: text("API model in use today and as fallback, `provider/model`, e.g. `openai/gpt-5.4-mini`.").optional(),
    secondApiModel: text("API model that is asked when `apiModel` fails as well, `provider/model`.").optional(),
    selfHosted: z
      .array(
        z.strictObject({
          model: name.meta({ description: "A model of this config." }),
          share: share("Requests this model answers first."),
        }),
      )
      .default([])
      .meta({ description: "Which models answer which share; the rest goes to the API model." }),
    escalationRate: share("Self-hosted answers that are asked again on the API model.").default(0),
    difficulty: difficultySchema.optional(),
    answerCheck: answerCheckSchema.optional(),
    capture: taskCaptureSchema.optional(),
    successRate: z
      .strictObject({
        selfHosted: share("Self-hosted answers that do their job.").default(1),
        api: share("API answers that do their job.").default(1),
      })
      .prefault({})
      .meta({ description: "Answers that do their job." }),
    failureUsd: usd("What one failed answer costs, e.g. a human's time.").default(0),
    retryRate: share(
      "Failed answers that are asked once more: on the API model, or on own GPUs where no API may be used.",
    ).default(0),
    evidence: z
      .strictObject({ measuredDays: count("Days of measured traffic behind the declared volume.", 1), ...provenance })
      .optional()
      .meta({ description: "Proof of the declared volume." }),
  })
  .meta({ description: "One feature that calls a language model; its name is the model name clients use." });
