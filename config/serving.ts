import { z } from "zod";
import { count, name, text } from "./fields.ts";

/** Ranks vLLM has kernels for. */
const LORA_RANKS = [8, 16, 32, 64, 128, 256, 320, 512] as const;

const loraAdapters = z
  .strictObject({
    adapters: z
      .record(
        name,
        z.strictObject({
          huggingFaceId: text("Repository of the adapter, e.g. `example-org/qwen3-32b-tickets-lora`."),
          revision: text("Commit or tag of the adapter."),
        }),
      )
      .meta({ description: "Adapters by the model name clients of vLLM use." }),
    maxRank: z
      .union(LORA_RANKS.map((rank) => z.literal(rank)))
      .default(16)
      .meta({ description: "Highest rank of an adapter; memory is reserved for it.", unit: "rank" }),
    maxPerBatch: count("Adapters one batch may mix; each takes GPU memory.", 1).max(64).default(1),
    maxInMemory: count("Adapters kept in host memory; at least `maxPerBatch`.", 1)
      .max(1024)
      .optional()
      .meta({ description: "Adapters kept in host memory; as many as there are when left out.", unit: "count" }),
  })
  .meta({
    description: "LoRA adapters served beside the model; they need `weights.cache`, which pins and holds them.",
  });

const speculativeDecoding = z
  .discriminatedUnion("kind", [
    z
      .strictObject({
        kind: z.literal("ngram"),
        tokens: count("Tokens guessed ahead.", 1).max(16).default(4),
        longestMatch: count("Longest run of tokens looked up in the prompt.", 1).max(32).default(4),
      })
      .meta({ description: "Guesses from the prompt itself; good where answers quote it." }),
    z
      .strictObject({
        kind: z.literal("draft-model"),
        huggingFaceId: text("Repository of the draft model."),
        revision: text("Commit or tag of the draft model."),
        tokens: count("Tokens guessed ahead.", 1).max(16).default(4),
      })
      .meta({ description: "A smaller model of the same vocabulary guesses." }),
    z
      .strictObject({
        kind: z.literal("eagle3"),
        huggingFaceId: text("Repository of the head."),
        revision: text("Commit or tag of the head."),
        tokens: count("Tokens guessed ahead.", 1).max(16).default(3),
      })
      .meta({ description: "An EAGLE-3 head trained for the model guesses." }),
    z
      .strictObject({
        kind: z.literal("mtp"),
        tokens: count("Tokens guessed ahead.", 1).max(16).default(1),
      })
      .meta({ description: "The model's own multi-token prediction layers guess." }),
  ])
  .meta({
    description: "Guesses several tokens at once and checks them in one step: lower latency, less peak throughput.",
  });

/** How vLLM serves a model. The estimate of capacity knows none of these: measure, and state `measured`. */
export const servingSchema = z
  .strictObject({
    prefixCaching: z
      .boolean()
      .default(true)
      .meta({ description: "Whether shared beginnings of prompts are computed once." }),
    chunkedPrefill: z
      .boolean()
      .default(true)
      .meta({ description: "Whether long prompts are read in pieces between the steps of other requests." }),
    maxBatchedTokens: z
      .int()
      .min(256)
      .max(1_048_576)
      .optional()
      .meta({ description: "Tokens of one step; vLLM's own choice when left out.", unit: "tokens" }),
    maxQueuedRequests: count("Waiting requests beyond which vLLM refuses and the gateway falls back.", 1).optional(),
    streamInterval: count("Tokens per event of a stream.", 1).max(20).optional().meta({
      description:
        "Tokens per event of a stream; when left out, as few as let the gateway's pods carry the planned peak. 1 for tool parsers that stumble over several.",
      unit: "tokens",
    }),
    kvCache: z.enum(["auto", "fp8"]).default("auto").meta({
      description:
        "Number format of the key-value cache. `fp8` halves it; capacity is still estimated for 16 bits, the careful side.",
    }),
    loraAdapters: loraAdapters.optional(),
    speculativeDecoding: speculativeDecoding.optional(),
  })
  .prefault({})
  .meta({ description: "How vLLM serves the model." });
