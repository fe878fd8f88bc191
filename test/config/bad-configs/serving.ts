import { hybrid, onPrem } from "../bases.ts";
import type { BadConfig } from "./bad-config.ts";

const measured = {
  outputTokensPerSecond: 3000,
  inputTokens: 1000,
  outputTokens: 300,
  source: "our load test",
  date: "2026-11-01",
};
const elastic = {
  "pools.h100.scaling": "elastic",
  "pools.h100.hardware.purchase": "on-demand",
  "models.support.replicas": { min: 0, max: 8 },
};
const adapters = { tickets: { huggingFaceId: "org/tickets", revision: "v1" } };

export const serving: readonly BadConfig[] = [
  {
    name: "tensor parallelism over more GPUs than a node has",
    base: hybrid,
    changes: {
      "models.support.gpusPerReplica": 16,
      "models.support.replicas": { min: 1, max: 1 },
      "pools.h100.maxNodes": 2,
    },
    lines: [
      "breakeven:platform.models.support.gpusPerReplica: 16 in 1 pipeline stage does not fit nodes of 8 GPUs (pools.h100); GPUs that work tensor-parallel share a node: lower it, or use 16 GPUs in 2 pipelineStages",
    ],
  },
  {
    name: "pipelines nobody measured",
    base: hybrid,
    changes: {
      "models.support.gpusPerReplica": 16,
      "models.support.pipelineStages": 2,
      "models.support.replicas": { min: 1, max: 1 },
      "pools.h100.maxNodes": 2,
    },
    lines: [
      "breakeven:platform.models.support.measured: is missing and models.support.pipelineStages is 2; no published figure covers pipelines, state your own",
    ],
  },
  {
    name: "stages that do not divide the GPUs",
    base: hybrid,
    changes: {
      "models.support.gpusPerReplica": 8,
      "models.support.pipelineStages": 3,
      "models.support.measured": measured,
      "models.support.replicas": { min: 1, max: 1 },
    },
    lines: [
      "breakeven:platform.models.support.pipelineStages: 3 does not divide models.support.gpusPerReplica (8); use a divisor",
    ],
  },
  {
    name: "bfloat16 on GPUs that have none",
    base: hybrid,
    changes: {
      "pools.h100.hardware": { kind: "instance", instanceType: "g4dn.12xlarge", purchase: "on-demand" },
      "models.support.gpusPerReplica": 4,
      "models.support.replicas": { min: 1, max: 1 },
    },
    lines: [
      'breakeven:platform.models.support.precision: "bf16" cannot be computed on T4 (pools.h100); use a pool of newer GPUs, e.g. L4 or A10G',
    ],
  },
  {
    name: "a cache on local disks the type does not have",
    base: hybrid,
    changes: {
      "pools.h100.hardware": { kind: "instance", instanceType: "p3.16xlarge", purchase: "on-demand" },
      "pools.h100.localDisks": true,
      "models.support.precision": "int4",
      "models.support.weights": { huggingFaceId: "Qwen/Qwen3-32B-AWQ" },
    },
    lines: [
      "breakeven:platform.pools.h100.localDisks: is true and p3.16xlarge has no local NVMe disks; leave it out, and make room for weights with pools.h100.diskGiB (300)",
    ],
  },
  {
    name: "weights from two places",
    base: onPrem,
    changes: { "models.files.weights.cache": { storageClass: "cephfs", sizeGiB: 300 } },
    lines: ["breakeven:platform.models.files.weights: come from cache and image; keep one of them"],
  },
  {
    name: "a shared volume on a new cluster",
    base: hybrid,
    changes: { "models.support.weights": { cache: { storageClass: "efs", sizeGiB: 100 } } },
    lines: [
      'breakeven:platform.models.support.weights.cache: needs a shared file system, whose price is not known on "eks"; use models.support.weights.s3Uri',
    ],
  },
  {
    name: "S3 on an existing cluster",
    base: onPrem,
    changes: { "models.files.weights": { s3Uri: "s3://weights/llama" } },
    lines: [
      'breakeven:platform.models.files.weights.s3Uri: is read through a role of "eks" and cluster.kind is "existing"; use models.files.weights.cache',
    ],
  },
  {
    name: "an image of weights that may change",
    base: onPrem,
    changes: { "models.files.weights": { image: "registry.example.org/weights/llama:latest" } },
    lines: [
      'breakeven:platform.models.files.weights.image: "registry.example.org/weights/llama:latest" is not allowed; expected an image with an exact tag or digest such as "registry.example.com/weights/qwen3-32b:v4"',
    ],
  },
  {
    name: "restricted data beside weights from the hub",
    base: onPrem,
    changes: { "models.files.weights": undefined },
    lines: [
      "breakeven:platform.models.files.weights: are fetched from the internet by the pods that serve them and task summaries is restricted; give cache or image",
    ],
  },
  {
    name: "adapters whose revision nobody pins",
    base: hybrid,
    changes: { "models.support.serving": { loraAdapters: { adapters, maxPerBatch: 4, maxInMemory: 2 } } },
    lines: [
      "breakeven:platform.models.support.serving.loraAdapters: needs models.support.weights.cache: only there is the revision of an adapter pinned",
      "breakeven:platform.models.support.serving.loraAdapters.maxInMemory: 2 is below models.support.serving.loraAdapters.maxPerBatch (4); raise it",
    ],
  },
  {
    name: "a draft model without a way to it",
    base: onPrem,
    changes: {
      "models.files.serving": {
        speculativeDecoding: { kind: "draft-model", huggingFaceId: "meta-llama/Llama-3.2-1B", revision: "v1" },
      },
    },
    lines: [
      'breakeven:platform.models.files.serving.speculativeDecoding.kind: "draft-model" fetches a second model from the hub and models.files.weights.image leaves no way there; use "ngram" or "mtp"',
    ],
  },
  {
    name: "a probe that is shorter than the start",
    base: hybrid,
    changes: { "models.support.startupProbeSeconds": 600 },
    lines: [
      "breakeven:platform.models.support.startupProbeSeconds: 600 s is 323 s short of a start: weights 623 s + compile 300 s = 923 s; raise it or leave it out (pools.h100.startUp says how long each step takes)",
    ],
  },
  {
    name: "a cool-down that is shorter than the start",
    base: hybrid,
    changes: { ...elastic, "pools.h100.coolDownMinutes": 10 },
    lines: [
      "breakeven:platform.models.support.replicas.min: is 0 and pools.h100.coolDownMinutes (10) is 1173 s short of a start and an empty node's 300 s: node 300 s + image 250 s + weights 623 s + compile 300 s = 1473 s; raise it to 30, or keep models.support.replicas.min at 1 (pools.h100.startUp says how long each step takes)",
    ],
  },
  {
    name: "sleep where nobody else answers",
    base: hybrid,
    changes: {
      ...elastic,
      "models.support.weights": { image: "registry.example.com/weights/qwen:v4" },
      "tasks.chat.dataClass": "restricted",
      "tasks.chat.apiModel": undefined,
      "tasks.chat.escalationRate": 0,
      "tasks.chat.selfHosted": [{ model: "support", share: 1 }],
    },
    lines: [
      "breakeven:platform.models.support.replicas.min: is 0 and tasks.chat has no API model that answers while a replica starts; keep one replica, set it to 1",
    ],
  },
  {
    name: "scaling without metrics",
    base: hybrid,
    changes: { ...elastic, "monitoring.enabled": false },
    lines: [
      "breakeven:platform.monitoring.enabled: is false and replicas on pools.h100 are scaled by metrics; set it to true",
    ],
  },
  {
    name: "scaling without an address of Prometheus",
    base: hybrid,
    changes: { ...elastic, "monitoring.install": false },
    lines: [
      "breakeven:platform.monitoring.prometheusUrl: is missing, none is installed, and replicas on pools.h100 are scaled by metrics; give the address of the cluster's Prometheus",
    ],
  },
  {
    name: "an elastic pool that is smaller than what is reserved",
    base: hybrid,
    changes: { ...elastic, "pools.h100.hardware.capacityReservationId": "cr-0123456789abcdef0" },
    lines: [
      "breakeven:platform.pools.h100.minNodes: is 0 and pools.h100.hardware.capacityReservationId is paid whether used or not; set it to the nodes reserved",
    ],
  },
  {
    name: "a fallback of nodes that are no spot nodes",
    base: hybrid,
    changes: { ...elastic, "pools.h100.onDemandFallback": true },
    lines: [
      'breakeven:platform.pools.h100.onDemandFallback: is for elastic spot pools; remove it, or set pools.h100.scaling "elastic" and purchase "spot"',
    ],
  },
  {
    name: "a router that has one replica and no caches to choose by",
    base: hybrid,
    changes: {
      "models.support.routing": "prefix-aware",
      "models.support.replicas": { min: 1, max: 1 },
      "models.support.serving": { prefixCaching: false },
    },
    lines: [
      'breakeven:platform.models.support.routing: "prefix-aware" has one replica to choose from; raise models.support.replicas.max or use "service"',
      'breakeven:platform.models.support.routing: "prefix-aware" needs caches and models.support.serving.prefixCaching is false; enable it or use "service"',
    ],
  },
];
