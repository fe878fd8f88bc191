import { z } from "zod";
import { captureStoreSchema } from "./capture.ts";
import { externalSecretsSchema } from "./external-secrets.ts";
import { count, name, share, text, usd } from "./fields.ts";

const limit = (description: string, unit: string) => z.int().min(1).optional().meta({ description, unit });

/** One team or program with a key of its own. */
const clientSchema = z
  .strictObject({
    tasks: z.array(name).min(1).optional().meta({ description: "Tasks the key is good for; all when left out." }),
    requestsPerMinute: limit("Requests this key may send per minute; no limit when left out.", "requests per minute"),
    // LiteLLM cuts answers to a quarter of a limit below this one.
    tokensPerMinute: z.int().min(4096).optional().meta({
      description:
        "Tokens this key may use per minute, `max_tokens` or 1,024 reserved for each answer that is not there yet; no limit when left out.",
      unit: "tokens per minute",
    }),
    parallelRequests: limit("Requests of this key that may run at once; no limit when left out.", "requests"),
    keyGeneration: count("Raise it to get a new key: the one before stays good until it is raised again.", 1).default(
      1,
    ),
  })
  .meta({ description: "One client: a key, what it is good for, and its limits." });

const redis = z
  .discriminatedUnion("kind", [
    z
      .strictObject({ kind: z.literal("in-cluster") })
      .meta({ description: "One small instance beside each gateway, without a disk: it holds counters alone." }),
    z
      .strictObject({
        kind: z.literal("elasticache"),
        nodeType: z
          .string()
          .regex(/^cache\.[a-z0-9]+\.[a-z0-9]+$/)
          .default("cache.t4g.small")
          .meta({ description: "Node type of ElastiCache.", expected: 'a node type such as "cache.t4g.small"' }),
        nodes: z
          .int()
          .min(1)
          .max(6)
          .default(2)
          .meta({ description: "Nodes; with more than one another takes over when the first is lost.", unit: "count" }),
      })
      .meta({
        description:
          "Managed by AWS (Valkey): encrypted, with a token, reachable from the cluster's nodes alone. Only on `eks`; state the node's price under `economics.priceOverrides.services`, the catalogue has none.",
      }),
    z
      .strictObject({
        kind: z.literal("endpoint"),
        host: text("Host name of a Redis that is there, e.g. `redis.example.internal`."),
        port: z.int().min(1).max(65_535).default(6379).meta({ description: "Its port.", unit: "port" }),
        tls: z.boolean().default(true).meta({ description: "Whether connections are encrypted." }),
        cidr: z.cidrv4().meta({ description: "Range its addresses are in: the gateway's pods may connect there." }),
        usdPerMonth: usd("What it costs this platform per month; zero must be said."),
        source: text("Where the figure comes from."),
        date: z.iso.date().meta({ description: "The day the source states it for.", unit: "YYYY-MM-DD" }),
      })
      .meta({ description: "A Redis that is there; its password is the secret `breakeven:redisPassword`." }),
  ])
  .meta({
    description: "Where gateway pods share limits, cool-downs and budgets; needed for either on more than one pod.",
  });

const apiBudget = z
  .strictObject({
    usd: z.number().positive().meta({ description: "Most this provider may cost in a period.", unit: "US dollars" }),
    period: z
      .enum(["1h", "1d", "7d", "30d"])
      .default("1d")
      .meta({ description: "Length of a period: one hour, or 1, 7 or 30 days, from the first request on." }),
  })
  .meta({ description: "Cap on what one provider may cost." });

/** The API gateway in front of everything. */
export const gatewaySchema = z
  .strictObject({
    replicas: count("Fewest gateway pods; more where the planned peak needs them.", 1).default(2),
    maxReplicas: count("Most gateway pods autoscaling starts; twice the planned ones when left out.", 1).optional(),
    timeoutSeconds: z.int().min(10).max(3600).optional().meta({
      description:
        "Longest answer that is waited for; when left out, per task: ten times its mean answer within the model's latency targets.",
      unit: "seconds",
    }),
    streamTimeoutSeconds: z.int().min(1).max(600).optional().meta({
      description:
        "Longest gap in a stream, the first token included; when left out, three times the model's target for the first token, at least 5, and 30 for an API.",
      unit: "seconds",
    }),
    maxBodyMiB: z.int().min(1).max(256).default(8).meta({ description: "Largest request.", unit: "MiB" }),
    clients: z
      .record(name, clientSchema)
      .default({ default: { keyGeneration: 1 } })
      .meta({ description: "Clients by name; each gets a key of its own." }),
    apiBudgets: z
      .record(z.string(), apiBudget)
      .default({})
      .meta({ description: "Caps on API spend by provider, e.g. `openai`." }),
    pastBudget: z.enum(["degrade", "reject"]).default("degrade").meta({
      description:
        "Past a cap, or with every API down: `degrade` lets the surplus wait for own replicas, `reject` answers it with 429.",
    }),
    redis: redis.optional(),
    captureStore: captureStoreSchema.optional(),
    externalSecrets: externalSecretsSchema.optional(),
  })
  .prefault({})
  .meta({ description: "LiteLLM Proxy: self-hosted first, commercial API as fallback." });

/** Sends easy requests to one model and hard ones to another. */
export const difficultySchema = z
  .strictObject({
    classifier: name.meta({
      description:
        "Self-hosted model that judges each request. Without an answer from it, keywords decide, which are English only and easy to game.",
    }),
    tiers: z
      .strictObject({
        simple: text("Model of `selfHosted`, or `api`."),
        medium: text("Model of `selfHosted`, or `api`."),
        complex: text("Model of `selfHosted`, or `api`.").default("api"),
        reasoning: text("Model of `selfHosted`, or `api`.").default("api"),
      })
      .meta({ description: "Who answers which difficulty." }),
  })
  .meta({ description: "Routing by difficulty instead of by share; off when left out." });

/** Asks again where an answer is no good. */
export const answerCheckSchema = z
  .strictObject({
    holdCharacters: z
      .int()
      .min(20)
      .max(400)
      .default(60)
      .meta({ description: "Beginning of a stream that is held back and judged.", unit: "characters" }),
    maxShare: share(
      "Most answers that are asked again; `escalationRate`, which is what the plan pays for, when left out.",
    ).optional(),
  })
  .meta({
    description:
      "Refused, unsure, empty, cut or schema-invalid answers of own models are asked again on the API, once; off when left out. Not for reasoning models.",
  });
