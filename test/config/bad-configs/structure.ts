import { hybrid, onPrem } from "../bases.ts";
import type { BadConfig } from "./bad-config.ts";

export const structure: readonly BadConfig[] = [
  {
    name: "an unknown key at the top",
    base: hybrid,
    changes: { regions: ["us-east-1"] },
    lines: [
      "breakeven:platform.regions: is not a known key; known here: environment, cluster, pools, models, tasks, measured, gateway, loadBalancer, monitoring, operations, economics; correct or remove it",
    ],
  },
  {
    name: "an unknown key of the cluster",
    base: hybrid,
    changes: { "cluster.version": "1.35" },
    lines: [
      "breakeven:platform.cluster.version: is not a known key; known here: kind, region, kubernetesVersion, publicEndpoint, publicAccessCidrs, adminRoleArns, systemNodes, network, registryMirror; correct or remove it",
    ],
  },
  {
    name: "an unknown key of the network",
    base: hybrid,
    changes: { "cluster.network.natGateway": "single" },
    lines: [
      "breakeven:platform.cluster.network.natGateway: is not a known key; known here: cidr, zones, natGateways, interfaceEndpoints; correct or remove it",
    ],
  },
  {
    name: "unknown keys of a pool and of its hardware",
    base: hybrid,
    changes: { "pools.h100.minNode": 1, "pools.h100.hardware.spot": true },
    lines: [
      "breakeven:platform.pools.h100.hardware.spot: is not a known key; known here: kind, instanceType, purchase, capacityReservationId, interruptionsPerMonth; correct or remove it",
      "breakeven:platform.pools.h100.minNode: is not a known key; known here: hardware, scaling, autoscaler, onDemandFallback, image, coolDownMinutes, minNodes, maxNodes, zones, nodeSelector, diskGiB, localDisks, startUp; correct or remove it",
    ],
  },
  {
    name: "a key of another kind of hardware",
    base: onPrem,
    changes: { "pools.hall.hardware.instanceType": "p5.48xlarge" },
    lines: [
      "breakeven:platform.pools.hall.hardware.instanceType: is not a known key; known here: kind, gpu, gpusPerNode, purchaseUsd, residualUsd, lifeMonths, watts, pue, usdPerKwh, colocationUsdPerMonth, spareShare, source, date; correct or remove it",
    ],
  },
  {
    name: "an unknown key of a model",
    base: hybrid,
    changes: { "models.support.tensorParallelSize": 8 },
    lines: [
      "breakeven:platform.models.support.tensorParallelSize: is not a known key; known here: catalogModel, custom, weights, fineTuned, precision, pool, gpusPerReplica, pipelineStages, replicas, maxContextTokens, maxConcurrentSequences, gpuMemoryUtilization, routing, autoscaling, startupProbeSeconds, slo, serving, measured; correct or remove it",
    ],
  },
  {
    name: "unknown keys of a task and of its shares",
    base: hybrid,
    changes: { "tasks.chat.tokens": 2100, "tasks.chat.selfHosted": [{ model: "support", share: 0.9, weight: 1 }] },
    lines: [
      "breakeven:platform.tasks.chat.selfHosted[0].weight: is not a known key; known here: model, share; correct or remove it",
      "breakeven:platform.tasks.chat.tokens: is not a known key; known here: requestsPerDay, inputTokensPerRequest, outputTokensPerRequest, cachedInputShare, prefixCacheShare, batchableShare, batchTiming, week, monthlyGrowth, dataClass, apiModel, secondApiModel, selfHosted, escalationRate, difficulty, answerCheck, capture, successRate, failureUsd, retryRate, evidence; correct or remove it",
    ],
  },
  {
    name: "unknown keys of the services",
    base: hybrid,
    changes: {
      "gateway.image": "litellm",
      "loadBalancer.tls": true,
      "monitoring.grafana": true,
      "operations.salary": 1,
    },
    lines: [
      "breakeven:platform.gateway.image: is not a known key; known here: replicas, maxReplicas, timeoutSeconds, streamTimeoutSeconds, maxBodyMiB, clients, apiBudgets, pastBudget, redis, captureStore, externalSecrets; correct or remove it",
      "breakeven:platform.loadBalancer.tls: is not a known key; known here: exposure, gateway, certificateArn, sourceRanges, idleTimeoutSeconds; correct or remove it",
      "breakeven:platform.monitoring.grafana: is not a known key; known here: enabled, install, labels, runbookUrl, alerts, expires, prometheusUrl, retentionDays, storageGiB, controlPlaneLogsGBPerMonth; correct or remove it",
      "breakeven:platform.operations.salary: is not a known key; known here: engineerUsdPerHour, setupHours, maintenanceHoursPerMonth, onCallHoursPerMonth, modelUpdateHoursPerMonth, opportunityShare, availability; correct or remove it",
    ],
  },
  {
    name: "unknown keys of the economics",
    base: hybrid,
    changes: { "economics.horizon": 12, "economics.priceOverrides.gpus": [] },
    lines: [
      "breakeven:platform.economics.priceOverrides.gpus: is not a known key; known here: offerings, services, apiModels; correct or remove it",
      "breakeven:platform.economics.horizon: is not a known key; known here: horizonMonths, baseline, approvedProviders, apiPriceDeclinePerYear, apiDiscount, discountRatePerYear, confidence, uncertainty, options, priceOverrides, justifications; correct or remove it",
    ],
  },
  {
    name: "an API key in the config, without showing it",
    base: hybrid,
    changes: {
      "gateway.openaiApiKey": "sk-proj-abcdefghijklmnop1234",
      apiKeys: { openai: "sk-proj-abcdefghijklmnop1234" },
    },
    lines: [
      "breakeven:platform.gateway.openaiApiKey: is not a known key; remove it, secrets are set by: pulumi config set --secret --path breakeven:apiKeys.<provider>",
      "breakeven:platform.apiKeys: is not a known key; remove it, secrets are set by: pulumi config set --secret --path breakeven:apiKeys.<provider>",
    ],
  },
  {
    name: "a secret in the wrong field, without showing it",
    base: hybrid,
    changes: {
      "tasks.chat.apiModel": "sk-proj-abcdefghijklmnop1234",
      "cluster.kubernetesVersion": "ghp_abcdefghijklmnop1234",
    },
    lines: [
      'breakeven:platform.cluster.kubernetesVersion: "(hidden: looks like a secret)" is not allowed; expected a Kubernetes minor version such as "1.35"',
      'breakeven:platform.tasks.chat.apiModel: unknown API model "(hidden: looks like a secret)"; none of the 192 known names is near; correct it, or state its price under economics.priceOverrides.apiModels',
    ],
  },
  {
    name: "missing sections",
    base: hybrid,
    changes: { environment: undefined, cluster: undefined, tasks: undefined, operations: undefined },
    lines: [
      'breakeven:platform.environment: is missing; expected one of "dev", "test", "staging", "prod" (what the stack is for)',
      'breakeven:platform.cluster: is missing; expected an object whose kind is one of "eks", "existing" (where the platform runs)',
      "breakeven:platform.tasks: is missing; expected an object of named entries (traffic by task; at least one)",
      "breakeven:platform.operations: is missing; expected an object with engineerUsdPerHour (who runs it and what that costs)",
    ],
  },
  {
    name: "missing fields of a task",
    base: hybrid,
    changes: { "tasks.chat.requestsPerDay": undefined, "tasks.chat.outputTokensPerRequest": undefined },
    lines: [
      "breakeven:platform.tasks.chat.requestsPerDay: is missing; expected a number above 0 and up to 10000000000 (mean over the week)",
      "breakeven:platform.tasks.chat.outputTokensPerRequest: is missing; expected a number above 0 and up to 10000000 (mean answer length, reasoning included)",
    ],
  },
  {
    name: "a section without a value",
    base: hybrid,
    changes: { gateway: null, operations: null },
    lines: [
      "breakeven:platform.gateway: has no value; expected an object, or leave it out",
      "breakeven:platform.operations: has no value; expected an object with engineerUsdPerHour (who runs it and what that costs)",
    ],
  },
  {
    name: "text, a list or a number where an object belongs",
    base: hybrid,
    changes: { cluster: "eks", "pools.h100": ["p5.48xlarge"], monitoring: false },
    lines: [
      'breakeven:platform.cluster: "eks" is not allowed; expected an object whose kind is one of "eks", "existing"',
      "breakeven:platform.pools.h100: a list of 1 entry is not allowed; expected an object with hardware, maxNodes",
      "breakeven:platform.monitoring: false is not allowed; expected an object",
    ],
  },
  {
    name: "an object and a number where text belongs",
    base: hybrid,
    changes: { "cluster.region": { name: "us-east-1" }, "cluster.kubernetesVersion": 1.35 },
    lines: [
      "breakeven:platform.cluster.region: an object is not allowed; expected text of 1 to 500 characters",
      'breakeven:platform.cluster.kubernetesVersion: 1.35 is a number; expected a Kubernetes minor version such as "1.35", in quotes',
    ],
  },
  {
    name: "text where a number or a truth value belongs",
    base: hybrid,
    changes: { "pools.h100.maxNodes": "one", "models.support.gpusPerReplica": "2", "cluster.publicEndpoint": "true" },
    lines: [
      'breakeven:platform.cluster.publicEndpoint: "true" is text; expected true or false, without quotes',
      'breakeven:platform.pools.h100.maxNodes: "one" is not allowed; expected a whole number of at least 1',
      'breakeven:platform.models.support.gpusPerReplica: "2" is text; expected a whole number from 1 to 64, without quotes',
    ],
  },
  {
    name: "empty text, and text that is too long",
    base: hybrid,
    changes: { "cluster.region": " ", "models.support.weights.revision": "v".repeat(501) },
    lines: [
      'breakeven:platform.cluster.region: " " is not allowed; expected text of 1 to 500 characters',
      'breakeven:platform.models.support.weights.revision: "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv…" is not allowed; expected text of 1 to 500 characters',
    ],
  },
  {
    name: "an unknown environment",
    base: hybrid,
    changes: { environment: "production" },
    lines: [
      'breakeven:platform.environment: "production" is not allowed; expected one of "dev", "test", "staging", "prod"',
    ],
  },
  {
    name: "an unknown kind of cluster and of hardware",
    base: hybrid,
    changes: { "cluster.kind": "gke", "pools.h100.hardware.kind": "cloud" },
    lines: [
      'breakeven:platform.cluster.kind: "gke" is not allowed; expected one of "eks", "existing"',
      'breakeven:platform.pools.h100.hardware.kind: "cloud" is not allowed; expected one of "instance", "owned", "rented"',
    ],
  },
  {
    name: "a missing kind",
    base: hybrid,
    changes: { "cluster.kind": undefined, "pools.h100.hardware": {} },
    lines: [
      'breakeven:platform.cluster.kind: is missing; expected one of "eks", "existing"',
      'breakeven:platform.pools.h100.hardware.kind: is missing; expected one of "instance", "owned", "rented"',
    ],
  },
  {
    name: "names that cannot become resource names",
    base: hybrid,
    changes: {
      "pools.H100_a": { hardware: { kind: "instance", instanceType: "p5.48xlarge" }, maxNodes: 1 },
      "tasks.nightly batch": { ...hybrid.tasks["chat"], escalationRate: 2 },
    },
    lines: [
      "breakeven:platform.pools.H100_a: is not an allowed name; expected at most 30 lower-case letters, digits and dashes, a letter first and no dash last",
      'breakeven:platform.tasks["nightly batch"]: is not an allowed name; expected at most 30 lower-case letters, digits and dashes, a letter first and no dash last',
      'breakeven:platform.tasks["nightly batch"].escalationRate: 2 is not allowed; expected a number from 0 to 1',
    ],
  },
  {
    name: "a name of more than 30 characters",
    base: hybrid,
    changes: { [`models.${"m".repeat(31)}`]: hybrid.models?.["support"] },
    lines: [
      "breakeven:platform.models.mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm: is not an allowed name; expected at most 30 lower-case letters, digits and dashes, a letter first and no dash last",
      "breakeven:platform.pools.h100.maxNodes: 1 is too few for all replicas (models.support.replicas.max, models.mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm.replicas.max), which need 2 nodes of 8 GPUs; raise it or lower the replicas",
    ],
  },
  {
    name: "a date that is none",
    base: onPrem,
    changes: { "cluster.usdPerMonth.date": "2026-02-30", "pools.hall.hardware.date": "15.10.2026" },
    lines: [
      'breakeven:platform.cluster.usdPerMonth.date: "2026-02-30" is not allowed; expected a date such as "2026-11-30"',
      'breakeven:platform.pools.hall.hardware.date: "15.10.2026" is not allowed; expected a date such as "2026-11-30"',
    ],
  },
];
