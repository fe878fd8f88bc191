import { hybrid, onPrem } from "../bases.ts";
import type { BadConfig } from "./bad-config.ts";

export const tasks: readonly BadConfig[] = [
  {
    name: "no tasks",
    base: hybrid,
    changes: { tasks: {} },
    lines: ["breakeven:platform.tasks: is empty; declare at least one task, without traffic there is nothing to serve"],
  },
  {
    name: "an unknown model",
    base: hybrid,
    changes: { "tasks.chat.selfHosted": [{ model: "suport", share: 0.9 }] },
    lines: [
      'breakeven:platform.tasks.chat.selfHosted[0].model: unknown model "suport"; declared under models: support',
    ],
  },
  {
    name: "shares above one",
    base: hybrid,
    changes: {
      "tasks.chat.selfHosted": [
        { model: "support", share: 0.9 },
        { model: "other", share: 0.3 },
      ],
      "models.other": hybrid.models?.["support"],
      "pools.h100.maxNodes": 2,
    },
    lines: ["breakeven:platform.tasks.chat.selfHosted: has shares that add up to 1.2; lower them to at most 1 in all"],
  },
  {
    name: "a model that is listed twice",
    base: hybrid,
    changes: {
      "tasks.chat.selfHosted": [
        { model: "support", share: 0.5 },
        { model: "support", share: 0.4 },
      ],
    },
    lines: [
      'breakeven:platform.tasks.chat.selfHosted[1].model: "support" is listed twice; add up its shares in one entry',
    ],
  },
  {
    name: "a share in percent",
    base: hybrid,
    changes: { "tasks.chat.selfHosted": [{ model: "support", share: 90 }] },
    lines: ["breakeven:platform.tasks.chat.selfHosted[0].share: 90 is not allowed; expected a number from 0 to 1"],
  },
  {
    name: "rates out of range",
    base: hybrid,
    changes: {
      "tasks.chat.cachedInputShare": 1.2,
      "tasks.chat.escalationRate": -0.1,
      "tasks.chat.monthlyGrowth": 5,
      "tasks.chat.requestsPerDay": 0,
    },
    lines: [
      "breakeven:platform.tasks.chat.requestsPerDay: 0 is not allowed; expected a number above 0 and up to 10000000000",
      "breakeven:platform.tasks.chat.cachedInputShare: 1.2 is not allowed; expected a number from 0 to 1",
      "breakeven:platform.tasks.chat.monthlyGrowth: 5 is not allowed; expected a number from -0.5 to 1",
      "breakeven:platform.tasks.chat.escalationRate: -0.1 is not allowed; expected a number from 0 to 1",
    ],
  },
  {
    name: "requests longer than the model's context",
    base: hybrid,
    changes: { "tasks.chat.inputTokensPerRequest": 20_000 },
    lines: [
      'breakeven:platform.tasks.chat.selfHosted[0].model: "support" cannot take a mean request of 20300 tokens: models.support.maxContextTokens is 16384; raise it or shorten the request',
    ],
  },
  {
    name: "an unknown shape of the week",
    base: hybrid,
    changes: { "tasks.chat.week": "office-hours" },
    lines: [
      'breakeven:platform.tasks.chat.week: "office-hours" is not allowed; expected one of "flat", "business-hours", "consumer", or a list of 168 entries, each a number of at least 0',
    ],
  },
  {
    name: "a week of 167 hours",
    base: hybrid,
    changes: { "tasks.chat.week": new Array(167).fill(1) },
    lines: [
      'breakeven:platform.tasks.chat.week: a list of 167 entries is not allowed; expected one of "flat", "business-hours", "consumer", or a list of 168 entries, each a number of at least 0',
    ],
  },
  {
    name: "a week with a weight that is none",
    base: hybrid,
    changes: { "tasks.chat.week": [...new Array(167).fill(1), "noon"] },
    lines: ['breakeven:platform.tasks.chat.week[167]: "noon" is not allowed; expected a number of at least 0'],
  },
  {
    name: "a week with a negative weight",
    base: hybrid,
    changes: { "tasks.chat.week": [...new Array(167).fill(1), -1] },
    lines: ["breakeven:platform.tasks.chat.week[167]: -1 is not allowed; expected a number of at least 0"],
  },
  {
    name: "a week without traffic",
    base: hybrid,
    changes: { "tasks.chat.week": new Array(168).fill(0) },
    lines: ["breakeven:platform.tasks.chat.week: has only weights of 0; give at least one hour some traffic"],
  },
  {
    name: "an unknown data class",
    base: hybrid,
    changes: { "tasks.chat.dataClass": "secret" },
    lines: [
      'breakeven:platform.tasks.chat.dataClass: "secret" is not allowed; expected one of "public", "internal", "restricted"',
    ],
  },
  {
    name: "a task without an API model",
    base: hybrid,
    changes: { "tasks.chat.apiModel": undefined },
    lines: [
      'breakeven:platform.tasks.chat.apiModel: is missing and tasks.chat.dataClass is "internal"; name the API model in use today, it is baseline and fallback',
    ],
  },
  {
    name: "an unknown API model",
    base: hybrid,
    changes: { "tasks.chat.apiModel": "openai/gpt-6.1-tera" },
    lines: [
      'breakeven:platform.tasks.chat.apiModel: unknown API model "openai/gpt-6.1-tera"; nearest known: openai/gpt-6.1-terra, openai/gpt-5.6-terra, openai/gpt-6.1-sol; correct it, or state its price under economics.priceOverrides.apiModels',
    ],
  },
  {
    name: "restricted data on an API, in part and on escalation",
    base: hybrid,
    changes: { "tasks.chat.dataClass": "restricted" },
    lines: [
      "breakeven:platform.models.support.weights: are fetched from the internet by the pods that serve them and task chat is restricted; give s3Uri or image",
      'breakeven:platform.tasks.chat.selfHosted: has shares that add up to 0.9 and tasks.chat.dataClass is "restricted"; raise them to 1 in all, so that no request leaves',
      'breakeven:platform.tasks.chat.escalationRate: 0.04 would send answers to an external API and tasks.chat.dataClass is "restricted"; set it to 0',
      'breakeven:platform.tasks.chat.apiModel: "openai/gpt-6.1-terra" is an external API and tasks.chat.dataClass is "restricted"; remove it',
    ],
  },
  {
    name: "restricted data without a model of its own",
    base: onPrem,
    changes: { "tasks.summaries.selfHosted": [], models: {}, pools: {} },
    lines: [
      'breakeven:platform.tasks.summaries.selfHosted: has shares that add up to 0 and tasks.summaries.dataClass is "restricted"; raise them to 1 in all, so that no request leaves',
    ],
  },
  {
    name: "evidence without source and date",
    base: hybrid,
    changes: { "tasks.chat.evidence": { measuredDays: 0 } },
    lines: [
      "breakeven:platform.tasks.chat.evidence.measuredDays: 0 is not allowed; expected a whole number of at least 1",
      "breakeven:platform.tasks.chat.evidence.source: is missing; expected text of 1 to 500 characters (where the figure comes from, e.g. a quote number or a price-list address)",
      'breakeven:platform.tasks.chat.evidence.date: is missing; expected a date such as "2026-11-30" (the day the source states it for)',
    ],
  },
  {
    name: "models of AWS called from outside of it",
    base: onPrem,
    changes: { "tasks.mail": { ...hybrid.tasks.chat, selfHosted: [], apiModel: "aws/amazon.nova-micro-v1:0" } },
    lines: [
      'breakeven:platform.tasks.mail.apiModel: "aws/amazon.nova-micro-v1:0" is called by a role of AWS, which only cluster.kind "eks" makes; name a model of another provider',
    ],
  },
  {
    name: "a model of AWS that has no name in the region",
    base: hybrid,
    changes: {
      "cluster.region": "ap-northeast-1",
      "pools.h100.hardware.purchase": "on-demand",
      "tasks.chat.secondApiModel": "aws/regional.anthropic.claude-haiku-5-5",
    },
    lines: [
      'breakeven:platform.tasks.chat.secondApiModel: "aws/regional.anthropic.claude-haiku-5-5" has no inference profile in ap-northeast-1; name the one with "global." in front, or a model of another provider',
    ],
  },
];
