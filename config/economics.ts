import { z } from "zod";
import { UNCERTAINTY } from "../economics/assumptions.ts";
import { BASELINES } from "../economics/baseline.ts";
import { PURCHASE_OPTIONS } from "../economics/offering.ts";
import { CONFIDENCES } from "../economics/plan.ts";
import { day, provenance, text, usd } from "./fields.ts";

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
    priceOverrides: priceOverridesSchema,
    justifications: z.array(justificationSchema).default([]).meta({ description: "Recorded exceptions." }),
  })
  .prefault({})
  .meta({ description: "How owning and staying are compared." });

export type Justification = z.output<typeof justificationSchema>;
export type PriceOverrides = z.output<typeof priceOverridesSchema>;
