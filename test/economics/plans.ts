import type { DecisionInput } from "../../economics/decide.ts";
import type { PlannedItem, PlannedNodes } from "../../economics/planned.ts";
import { catalog, operations, served, TODAY, task, terms } from "./facts.ts";

export const nodes = (changes: Partial<PlannedNodes> = {}): PlannedNodes => ({
  kind: "nodes",
  resource: "pool gpus",
  pool: "gpus",
  hardware: { kind: "instance", region: "us-east-1", instanceType: "p5.48xlarge", purchase: "commit-1y" },
  minNodes: 1,
  maxNodes: 1,
  scaling: "fixed",
  ...changes,
});

export const service = (label: string, sku: string, quantityPerMonth: number): PlannedItem => ({
  kind: "service",
  resource: label,
  label,
  sku,
  region: "us-east-1",
  quantityPerMonth,
});

/** A plan that owns one committed H100 node for one task; tests vary one thing at a time. */
export const input = (changes: Partial<DecisionInput> = {}): DecisionInput => ({
  items: [nodes(), service("EKS control plane", "eks-control-plane-hour", 730)],
  tasks: { chat: task({ requestsPerDay: 600_000 }) },
  models: [served()],
  operations,
  terms,
  catalog,
  today: TODAY,
  ...changes,
});
