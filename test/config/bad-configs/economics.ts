import { hybrid } from "../bases.ts";
import type { BadConfig } from "./bad-config.ts";

export const economics: readonly BadConfig[] = [
  {
    name: "a horizon of ten years",
    base: hybrid,
    changes: { "economics.horizonMonths": 120 },
    lines: ["breakeven:platform.economics.horizonMonths: 120 is not allowed; expected a whole number from 1 to 60"],
  },
  {
    name: "unknown options",
    base: hybrid,
    changes: { "economics.baseline": "list-price", "economics.confidence": "high" },
    lines: [
      'breakeven:platform.economics.baseline: "list-price" is not allowed; expected one of "current", "same-weights", "cheapest"',
      'breakeven:platform.economics.confidence: "high" is not allowed; expected one of "optimistic", "median", "pessimistic"',
    ],
  },
  {
    name: "rates in percent",
    base: hybrid,
    changes: {
      "economics.apiPriceDeclinePerYear": 20,
      "economics.apiDiscount": 15,
      "economics.discountRatePerYear": 8,
    },
    lines: [
      "breakeven:platform.economics.apiPriceDeclinePerYear: 20 is not allowed; expected a number from 0 to 0.9",
      "breakeven:platform.economics.apiDiscount: 15 is not allowed; expected a number from 0 to 0.9",
      "breakeven:platform.economics.discountRatePerYear: 8 is not allowed; expected a number from 0 to 0.5",
    ],
  },
  {
    name: "options of unknown GPUs, models and teachers",
    base: hybrid,
    changes: {
      "economics.options": {
        serverless: [
          { provider: "x", gpu: "H1000", usdPerGpuSecond: 0.001, coldStartSeconds: 5, source: "x", date: "2026-11-01" },
        ],
        distillation: {
          student: "suport",
          teacher: "openai/gpt-6.1-tera",
          samples: 1000,
          inputTokensPerSample: 100,
          outputTokensPerSample: 100,
          trainingGpuHours: 10,
          usdPerGpuHour: 2,
          peopleHours: 10,
          source: "x",
          date: "2026-11-01",
        },
      },
    },
    lines: [
      'breakeven:platform.economics.options.serverless[0].gpu: unknown GPU "H1000"; nearest known: H200-SXM',
      'breakeven:platform.economics.options.distillation.student: unknown model "suport"; declared under models: "support"',
      'breakeven:platform.economics.options.distillation.teacher: unknown API model "openai/gpt-6.1-tera"; nearest known: openai/gpt-6.1-terra, openai/gpt-5.6-terra, openai/gpt-6.1-sol',
    ],
  },
  {
    name: "inputs less certain than anything",
    base: hybrid,
    changes: { "economics.uncertainty.traffic": 30, "pools.h100.coolDownMinutes": -1 },
    lines: [
      "breakeven:platform.pools.h100.coolDownMinutes: -1 is not allowed; expected a number from 0 to 1440",
      "breakeven:platform.economics.uncertainty.traffic: 30 is not allowed; expected a number from 0 to 4",
    ],
  },
  {
    name: "unknown providers",
    base: hybrid,
    changes: { "economics.approvedProviders": ["openai", "openia"] },
    lines: [
      'breakeven:platform.economics.approvedProviders[1]: unknown provider "openia"; known: openai, anthropic, google, deepseek, mistral, together, fireworks, groq, cerebras, openrouter, aws, deepinfra',
    ],
  },
  {
    name: "a stated node price without source and date",
    base: hybrid,
    changes: {
      "economics.priceOverrides.offerings": [
        { region: "us-east-1", instanceType: "p5.48xlarge", purchase: "commit-1y", usdPerHour: 40 },
      ],
    },
    lines: [
      "breakeven:platform.economics.priceOverrides.offerings[0].source: is missing; expected text of 1 to 500 characters (where the figure comes from, e.g. a quote number or a price-list address)",
      'breakeven:platform.economics.priceOverrides.offerings[0].date: is missing; expected a date such as "2026-11-30" (the day the source states it for)',
    ],
  },
  {
    name: "a stated API price without a source",
    base: hybrid,
    changes: {
      "economics.priceOverrides.apiModels": [
        { name: "openai/gpt-6.1-terra", inputUsdPerMillion: 1, outputUsdPerMillion: 4, date: "2026-11-01" },
      ],
    },
    lines: [
      "breakeven:platform.economics.priceOverrides.apiModels[0].source: is missing; expected text of 1 to 500 characters (where the figure comes from, e.g. a quote number or a price-list address)",
    ],
  },
  {
    name: "a stated service price of zero",
    base: hybrid,
    changes: {
      "economics.priceOverrides.services": [
        { sku: "nat-gateway-hour", region: "us-east-1", usd: 0, source: "contract 7", date: "2026-11-01" },
      ],
    },
    lines: ["breakeven:platform.economics.priceOverrides.services[0].usd: 0 is not allowed; expected a number above 0"],
  },
  {
    name: "stated prices of things that do not exist",
    base: hybrid,
    changes: {
      "economics.priceOverrides": {
        offerings: [
          {
            region: "us-esat-1",
            instanceType: "p5.48xlrage",
            purchase: "spot",
            usdPerHour: 40,
            source: "contract 7",
            date: "2026-11-01",
          },
        ],
        services: [{ sku: "nat-gateway", region: "us-east-1", usd: 0.03, source: "contract 7", date: "2026-11-01" }],
        apiModels: [
          { name: "gpt-6.1", inputUsdPerMillion: 1, outputUsdPerMillion: 4, source: "contract 7", date: "2026-11-01" },
        ],
      },
    },
    lines: [
      'breakeven:platform.economics.priceOverrides.offerings[0].region: unknown region "us-esat-1"; known: us-east-1, us-east-2, us-west-2, eu-west-1, eu-central-1, eu-north-1, ap-northeast-1, ap-south-1',
      'breakeven:platform.economics.priceOverrides.offerings[0].instanceType: unknown instance type "p5.48xlrage"; nearest known: p5.48xlarge, p5.4xlarge, p5e.48xlarge',
      'breakeven:platform.economics.priceOverrides.services[0].sku: unknown service "nat-gateway"; nearest known: nat-gateway-hour, nat-gateway-gb',
      'breakeven:platform.economics.priceOverrides.apiModels[0].name: "gpt-6.1" names no provider; expected provider/model',
    ],
  },
  {
    name: "an incomplete justification",
    base: hybrid,
    changes: { "economics.justifications": [{ exception: "strategic", reason: "", expires: "soon" }] },
    lines: [
      'breakeven:platform.economics.justifications[0].exception: "strategic" is not allowed; expected one of "restricted-data", "latency-floor", "custom-weights", "idle-owned-hardware"',
      'breakeven:platform.economics.justifications[0].reason: "" is not allowed; expected text of 1 to 500 characters',
      "breakeven:platform.economics.justifications[0].owner: is missing; expected text of 1 to 500 characters (who answers for it)",
      'breakeven:platform.economics.justifications[0].expires: "soon" is not allowed; expected a date such as "2026-11-30"',
    ],
  },
];
