import { z } from "zod";
import { UNCERTAINTY } from "../economics/assumptions.ts";
import { BASELINES } from "../economics/baseline.ts";
import { PURCHASE_OPTIONS } from "../economics/offering.ts";
import { CONFIDENCES } from "../economics/plan.ts";
import { count, day, hours, name, provenance, text, usd } from "./fields.ts";

const price = (description: string) => z.number().positive().meta({ description, unit: "US dollars" });

/** Prices that replace catalogue rows. Each carries its source and date: a price from nowhere is refused. */
export const priceOverridesSchema = z
  .strictObject({
    offerings: z
      .array(
        z.strictObject({
          region: text("AWS region."),
          instanceType: text("Instance type."),
          purchase: z.enum(PURCHASE_OPTIONS).meta({ description: "Purchase option." }),
          usdPerHour: price("Price of one node-hour."),
          ...provenance,
        }),
      )
      .default([])
      .meta({ description: "Node-hour prices." }),
    services: z
      .array(
        z.strictObject({
          sku: text("Service key of the catalogue, e.g. `nat-gateway-hour`."),
          region: text("AWS region."),
          usd: price("Price of one unit."),
          ...provenance,
        }),
      )
      .default([])
      .meta({ description: "Prices of cloud services." }),
    apiModels: z
      .array(
        z.strictObject({
          name: text("API model, `provider/model`."),
          inputUsdPerMillion: usd("Per million input tokens."),
          cachedInputUsdPerMillion: usd("Per million cached input tokens.").optional(),
          outputUsdPerMillion: usd("Per million output tokens."),
          ...provenance,
        }),
      )
      .default([])
      .meta({ description: "API prices, e.g. a contract's." }),
  })
  .prefault({})
  .meta({ description: "Prices that replace catalogue rows, each with source and date." });

export const EXCEPTIONS = ["restricted-data", "latency-floor", "custom-weights", "idle-owned-hardware"] as const;

/** A recorded reason to own although it costs more. */
export const justificationSchema = z
  .strictObject({
    exception: z.enum(EXCEPTIONS).meta({ description: "Why owning may cost more." }),
    reason: text("One sentence a reviewer can check."),
    owner: text("Who answers for it."),
    expires: day("Last day it holds."),
  })
  .meta({
    description: "A recorded reason to own although it costs more: a block becomes an advisory until it expires.",
  });

const deviation = (description: string, fallback: number) =>
  z.number().min(0).max(4).default(fallback).meta({ description, unit: "share" });

/** How far inputs may be off. Throughput has an interval of its own, from measurements. */
const uncertaintySchema = z
  .strictObject({
    traffic: deviation("Requests of all tasks together.", UNCERTAINTY.traffic),
    apiPrice: deviation("API prices.", UNCERTAINTY.apiPrice),
    gpuMarketPrice: deviation("Node-hours bought on demand, spot or rented.", UNCERTAINTY.gpuMarketPrice),
    peopleHours: deviation("Hours of people, set-up included.", UNCERTAINTY.peopleHours),
  })
  .prefault({})
  .meta({
    description:
      "How far inputs may be off: nine of ten outcomes lie between 1 / (1 + d) and 1 + d times the plan (log-normal).",
  });

/** Other ways that are compared with the plan and never judged. */
const optionsSchema = z
  .strictObject({
    serverless: z
      .array(
        z.strictObject({
          provider: text("Who sells it."),
          gpu: text("Catalogue name of the GPU, e.g. `H100-SXM`."),
          usdPerGpuSecond: price("Price of one GPU for one second of a worker that is up."),
          coldStartSeconds: z
            .number()
            .min(0)
            .max(3600)
            .meta({ description: "Until a worker that was off answers.", unit: "seconds" }),
          idleSeconds: z
            .number()
            .min(0)
            .max(86_400)
            .default(60)
            .meta({ description: "How long an idle worker stays up, billed.", unit: "seconds" }),
          ...provenance,
        }),
      )
      .default([])
      .meta({ description: "GPUs billed by the second." }),
    distillation: z
      .strictObject({
        student: name.meta({ description: "The model of this config that is trained." }),
        teacher: text("API model that is sampled, `provider/model`; at its batch price where it has one."),
        samples: count("Answers that are sampled.", 1),
        inputTokensPerSample: z.number().positive().meta({ description: "Mean prompt of a sample.", unit: "tokens" }),
        outputTokensPerSample: z.number().positive().meta({ description: "Mean answer of a sample.", unit: "tokens" }),
        trainingGpuHours: hours("GPU-hours of training, failed runs included."),
        usdPerGpuHour: usd("Price of one GPU-hour of training."),
        peopleHours: hours("Hours of people for data, training and evaluation."),
        ...provenance,
      })
      .optional()
      .meta({ description: "One-off cost of training a model of this config on a larger one's answers." }),
  })
  .prefault({})
  .meta({ description: "Other ways that reports compare with the plan. They never change the verdict." });

/** How owning and staying are compared. */
export const economicsSchema = z
  .strictObject({
    horizonMonths: z
      .int()
      .min(1)
      .max(60)
      .default(12)
      .meta({ description: "Months the decision looks ahead.", unit: "months" }),
    baseline: z.enum(BASELINES).default("cheapest").meta({
      description:
        "What staying means: today's API model, the same open weights hosted by a provider, or the cheaper of both.",
    }),
    approvedProviders: z
      .array(text("Provider."))
      .min(1)
      .optional()
      .meta({ description: "Providers you may buy from; all of the catalogue when left out." }),
    apiPriceDeclinePerYear: z
      .number()
      .min(0)
      .max(0.9)
      .default(0)
      .meta({ description: "Expected fall of API prices per year.", unit: "fraction" }),
    apiDiscount: z
      .number()
      .min(0)
      .max(0.9)
      .default(0)
      .meta({ description: "Negotiated discount on API list prices.", unit: "fraction" }),
    discountRatePerYear: z
      .number()
      .min(0)
      .max(0.5)
      .default(0)
      .meta({ description: "Discount rate of money.", unit: "fraction" }),
    confidence: z.enum(CONFIDENCES).default("optimistic").meta({
      description:
        "End of the capacity interval at which owning must win, or the plan is blocked. `pessimistic` is the strictest.",
    }),
    uncertainty: uncertaintySchema,
    options: optionsSchema,
    priceOverrides: priceOverridesSchema,
    justifications: z.array(justificationSchema).default([]).meta({ description: "Recorded exceptions." }),
  })
  .prefault({})
  .meta({ description: "How owning and staying are compared." });

export type Justification = z.output<typeof justificationSchema>;
export type PriceOverrides = z.output<typeof priceOverridesSchema>;
