import { hybrid, onPrem } from "../bases.ts";
import type { BadConfig } from "./bad-config.ts";

export const pools: readonly BadConfig[] = [
  {
    name: "more least nodes than most nodes",
    base: hybrid,
    changes: { "pools.h100.minNodes": 3 },
    lines: ["breakeven:platform.pools.h100.minNodes: 3 is above pools.h100.maxNodes (1); lower it or raise maxNodes"],
  },
  {
    name: "a negative and a fractional number of nodes",
    base: hybrid,
    changes: { "pools.h100.minNodes": -1, "pools.h100.maxNodes": 1.5 },
    lines: [
      "breakeven:platform.pools.h100.minNodes: -1 is not allowed; expected a whole number of at least 0",
      "breakeven:platform.pools.h100.maxNodes: 1.5 is not allowed; expected a whole number of at least 1",
    ],
  },
  {
    name: "more nodes than any fleet has, at once",
    base: hybrid,
    changes: { "pools.h100.maxNodes": 9e12, "models.support.replicas.max": 9e12 },
    lines: ["breakeven:platform.pools.h100.maxNodes: 9000000000000 is above 1000, the most nodes of a pool; lower it"],
  },
  {
    name: "an unknown instance type",
    base: hybrid,
    changes: { "pools.h100.hardware.instanceType": "p5.48xlrage" },
    lines: [
      'breakeven:platform.pools.h100.hardware.instanceType: unknown instance type "p5.48xlrage"; nearest known: p5.48xlarge, p5.4xlarge, p5e.48xlarge',
    ],
  },
  {
    name: "an instance type without a GPU",
    base: hybrid,
    changes: { "pools.h100.hardware.instanceType": "m7i.4xlarge" },
    lines: [
      'breakeven:platform.pools.h100.hardware.instanceType: "m7i.4xlarge" has no GPU; choose a type with GPUs, e.g. g6e.12xlarge',
    ],
  },
  {
    name: "an instance type with a share of a GPU",
    base: hybrid,
    changes: { "pools.h100.hardware.instanceType": "g6f.xlarge", "pools.h100.hardware.purchase": "on-demand" },
    lines: [
      'breakeven:platform.pools.h100.hardware.instanceType: "g6f.xlarge" has only 0.125 of a GPU; choose a type with whole GPUs',
    ],
  },
  {
    name: "an unknown purchase option",
    base: hybrid,
    changes: { "pools.h100.hardware.purchase": "reserved" },
    lines: [
      'breakeven:platform.pools.h100.hardware.purchase: "reserved" is not allowed; expected one of "on-demand", "spot", "commit-1y", "commit-3y", "capacity-block"',
    ],
  },
  {
    name: "a purchase option without a price in the region",
    base: hybrid,
    changes: { "cluster.region": "eu-north-1" },
    lines: [
      "breakeven:platform.pools.h100.hardware.purchase: no commit-1y price of p5.48xlarge in eu-north-1; priced there: on-demand, spot, capacity-block; commit-1y is priced in us-east-1; choose another, or state its price under economics.priceOverrides.offerings",
    ],
  },
  {
    name: "an instance type without any price in the region",
    base: hybrid,
    changes: { "cluster.region": "eu-central-1", "pools.h100.hardware.purchase": "on-demand" },
    lines: [
      "breakeven:platform.pools.h100.hardware.instanceType: no price of p5.48xlarge in eu-central-1; known regions: us-east-1, us-east-2, us-west-2, eu-north-1, ap-northeast-1, ap-south-1; choose another, or state its price under economics.priceOverrides.offerings",
    ],
  },
  {
    name: "a capacity block without its reservation",
    base: hybrid,
    changes: { "pools.h100.hardware.purchase": "capacity-block", "pools.h100.zones": ["us-east-1a"] },
    lines: [
      'breakeven:platform.pools.h100.hardware.capacityReservationId: is missing and pools.h100.hardware.purchase is "capacity-block"; give the id of the reservation (cr-…)',
    ],
  },
  {
    name: "a capacity block that is not in one zone",
    base: hybrid,
    changes: {
      "pools.h100.hardware.purchase": "capacity-block",
      "pools.h100.hardware.capacityReservationId": "cr-0123456789abcdef0",
      "pools.h100.zones": ["us-east-1a", "us-east-1b"],
    },
    lines: [
      'breakeven:platform.pools.h100.zones: lists 2 zones and pools.h100.hardware.purchase is "capacity-block"; name the one zone of the reservation',
    ],
  },
  {
    name: "a commitment that outlasts the decision",
    base: hybrid,
    changes: { "pools.h100.hardware.purchase": "commit-3y" },
    lines: [
      "breakeven:platform.pools.h100.hardware.purchase: is paid for 36 months and economics.horizonMonths is 12; look ahead at least 36 months, or commit for less",
    ],
  },
  {
    name: "an exception that does not hold",
    base: hybrid,
    changes: {
      "economics.justifications": [
        { exception: "restricted-data", reason: "because", owner: "me", expires: "2027-01-01" },
        { exception: "idle-owned-hardware", reason: "because", owner: "me", expires: "2027-01-01" },
      ],
    },
    lines: [
      'breakeven:platform.economics.justifications[0].exception: "restricted-data" does not hold: no task has dataClass restricted; remove it or state the exception that holds',
      'breakeven:platform.economics.justifications[1].exception: "idle-owned-hardware" does not hold: no pool has owned hardware; remove it or state the exception that holds',
    ],
  },
  {
    name: "an autoscaler for a fixed pool",
    base: hybrid,
    changes: { "pools.h100.autoscaler": "provided" },
    lines: [
      'breakeven:platform.pools.h100.autoscaler: "provided" has nothing to scale: pools.h100.scaling is "fixed"; use "elastic" or leave it out',
    ],
  },
  {
    name: "a network larger than AWS has",
    base: hybrid,
    changes: { "cluster.network.cidr": "10.0.0.0/12" },
    lines: ["breakeven:platform.cluster.network.cidr: /12 is not allowed; give a range between /16 and /21"],
  },
  {
    name: "a quantised model without a repository of that format",
    base: hybrid,
    changes: { "models.support.precision": "int4", "models.support.weights": {} },
    lines: [
      'breakeven:platform.models.support.weights.huggingFaceId: is missing and models.support.precision is "int4"; name a repository whose weights have that format',
    ],
  },
  {
    name: "a reservation of spot nodes",
    base: hybrid,
    changes: {
      "pools.h100.hardware.capacityReservationId": "cr-0123456789abcdef0",
      "pools.h100.hardware.purchase": "spot",
    },
    lines: [
      'breakeven:platform.pools.h100.hardware.capacityReservationId: is never spot and pools.h100.hardware.purchase is "spot"; remove it, or buy "on-demand"',
    ],
  },
  {
    name: "a malformed reservation id",
    base: hybrid,
    changes: { "pools.h100.hardware.purchase": "capacity-block", "pools.h100.hardware.capacityReservationId": "0123" },
    lines: [
      'breakeven:platform.pools.h100.hardware.capacityReservationId: "0123" is not allowed; expected a capacity reservation id such as "cr-0123456789abcdef0"',
    ],
  },
  {
    name: "an elastic pool of committed nodes",
    base: hybrid,
    changes: { "pools.h100.scaling": "elastic" },
    lines: [
      'breakeven:platform.pools.h100.scaling: "elastic" saves nothing: pools.h100.hardware.purchase is "commit-1y", paid every hour; use "fixed", or buy "on-demand" or "spot"',
    ],
  },
  {
    name: "an elastic pool of owned nodes",
    base: onPrem,
    changes: { "pools.hall.scaling": "elastic" },
    lines: [
      'breakeven:platform.pools.hall.scaling: "elastic" saves nothing: pools.hall.hardware.kind is "owned", which costs the same switched off; use "fixed"',
    ],
  },
  {
    name: "created nodes on an existing cluster",
    base: onPrem,
    changes: { "pools.hall.hardware": { kind: "instance", instanceType: "p5.48xlarge" } },
    lines: [
      'breakeven:platform.pools.hall.hardware.kind: "instance" nodes need a cluster they are created on and cluster.kind is "existing"; use "owned" or "rented"',
    ],
  },
  {
    name: "owned nodes on a new cluster",
    base: hybrid,
    changes: { "pools.h100.hardware": onPrem.pools?.["hall"]?.hardware },
    lines: [
      'breakeven:platform.pools.h100.hardware.kind: "owned" nodes join an existing cluster and cluster.kind is "eks"; use "instance"',
    ],
  },
  {
    name: "nodes of an existing cluster without labels",
    base: onPrem,
    changes: { "pools.hall.nodeSelector": {} },
    lines: [
      'breakeven:platform.pools.hall.nodeSelector: is empty and cluster.kind is "existing"; give labels only these nodes have, e.g. nvidia.com/gpu.product',
    ],
  },
  {
    name: "a label that is no text",
    base: onPrem,
    changes: { "pools.hall.nodeSelector": { "nvidia.com/gpu.count": 8 } },
    lines: [
      'breakeven:platform.pools.hall.nodeSelector["nvidia.com/gpu.count"]: 8 is a number; expected text, in quotes',
    ],
  },
  {
    name: "an unknown GPU",
    base: onPrem,
    changes: { "pools.hall.hardware.gpu": "H100-SMX" },
    lines: [
      'breakeven:platform.pools.hall.hardware.gpu: unknown GPU "H100-SMX"; nearest known: H100-SXM, H100-NVL, H200-SXM',
    ],
  },
  {
    name: "GPUs, watts and a life out of range",
    base: onPrem,
    changes: {
      "pools.hall.hardware.gpusPerNode": 32,
      "pools.hall.hardware.watts": 0,
      "pools.hall.hardware.lifeMonths": 120,
      "pools.hall.hardware.pue": 0.9,
    },
    lines: [
      "breakeven:platform.pools.hall.hardware.gpusPerNode: 32 is not allowed; expected a whole number from 1 to 16",
      "breakeven:platform.pools.hall.hardware.lifeMonths: 120 is not allowed; expected a whole number from 12 to 84",
      "breakeven:platform.pools.hall.hardware.watts: 0 is not allowed; expected a number above 0 and up to 30000",
      "breakeven:platform.pools.hall.hardware.pue: 0.9 is not allowed; expected a number from 1 to 3",
    ],
  },
  {
    name: "owned nodes without price, source and date",
    base: onPrem,
    changes: {
      "pools.hall.hardware": { kind: "owned", gpu: "H100-SXM", gpusPerNode: 8, watts: 8200, usdPerKwh: 0.14 },
    },
    lines: [
      "breakeven:platform.pools.hall.hardware.purchaseUsd: is missing; expected a number of at least 0 (price of one node with its share of racks and network)",
      "breakeven:platform.pools.hall.hardware.source: is missing; expected text of 1 to 500 characters (where the figure comes from, e.g. a quote number or a price-list address)",
      'breakeven:platform.pools.hall.hardware.date: is missing; expected a date such as "2026-11-30" (the day the source states it for)',
    ],
  },
  {
    name: "rented nodes without price, source and date",
    base: onPrem,
    changes: { "pools.hall.hardware": { kind: "rented", gpu: "H100-SXM", gpusPerNode: 8 } },
    lines: [
      "breakeven:platform.pools.hall.hardware.usdPerNodeHour: is missing; expected a number above 0 (price of one node-hour)",
      "breakeven:platform.pools.hall.hardware.source: is missing; expected text of 1 to 500 characters (where the figure comes from, e.g. a quote number or a price-list address)",
      'breakeven:platform.pools.hall.hardware.date: is missing; expected a date such as "2026-11-30" (the day the source states it for)',
    ],
  },
  {
    name: "a node that gains worth",
    base: onPrem,
    changes: { "pools.hall.hardware.residualUsd": 300_000 },
    lines: [
      "breakeven:platform.pools.hall.hardware.residualUsd: 300000 is above pools.hall.hardware.purchaseUsd (262000); no node gains worth, lower it",
    ],
  },
  {
    name: "zones of another region, and a zone that is listed twice",
    base: hybrid,
    changes: { "pools.h100.zones": ["us-east-1a", "eu-west-1a", "us-east-1a"] },
    lines: [
      'breakeven:platform.pools.h100.zones[2]: "us-east-1a" is listed twice; remove one',
      'breakeven:platform.pools.h100.zones[1]: "eu-west-1a" is not a zone of cluster.region (us-east-1); its zones look like us-east-1a',
    ],
  },
  {
    name: "a pool that serves no model",
    base: hybrid,
    changes: { "pools.spare": { hardware: { kind: "instance", instanceType: "g6e.12xlarge" }, maxNodes: 1 } },
    lines: ["breakeven:platform.pools.spare: serves no model; remove the pool or name it as the pool of a model"],
  },
  {
    name: "replicas that do not fit their pool",
    base: hybrid,
    changes: { "models.support.replicas.max": 9 },
    lines: [
      "breakeven:platform.pools.h100.maxNodes: 1 is too few for all replicas (models.support.replicas.max), which need 2 nodes of 8 GPUs; raise it or lower the replicas",
    ],
  },
  {
    name: "replicas that fit by count of GPUs and not by node",
    base: onPrem,
    changes: {
      "models.files.gpusPerReplica": 4,
      "models.files.replicas.max": 3,
      "models.files.replicas.min": 1,
      "models.more": { catalogModel: "Llama-3.3-70B", pool: "hall", gpusPerReplica: 8, replicas: { max: 1 } },
    },
    lines: [
      "breakeven:platform.pools.hall.maxNodes: 2 is too few for all replicas (models.files.replicas.max, models.more.replicas.max), which need 3 nodes of 8 GPUs; raise it or lower the replicas",
    ],
  },
  {
    name: "more replicas than can be counted, at once",
    base: hybrid,
    changes: { "models.support.replicas.max": 9_000_000_000_000 },
    lines: [
      "breakeven:platform.pools.h100.maxNodes: 1 is too few for all replicas (models.support.replicas.max), which need 1125000000000 nodes of 8 GPUs; raise it or lower the replicas",
    ],
  },
];
