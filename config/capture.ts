import { z } from "zod";
import { provenance, share, text, usd } from "./fields.ts";

/** Which answers of a task are kept. */
export const taskCaptureSchema = z
  .strictObject({
    share: share(
      "Answers that are kept, chosen by the id of each request; 1 keeps them all. They go to `gateway.captureStore`.",
    ),
  })
  .meta({
    description:
      "Prompts and answers that are kept to train a model of your own; nothing is kept when left out. Never for `restricted` data.",
  });

const retentionDays = (description: string) => z.int().min(1).max(3650).meta({ description, unit: "days" });

const s3 = z
  .strictObject({
    kind: z.literal("s3"),
    retentionDays: retentionDays("Days until S3 deletes what was kept.").default(90),
  })
  .meta({
    description: "A private, encrypted bucket of its own that gateways may write to and not read. Only on `eks`.",
  });

const endpoint = z
  .strictObject({
    kind: z.literal("endpoint"),
    url: z.url({ protocol: /^https$/ }).meta({
      description: "Address of an S3-compatible store that is there.",
      expected: 'an address such as "https://s3.example.internal"',
    }),
    bucket: z
      .string()
      .regex(/^[a-z0-9][-.a-z0-9]{1,61}[a-z0-9]$/)
      .meta({ description: "Its bucket.", expected: 'the name of a bucket such as "answers"' }),
    region: text("Region requests are signed for.").default("us-east-1"),
    cidr: z.cidrv4().meta({ description: "Range its addresses are in: the gateway's pods may connect there." }),
    retentionDays: retentionDays("Days the bucket keeps objects: a rule of its own, nothing here deletes them."),
    usdPerGBMonth: usd("Price of keeping a gigabyte for a month; zero must be said."),
    usdPerThousandWrites: usd("Price of a thousand objects written; zero must be said."),
    ...provenance,
  })
  .meta({ description: "An S3-compatible store that is there; its key is the secret `breakeven:captureKey`." });

/** Where captured answers go. */
export const captureStoreSchema = z
  .discriminatedUnion("kind", [s3, endpoint])
  .meta({ description: "Where answers go that tasks `capture`." });
