import { hybrid, onPrem } from "../bases.ts";
import type { BadConfig } from "./bad-config.ts";

export const cluster: readonly BadConfig[] = [
  {
    name: "an unknown region, without more complaints that follow from it",
    base: hybrid,
    changes: { "cluster.region": "us-esat-1", "pools.h100.zones": ["us-east-1a"] },
    lines: [
      'breakeven:platform.cluster.region: unknown region "us-esat-1"; prices are known for: us-east-1, us-east-2, us-west-2, eu-west-1, eu-central-1, eu-north-1, ap-northeast-1, ap-south-1',
    ],
  },
  {
    name: "a malformed Kubernetes version",
    base: hybrid,
    changes: { "cluster.kubernetesVersion": "v1.35" },
    lines: [
      'breakeven:platform.cluster.kubernetesVersion: "v1.35" is not allowed; expected a Kubernetes minor version such as "1.35"',
    ],
  },
  {
    name: "a malformed address range",
    base: hybrid,
    changes: { "cluster.network.cidr": "10.40.0.0" },
    lines: [
      'breakeven:platform.cluster.network.cidr: "10.40.0.0" is not allowed; expected an IPv4 range such as "10.0.0.0/16"',
    ],
  },
  {
    name: "five zones",
    base: hybrid,
    changes: { "cluster.network.zones": 5 },
    lines: ["breakeven:platform.cluster.network.zones: 5 is not allowed; expected a whole number from 2 to 4"],
  },
  {
    name: "an unknown way to place NAT gateways",
    base: hybrid,
    changes: { "cluster.network.natGateways": "none" },
    lines: [
      'breakeven:platform.cluster.network.natGateways: "none" is not allowed; expected one of "single", "per-zone"',
    ],
  },
  {
    name: "an unknown type of system nodes",
    base: hybrid,
    changes: { "cluster.systemNodes.instanceType": "m7i.lrage" },
    lines: [
      'breakeven:platform.cluster.systemNodes.instanceType: unknown instance type "m7i.lrage"; nearest known: m7i.large, m7i.xlarge, m7g.large; choose another, or state its price under economics.priceOverrides.offerings',
    ],
  },
  {
    name: "system nodes without a price in the region",
    base: hybrid,
    changes: {
      "cluster.region": "eu-west-1",
      "cluster.systemNodes.instanceType": "m7i.large",
      "pools.h100.hardware": { kind: "instance", instanceType: "p4d.24xlarge" },
    },
    lines: [
      "breakeven:platform.cluster.systemNodes.instanceType: no price of m7i.large in eu-west-1; known regions: us-east-1, us-east-2, us-west-2, eu-central-1, eu-north-1, ap-northeast-1; choose another, or state its price under economics.priceOverrides.offerings",
    ],
  },
  {
    name: "no system nodes",
    base: hybrid,
    changes: { "cluster.systemNodes.count": 0 },
    lines: ["breakeven:platform.cluster.systemNodes.count: 0 is not allowed; expected a whole number of at least 1"],
  },
  {
    name: "an administrator that is no IAM principal",
    base: hybrid,
    changes: { "cluster.adminRoleArns": ["alice"] },
    lines: [
      'breakeven:platform.cluster.adminRoleArns[0]: "alice" is not allowed; expected the ARN of an IAM role or user such as "arn:aws:iam::123456789012:role/admin"',
    ],
  },
  {
    name: "a public API server that anyone may reach",
    base: hybrid,
    changes: { "cluster.publicEndpoint": true },
    lines: [
      "breakeven:platform.cluster.publicAccessCidrs: is empty and cluster.publicEndpoint is true; list the ranges that may reach the API server",
    ],
  },
  {
    name: "an existing cluster with pools and no stated cost",
    base: onPrem,
    changes: { "cluster.usdPerMonth": undefined },
    lines: [
      "breakeven:platform.cluster.usdPerMonth: is missing and there are pools; state amount, source and date of what the cluster itself costs per month, 0 if truly nothing",
    ],
  },
  {
    name: "a stated cost without source and date",
    base: onPrem,
    changes: { "cluster.usdPerMonth": { amount: 900 } },
    lines: [
      "breakeven:platform.cluster.usdPerMonth.source: is missing; expected text of 1 to 500 characters (where the figure comes from, e.g. a quote number or a price-list address)",
      'breakeven:platform.cluster.usdPerMonth.date: is missing; expected a date such as "2026-11-30" (the day the source states it for)',
    ],
  },
  {
    name: "a public load balancer without certificate and ranges",
    base: hybrid,
    changes: { "loadBalancer.exposure": "public" },
    lines: [
      'breakeven:platform.loadBalancer.certificateArn: is missing and loadBalancer.exposure is "public"; give the ARN of an ACM certificate',
      'breakeven:platform.loadBalancer.sourceRanges: is empty and loadBalancer.exposure is "public"; list the ranges that may connect',
    ],
  },
  {
    name: "a malformed certificate and a malformed range",
    base: hybrid,
    changes: { "loadBalancer.certificateArn": "my-cert", "loadBalancer.sourceRanges": ["10.0.0.0/8", "office"] },
    lines: [
      'breakeven:platform.loadBalancer.certificateArn: "my-cert" is not allowed; expected the ARN of an ACM certificate such as "arn:aws:acm:us-east-1:123456789012:certificate/1a2b"',
      'breakeven:platform.loadBalancer.sourceRanges[1]: "office" is not allowed; expected an IPv4 range such as "10.0.0.0/16"',
    ],
  },
  {
    name: "an unknown exposure",
    base: hybrid,
    changes: { "loadBalancer.exposure": "external" },
    lines: [
      'breakeven:platform.loadBalancer.exposure: "external" is not allowed; expected one of "internal", "public", "none"',
    ],
  },
  {
    name: "limits of gateway and monitoring",
    base: hybrid,
    changes: { "gateway.timeoutSeconds": 5, "monitoring.retentionDays": 401, "operations.availability": 99.5 },
    lines: [
      "breakeven:platform.gateway.timeoutSeconds: 5 is not allowed; expected a whole number from 10 to 3600",
      "breakeven:platform.monitoring.retentionDays: 401 is not allowed; expected a whole number from 1 to 400",
      "breakeven:platform.operations.availability: 99.5 is not allowed; expected a number from 0.5 to 1",
    ],
  },
  {
    name: "a Gateway on a new cluster, made public here, without a host name",
    base: hybrid,
    changes: {
      "loadBalancer.exposure": "none",
      "loadBalancer.gateway": { name: "shared", namespace: "ingress" },
    },
    lines: [
      'breakeven:platform.loadBalancer.gateway: is of an existing cluster and cluster.kind is "eks", which gets a load balancer; remove it',
      'breakeven:platform.loadBalancer.exposure: "none" is decided by loadBalancer.gateway, whose load balancer the cluster has; leave it out',
      "breakeven:platform.loadBalancer.gateway.hostname: is missing; give the host name clients use",
    ],
  },
  {
    name: "two gateways under one host name",
    base: onPrem,
    changes: {
      "tasks.own": {
        requestsPerDay: 10,
        inputTokensPerRequest: 10,
        outputTokensPerRequest: 10,
        apiModel: "openai/gpt-6.1-terra",
      },
      "loadBalancer.gateway": {
        name: "shared",
        namespace: "ingress",
        hostname: "llm.example.com",
        restrictedHostname: "llm.example.com",
      },
    },
    lines: [
      'breakeven:platform.loadBalancer.gateway.restrictedHostname: "llm.example.com" is loadBalancer.gateway.hostname too; give another',
    ],
  },
];
