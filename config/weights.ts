import { z } from "zod";
import { text } from "./fields.ts";

/** Where a model's weights come from, and how they reach the GPUs. */
export const weightsSchema = z
  .strictObject({
    huggingFaceId: text(
      "Repository of the weights, e.g. `Qwen/Qwen3-32B`; the catalogue's own when left out.",
    ).optional(),
    revision: text("Commit or tag of the weights; `main` when left out, which may change under you.").default("main"),
    cache: z
      .strictObject({
        storageClass: text("Storage class whose volumes many nodes can mount, e.g. `cephfs`."),
        sizeGiB: z.int().min(1).max(100_000).meta({ description: "Size of the volume.", unit: "GiB" }),
      })
      .optional()
      .meta({
        description:
          "A volume that a job fills once from the hub and all replicas read; replicas then need no way out. Only on an existing cluster.",
      }),
    s3Uri: z
      .string()
      .regex(/^s3:\/\/[a-z0-9][-.a-z0-9]{1,61}[a-z0-9](\/[-\w.]+)*$/)
      .optional()
      .meta({
        description:
          "Folder of the weights in S3, streamed onto the GPUs through a role that can read nothing else. Only on `eks`.",
        expected: 'an S3 folder such as "s3://example-weights/qwen3-32b/v4"',
      }),
    image: z
      .string()
      .regex(/^[a-z0-9][-.\w]*(:\d+)?(\/[-.\w]+)+(:(?!latest$)[-.\w]+|(:[-.\w]+)?@sha256:[0-9a-f]{64})$/)
      .optional()
      .meta({
        description: "Container image whose root holds the weights, mounted read-only; nodes keep it like any image.",
        expected: 'an image with an exact tag or digest such as "registry.example.com/weights/qwen3-32b:v4"',
      }),
  })
  .prefault({})
  .meta({
    description:
      "Where the weights come from; the hub, by every replica for itself, unless one of the others is given.",
  });

export type WeightsConfig = z.output<typeof weightsSchema>;
