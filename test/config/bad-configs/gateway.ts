import { hybrid, onPrem } from "../bases.ts";
import type { BadConfig } from "./bad-config.ts";

export const gateway: readonly BadConfig[] = [
  {
    name: "a client with a bad name",
    base: hybrid,
    changes: { "gateway.clients": { "Team A": {} } },
    lines: [
      'breakeven:platform.gateway.clients["Team A"]: is not an allowed name; expected at most 30 lower-case letters, digits and dashes, a letter first and no dash last',
    ],
  },
  {
    name: "no clients",
    base: hybrid,
    changes: { "gateway.clients": {} },
    lines: [
      "breakeven:platform.gateway.clients: is empty, so nobody gets a key; name at least one client, or leave it out",
    ],
  },
  {
    name: "a key for an unknown task",
    base: hybrid,
    changes: { "gateway.clients.web.tasks": ["chat", "mail", "chat"] },
    lines: [
      'breakeven:platform.gateway.clients.web.tasks[1]: unknown task "mail"; declared under tasks: chat',
      'breakeven:platform.gateway.clients.web.tasks[2]: "chat" is listed twice; remove one',
    ],
  },
  {
    name: "limits and budgets across pods that share nothing",
    base: hybrid,
    changes: {
      "gateway.clients.web": { requestsPerMinute: 60, tokensPerMinute: 9000, parallelRequests: 4 },
      "gateway.apiBudgets.openai": { usd: 50 },
    },
    lines: [
      "clients.web.requestsPerMinute",
      "clients.web.tokensPerMinute",
      "clients.web.parallelRequests",
      "apiBudgets.openai",
    ].map(
      (field) =>
        `breakeven:platform.gateway.${field}: needs gateway.redis, as gateway.replicas allows more than one pod; add it, or set gateway.replicas and gateway.maxReplicas to 1`,
    ),
  },
  {
    name: "a limit of tokens so small that answers would be cut",
    base: hybrid,
    changes: { "gateway.clients.web": { tokensPerMinute: 1000 }, "gateway.redis": { kind: "in-cluster" } },
    lines: [
      "breakeven:platform.gateway.clients.web.tokensPerMinute: 1000 is not allowed; expected a whole number of at least 4096",
    ],
  },
  {
    name: "fewer pods at most than at least",
    base: hybrid,
    changes: { "gateway.maxReplicas": 1 },
    lines: ["breakeven:platform.gateway.maxReplicas: 1 is below gateway.replicas (2); raise it, or leave it out"],
  },
  {
    name: "a budget of a provider nobody calls",
    base: hybrid,
    changes: { "gateway.apiBudgets.groq": { usd: 50 }, "gateway.redis": { kind: "in-cluster" } },
    lines: [
      "breakeven:platform.gateway.apiBudgets.groq: caps a provider that no task calls; tasks.*.apiModel and secondApiModel name: openai",
    ],
  },
  {
    name: "a Redis outside the cluster for restricted tasks",
    base: onPrem,
    changes: {
      "gateway.redis": {
        kind: "endpoint",
        host: "redis.example.internal",
        cidr: "10.1.0.0/24",
        usdPerMonth: 0,
        source: "shared by the platform team",
        date: "2026-11-01",
      },
    },
    lines: [
      'breakeven:platform.gateway.redis.kind: "endpoint" is outside the cluster and tasks.summaries.dataClass is "restricted"; use "in-cluster"',
    ],
  },
  {
    name: "timeouts shorter than latency targets",
    base: hybrid,
    changes: { "gateway.timeoutSeconds": 10, "gateway.streamTimeoutSeconds": 1 },
    lines: [
      "breakeven:platform.gateway.timeoutSeconds: 10 is shorter than a mean answer of tasks.chat within models.support.slo (17.0 s); raise it, or leave it out",
      "breakeven:platform.gateway.streamTimeoutSeconds: 1 is shorter than models.support.slo (2000 ms); raise it, or leave it out",
    ],
  },
  {
    name: "a task with the name of another's side",
    base: hybrid,
    changes: {
      "tasks.chat-ext": {
        requestsPerDay: 10,
        inputTokensPerRequest: 10,
        outputTokensPerRequest: 10,
        apiModel: "openai/gpt-6.1-terra",
      },
    },
    lines: [
      "breakeven:platform.tasks.chat-ext: has the name of a model group the gateway makes for tasks.chat; rename the task",
    ],
  },
  {
    name: "a second API model that is unknown, or the first one again",
    base: hybrid,
    changes: {
      "tasks.chat.secondApiModel": "openai/gpt-7",
      "tasks.mail": {
        requestsPerDay: 10,
        inputTokensPerRequest: 10,
        outputTokensPerRequest: 10,
        apiModel: "openai/gpt-6.1-terra",
        secondApiModel: "openai/gpt-6.1-terra",
      },
    },
    lines: [
      'breakeven:platform.tasks.mail.secondApiModel: "openai/gpt-6.1-terra" is tasks.mail.apiModel as well; name another one, or leave it out',
      'breakeven:platform.tasks.chat.secondApiModel: unknown API model "openai/gpt-7"; nearest known: openai/gpt-5, openai/gpt-4o, openai/gpt-4.1; correct it, or state its price under economics.priceOverrides.apiModels',
    ],
  },
  {
    name: "ways out for restricted data",
    base: onPrem,
    changes: {
      "tasks.summaries.secondApiModel": "openai/gpt-6.1-terra",
      "tasks.summaries.answerCheck": {},
      "tasks.summaries.difficulty": { classifier: "files", tiers: { simple: "files", medium: "files" } },
    },
    lines: [
      'breakeven:platform.tasks.summaries.secondApiModel: "openai/gpt-6.1-terra" is an external API and tasks.summaries.dataClass is "restricted"; remove it',
      'breakeven:platform.tasks.summaries.answerCheck: asks an external API again and tasks.summaries.dataClass is "restricted"; remove it',
      ...["complex", "reasoning"].map(
        (tier) =>
          `breakeven:platform.tasks.summaries.difficulty.tiers.${tier}: "api" is external and tasks.summaries.dataClass is "restricted"; name a model of tasks.summaries.selfHosted`,
      ),
    ],
  },
  {
    name: "answers asked again that nobody pays for",
    base: hybrid,
    changes: { "tasks.chat.answerCheck": {}, "tasks.chat.escalationRate": 0 },
    lines: [
      "breakeven:platform.tasks.chat.answerCheck: asks the API again and tasks.chat.escalationRate is 0, so nobody plans to pay for it; state the share you expect",
    ],
  },
  {
    name: "more answers asked again than are paid for",
    base: hybrid,
    changes: { "tasks.chat.answerCheck": { maxShare: 0.2 } },
    lines: [
      "breakeven:platform.tasks.chat.answerCheck.maxShare: 0.2 is above tasks.chat.escalationRate (0.04), which is what the plan pays for; lower it or raise the rate",
    ],
  },
  {
    name: "difficulties for unknown models",
    base: hybrid,
    changes: { "tasks.chat.difficulty": { classifier: "tiny", tiers: { simple: "support", medium: "large" } } },
    lines: [
      'breakeven:platform.tasks.chat.difficulty.classifier: unknown model "tiny"; declared under models: support',
      'breakeven:platform.tasks.chat.difficulty.tiers.medium: "large" is not in tasks.chat.selfHosted (support); name one of them, or "api"',
    ],
  },
  {
    name: "a managed Redis without a price",
    base: hybrid,
    changes: { "gateway.redis": { kind: "elasticache", nodeType: "cache.r7g.large" } },
    lines: [
      'breakeven:platform.gateway.redis.nodeType: has no known price in us-east-1; state it under economics.priceOverrides.services with sku "elasticache-valkey-r7g-large-hour"',
    ],
  },
  {
    name: "a managed Redis of an impossible kind",
    base: hybrid,
    changes: { "gateway.redis": { kind: "elasticache", nodeType: "t4g.small", nodes: 0 } },
    lines: [
      'breakeven:platform.gateway.redis.nodeType: "t4g.small" is not allowed; expected a node type such as "cache.t4g.small"',
      "breakeven:platform.gateway.redis.nodes: 0 is not allowed; expected a whole number from 1 to 6",
    ],
  },
  {
    name: "a managed Redis for a cluster elsewhere, and for restricted tasks",
    base: onPrem,
    changes: { "gateway.redis": { kind: "elasticache" } },
    lines: [
      'breakeven:platform.gateway.redis.kind: "elasticache" is outside the cluster and tasks.summaries.dataClass is "restricted"; use "in-cluster"',
      'breakeven:platform.gateway.redis.kind: "elasticache" is made in AWS and cluster.kind is "existing"; use "in-cluster" or "endpoint"',
    ],
  },
];
