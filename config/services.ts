import { z } from "zod";
import { count, day, hours, share, text, usd } from "./fields.ts";

const hostname = (description: string) =>
  z
    .string()
    .regex(/^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/)
    .meta({ description, expected: 'a host name such as "llm.example.com"' });

/** How clients reach the gateway. */
export const loadBalancerSchema = z
  .strictObject({
    exposure: z
      .enum(["internal", "public", "none"])
      .default("internal")
      .meta({ description: "`internal`: reachable inside the network only. `none`: a cluster-internal Service." }),
    gateway: z
      .strictObject({
        name: text("Gateway (Gateway API) that routes are attached to."),
        namespace: text("Its namespace; a listener must allow routes from the platform's."),
        listener: text("Name of the listener; all that allow it when left out.").optional(),
        hostname: hostname(
          "Host name clients use for all tasks but restricted ones, e.g. `llm.example.com`.",
        ).optional(),
        restrictedHostname: hostname("Host name clients use for restricted tasks.").optional(),
        scheme: z
          .enum(["https", "http"])
          .default("https")
          .meta({ description: "How clients reach the listener; TLS ends there." }),
      })
      .optional()
      .meta({
        description:
          "Gateway of an existing cluster, in place of a Service of its own; price and reach of it are the cluster's.",
      }),
    certificateArn: z
      .string()
      .regex(/^arn:aws[-a-z]*:acm:[-a-z0-9]+:\d{12}:certificate\/.+$/)
      .optional()
      .meta({
        description: "TLS certificate; required for a public load balancer.",
        expected: 'the ARN of an ACM certificate such as "arn:aws:acm:us-east-1:123456789012:certificate/1a2b"',
      }),
    sourceRanges: z
      .array(z.cidrv4())
      .default([])
      .meta({ description: "Ranges that may connect; required for a public load balancer." }),
    idleTimeoutSeconds: z
      .int()
      .min(60)
      .max(6000)
      .default(600)
      .meta({ description: "Longest silence on a connection; streams need minutes.", unit: "seconds" }),
  })
  .prefault({})
  .meta({ description: "How clients reach the gateway." });

const alerts = z
  .strictObject({
    sloObjective: z
      .number()
      .min(0.5)
      .max(0.999)
      .default(0.95)
      .meta({ description: "Share of requests that must meet their model's `slo`.", unit: "share, 0 to 1" }),
    apiShareMargin: share("How far the API's share of a task's answers may exceed the plan's.").default(0.1),
    apiSpendMargin: z
      .number()
      .min(0)
      .max(10)
      .default(0.25)
      .meta({ description: "How far a day's API spend may exceed the plan's.", unit: "fraction" }),
    apiUsdPerDay: z
      .number()
      .positive()
      .optional()
      .meta({ description: "Most the API may cost on a day; no cap is watched when left out.", unit: "US dollars" }),
    trafficFloor: share(
      "Share of the forecast below which traffic is reported, where the plan's break-even volume does not say.",
    ).default(0.8),
    expiryDays: count("Days before an end of validity at which it is reported.", 1).default(14),
  })
  .prefault({})
  .meta({ description: "Limits of alerts that neither SLOs nor the break-even give." });

/** Metrics, dashboards and logs. */
export const monitoringSchema = z
  .strictObject({
    enabled: z.boolean().default(true).meta({ description: "Whether ServiceMonitors and dashboards are created." }),
    install: z
      .boolean()
      .optional()
      .meta({ description: "Whether kube-prometheus-stack is installed. Default: yes on `eks`, no on `existing`." }),
    labels: z.record(z.string(), z.string()).default({}).meta({
      description:
        "Labels on monitors and rules that the Prometheus of an existing cluster selects by, e.g. `release: prometheus`.",
    }),
    runbookUrl: text("Address of the runbook; alerts link to its sections.").default("docs/runbook.md"),
    alerts,
    expires: z
      .array(z.strictObject({ what: text("What ends, e.g. `API key of openai`."), date: day("Last day it is valid.") }))
      .default([])
      .meta({ description: "Keys, contracts and commitments with an end; an alert comes before it." }),
    prometheusUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .meta({
        description: "Prometheus that scalers ask; the installed one when left out.",
        expected: 'an address such as "http://prometheus.monitoring.svc:9090"',
      }),
    retentionDays: z.int().min(1).max(400).default(100).meta({
      description: "Days metrics and control-plane logs are kept; `breakeven measure` looks back 90.",
      unit: "days",
    }),
    storageGiB: z
      .int()
      .min(10)
      .max(10_000)
      .default(50)
      .meta({ description: "Disk of an installed Prometheus.", unit: "GiB" }),
    controlPlaneLogsGBPerMonth: z
      .number()
      .min(0)
      .default(20)
      .meta({ description: "Expected control-plane logs.", unit: "GB per month" }),
  })
  .prefault({})
  .meta({ description: "Metrics, dashboards and logs." });

/** What people cost. */
export const operationsSchema = z
  .strictObject({
    engineerUsdPerHour: usd("Full cost of one engineer hour."),
    setupHours: hours("One-off hours until the platform serves.").default(160),
    maintenanceHoursPerMonth: hours("Upgrades, patches, capacity work per month.").default(24),
    onCallHoursPerMonth: hours("On-call and incidents per month.").default(16),
    modelUpdateHoursPerMonth: hours("Evaluating and rolling out new models per month.").default(8),
    opportunityShare: z.number().min(0).max(5).default(0).meta({
      description: "What an engineer hour would have earned elsewhere beyond its cost, as a share of its cost.",
      unit: "share",
    }),
    availability: z
      .number()
      .min(0.5)
      .max(1)
      .default(0.995)
      .meta({ description: "Share of the time own replicas answer; the API takes the rest.", unit: "share, 0 to 1" }),
  })
  .meta({ description: "Who runs it and what that costs. Counted only where models are self-hosted." });
