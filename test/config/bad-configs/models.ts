import { CUSTOM_MODEL, hybrid, onPrem } from "../bases.ts";
import type { BadConfig } from "./bad-config.ts";

export const models: readonly BadConfig[] = [
  {
    name: "a model without a description",
    base: hybrid,
    changes: { "models.support.catalogModel": undefined },
    lines: [
      "breakeven:platform.models.support: is not described; give models.support.catalogModel or models.support.custom",
    ],
  },
  {
    name: "a model with two descriptions",
    base: hybrid,
    changes: { "models.support.custom": CUSTOM_MODEL },
    lines: [
      "breakeven:platform.models.support: is described twice; remove models.support.catalogModel or models.support.custom",
    ],
  },
  {
    name: "a measurement beyond the longest context",
    base: hybrid,
    changes: {
      "models.support.maxContextTokens": 4096,
      "models.support.measured": {
        outputTokensPerSecond: 900,
        inputTokens: 4000,
        outputTokens: 200,
        source: "load test",
        date: "2026-11-10",
      },
    },
    lines: [
      "breakeven:platform.models.support.measured: of 4000 + 200 tokens is beyond models.support.maxContextTokens (4096); correct one of them",
    ],
  },
  {
    name: "an unknown model of the catalogue",
    base: hybrid,
    changes: { "models.support.catalogModel": "Qwen3-32" },
    lines: [
      'breakeven:platform.models.support.catalogModel: unknown model "Qwen3-32"; nearest known: Qwen3-32B, Qwen3-8B, Qwen3-14B; or describe it under models.support.custom instead',
    ],
  },
  {
    name: "a long model name, which is shown: it is no secret",
    base: hybrid,
    changes: { "models.support.catalogModel": "Qwen3-235B-A22B-Instruct-2507-custom" },
    lines: [
      'breakeven:platform.models.support.catalogModel: unknown model "Qwen3-235B-A22B-Instruct-2507-custom"; nearest known: Qwen3-235B-A22B, Qwen3-30B-A3B; or describe it under models.support.custom instead',
    ],
  },
  {
    name: "an unknown model with no similar name",
    base: hybrid,
    changes: { "models.support.catalogModel": "zzz" },
    lines: [
      'breakeven:platform.models.support.catalogModel: unknown model "zzz"; none of the 38 known names is near; or describe it under models.support.custom instead',
    ],
  },
  {
    name: "dimensions without source and date",
    base: hybrid,
    changes: {
      "models.support.catalogModel": undefined,
      "models.support.custom": { ...CUSTOM_MODEL, source: undefined, date: undefined },
    },
    lines: [
      "breakeven:platform.models.support.custom.source: is missing; expected text of 1 to 500 characters (where the figure comes from, e.g. a quote number or a price-list address)",
      'breakeven:platform.models.support.custom.date: is missing; expected a date such as "2026-11-30" (the day the source states it for)',
    ],
  },
  {
    name: "dimensions that contradict each other",
    base: hybrid,
    changes: {
      "models.support.catalogModel": undefined,
      "models.support.weights.huggingFaceId": "example-org/own",
      "models.support.custom": {
        ...CUSTOM_MODEL,
        activeParametersBillion: 60,
        mixtureOfExperts: { experts: 4, expertsPerToken: 8 },
      },
    },
    lines: [
      "breakeven:platform.models.support.custom.activeParametersBillion: 60 is above models.support.custom.totalParametersBillion (34); lower it",
      "breakeven:platform.models.support.custom.mixtureOfExperts.expertsPerToken: 8 is above models.support.custom.mixtureOfExperts.experts (4); lower it",
    ],
  },
  {
    name: "own dimensions without weights",
    base: hybrid,
    changes: { "models.support.catalogModel": undefined, "models.support.custom": CUSTOM_MODEL },
    lines: [
      "breakeven:platform.models.support.weights.huggingFaceId: is missing and models.support.custom has no weights of its own; name their repository",
    ],
  },
  {
    name: "an unknown pool",
    base: hybrid,
    changes: { "models.support.pool": "h200" },
    lines: ['breakeven:platform.models.support.pool: unknown pool "h200"; declared under pools: h100'],
  },
  {
    name: "a pool where none is declared",
    base: hybrid,
    changes: { pools: undefined },
    lines: ['breakeven:platform.models.support.pool: unknown pool "h100"; declared under pools: none'],
  },
  {
    name: "more least replicas than most replicas",
    base: hybrid,
    changes: { "models.support.replicas": { min: 9, max: 8 } },
    lines: [
      "breakeven:platform.models.support.replicas.min: 9 is above models.support.replicas.max (8); lower it or raise max",
    ],
  },
  {
    name: "replicas without an upper bound",
    base: hybrid,
    changes: { "models.support.replicas": { min: 2 } },
    lines: [
      "breakeven:platform.models.support.replicas.max: is missing; expected a whole number of at least 1 (most replicas)",
    ],
  },
  {
    name: "an unknown precision",
    base: hybrid,
    changes: { "models.support.precision": "fp4" },
    lines: [
      'breakeven:platform.models.support.precision: "fp4" is not allowed; expected one of "bf16", "fp8", "int8", "int4", "mxfp4", "nvfp4"',
    ],
  },
  {
    name: "a context beyond the model's own",
    base: hybrid,
    changes: { "models.support.maxContextTokens": 131_072 },
    lines: [
      "breakeven:platform.models.support.maxContextTokens: 131072 is beyond the 40960 tokens the model was made for; lower it",
    ],
  },
  {
    name: "GPUs per replica that do not divide the heads",
    base: hybrid,
    changes: { "models.support.gpusPerReplica": 3, "models.support.replicas": { max: 2 } },
    lines: [
      "breakeven:platform.models.support.gpusPerReplica: 3 does not divide the model's 64 attention heads; use a divisor, e.g. 1, 2, 4, 8",
    ],
  },
  {
    name: "a replica that is larger than a node",
    base: onPrem,
    changes: { "models.files.gpusPerReplica": 16 },
    lines: [
      "breakeven:platform.models.files.gpusPerReplica: 16 in 1 pipeline stage does not fit nodes of 8 GPUs (pools.hall); GPUs that work tensor-parallel share a node: lower it, or use 16 GPUs in 2 pipelineStages",
    ],
  },
  {
    name: "memory, context and sequences out of range",
    base: hybrid,
    changes: {
      "models.support.gpuMemoryUtilization": 90,
      "models.support.maxContextTokens": 128,
      "models.support.maxConcurrentSequences": 0,
      "models.support.slo": { ttftMs: 0 },
    },
    lines: [
      "breakeven:platform.models.support.maxContextTokens: 128 is not allowed; expected a whole number of at least 256",
      "breakeven:platform.models.support.maxConcurrentSequences: 0 is not allowed; expected a whole number from 1 to 4096",
      "breakeven:platform.models.support.gpuMemoryUtilization: 90 is not allowed; expected a number from 0.1 to 0.98",
      "breakeven:platform.models.support.slo.ttftMs: 0 is not allowed; expected a number above 0",
    ],
  },
];
