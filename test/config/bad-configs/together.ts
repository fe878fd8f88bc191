import { hybrid, onPrem } from "../bases.ts";
import type { BadConfig } from "./bad-config.ts";

export const together: readonly BadConfig[] = [
  {
    name: "structural and cross-field problems of different parts, all at once",
    base: hybrid,
    changes: {
      environment: "production",
      "cluster.kubernetesVersion": 1.35,
      "pools.h100.minNodes": 3,
      "models.support.pool": "h200",
      "models.support.maxContextTokens": 131_072,
      "tasks.chat.apiModel": "openai/gpt-6.1-tera",
      "tasks.chat.week": new Array(168).fill(0),
      "gateway.replica": 1,
    },
    lines: [
      'breakeven:platform.environment: "production" is not allowed; expected one of "dev", "test", "staging", "prod"',
      'breakeven:platform.cluster.kubernetesVersion: 1.35 is a number; expected a Kubernetes minor version such as "1.35", in quotes',
      "breakeven:platform.gateway.replica: is not a known key; known here: replicas, maxReplicas, timeoutSeconds, streamTimeoutSeconds, maxBodyMiB, clients, apiBudgets, pastBudget, redis, captureStore, externalSecrets; correct or remove it",
      "breakeven:platform.pools.h100.minNodes: 3 is above pools.h100.maxNodes (1); lower it or raise maxNodes",
      'breakeven:platform.models.support.pool: unknown pool "h200"; declared under pools: h100',
      "breakeven:platform.tasks.chat.week: has only weights of 0; give at least one hour some traffic",
      "breakeven:platform.models.support.maxContextTokens: 131072 is beyond the 40960 tokens the model was made for; lower it",
      'breakeven:platform.tasks.chat.apiModel: unknown API model "openai/gpt-6.1-tera"; nearest known: openai/gpt-6.1-terra, openai/gpt-5.6-terra, openai/gpt-6.1-sol; correct it, or state its price under economics.priceOverrides.apiModels',
    ],
  },
  {
    name: "a broken pool, without calling it unknown",
    base: hybrid,
    changes: { "pools.h100.maxNodes": undefined },
    lines: ["breakeven:platform.pools.h100.maxNodes: is missing; expected a whole number of at least 1 (most nodes)"],
  },
  {
    name: "a broken model, without calling it unknown or its pool unused",
    base: hybrid,
    changes: { "models.support.replicas": undefined },
    lines: [
      "breakeven:platform.models.support.replicas: is missing; expected an object with max (replicas of the model server)",
    ],
  },
  {
    name: "a broken price, without calling what it prices unknown",
    base: hybrid,
    changes: {
      "tasks.chat.apiModel": "acme/large",
      "economics.priceOverrides.apiModels": [{ name: "acme/large", inputUsdPerMillion: 1, outputUsdPerMillion: 4 }],
    },
    lines: [
      "breakeven:platform.economics.priceOverrides.apiModels[0].source: is missing; expected text of 1 to 500 characters (where the figure comes from, e.g. a quote number or a price-list address)",
      'breakeven:platform.economics.priceOverrides.apiModels[0].date: is missing; expected a date such as "2026-11-30" (the day the source states it for)',
    ],
  },
  {
    name: "other parts of the economics, while its prices still hold",
    base: hybrid,
    changes: {
      "tasks.chat.apiModel": "acme/large",
      "economics.horizonMonths": 0,
      "economics.priceOverrides.apiModels": [
        { name: "acme/large", inputUsdPerMillion: 1, outputUsdPerMillion: 4, source: "contract 7", date: "2026-11-01" },
      ],
    },
    lines: ["breakeven:platform.economics.horizonMonths: 0 is not allowed; expected a whole number from 1 to 60"],
  },
  {
    name: "an entry whose name is bad, and what is wrong inside it",
    base: onPrem,
    changes: {
      "models.Files": { pool: "hall", replicas: { min: 2, max: 1 }, precision: "fp16" },
      "pools.Hall": { maxNodes: 1 },
    },
    lines: [
      "breakeven:platform.pools.Hall: is not an allowed name; expected at most 30 lower-case letters, digits and dashes, a letter first and no dash last",
      'breakeven:platform.pools.Hall.hardware: is missing; expected an object whose kind is one of "instance", "owned", "rented" (what a node is and how it is paid)',
      "breakeven:platform.models.Files: is not an allowed name; expected at most 30 lower-case letters, digits and dashes, a letter first and no dash last",
      'breakeven:platform.models.Files.precision: "fp16" is not allowed; expected one of "bf16", "fp8", "int8", "int4", "mxfp4", "nvfp4"',
    ],
  },
];
