import { z } from "zod";
import { POOL_BEHAVIOR, SPOT_INTERRUPTIONS_PER_MONTH } from "../economics/assumptions.ts";
import { PURCHASE_OPTIONS } from "../economics/offering.ts";
import { count, provenance, share, text, usd } from "./fields.ts";
import { START_UP } from "./start-up.ts";

const interruptions = (fallback: string) =>
  z
    .number()
    .min(0)
    .max(1000)
    .optional()
    .meta({
      description: `How often one node is taken away; its requests go to the API until a new one answers. ${fallback}`,
      unit: "times per node and month",
    });

const instance = z
  .strictObject({
    kind: z.literal("instance"),
    instanceType: text("AWS instance type with GPUs, e.g. `p5.48xlarge`."),
    purchase: z
      .enum(PURCHASE_OPTIONS)
      .default("on-demand")
      .meta({ description: "How node-hours are bought. Commitments and capacity blocks are paid every hour." }),
    capacityReservationId: z
      .string()
      .regex(/^cr-[0-9a-f]{8,17}$/)
      .optional()
      .meta({
        description:
          "Capacity reservation the nodes come from; required for a capacity block. Paid whether used or not, so a pool never costs less than it.",
        expected: 'a capacity reservation id such as "cr-0123456789abcdef0"',
      }),
    interruptionsPerMonth: interruptions(
      `${SPOT_INTERRUPTIONS_PER_MONTH} for spot when left out, an assumption, none otherwise.`,
    ),
  })
  .meta({ description: "Nodes of a cloud instance type, priced from the catalogue." });

const hardware = {
  gpu: text("Catalogue name of the GPU, e.g. `H100-SXM`."),
  gpusPerNode: count("GPUs in one node.", 1).max(16),
};

const owned = z
  .strictObject({
    kind: z.literal("owned"),
    ...hardware,
    purchaseUsd: usd("Price of one node with its share of racks and network."),
    residualUsd: usd("What one node is worth at the end of its life.").default(0),
    lifeMonths: z
      .int()
      .min(12)
      .max(84)
      .default(48)
      .meta({ description: "Months over which a node is written off.", unit: "months" }),
    watts: z.number().positive().max(30_000).meta({ description: "Mean draw of one node.", unit: "watts" }),
    pue: z
      .number()
      .min(1)
      .max(3)
      .default(1.4)
      .meta({ description: "Power usage effectiveness of the room: total power over IT power.", unit: "ratio" }),
    usdPerKwh: usd("Electricity price per kilowatt-hour."),
    colocationUsdPerMonth: usd("Rent, remote hands and support of one node per month.").default(0),
    spareShare: share("Spare nodes held for repairs, as a share of the fleet.").default(0),
    ...provenance,
  })
  .meta({ description: "Nodes you own: write-off, electricity and rent make their hourly cost." });

const rented = z
  .strictObject({
    kind: z.literal("rented"),
    ...hardware,
    usdPerNodeHour: z.number().positive().meta({ description: "Price of one node-hour.", unit: "US dollars" }),
    interruptionsPerMonth: interruptions("None when left out."),
    ...provenance,
  })
  .meta({ description: "Nodes of another cloud at a price you state." });

const seconds = (description: string, fallback: number) =>
  z.int().min(0).max(14_400).default(fallback).meta({ description, unit: "seconds" });

/** How long starts take here; measure and replace. Where the defaults come from: `START_UP`. */
const startUp = z
  .strictObject({
    nodeSeconds: seconds("From the wish for a node until pods run on it.", START_UP.nodeSeconds),
    imageSeconds: seconds(
      "Pull of the vLLM image on a new node.",
      Math.ceil(START_UP.imageGiB / START_UP.imageGiBPerSecond),
    ),
    weightsGiBPerSecond: z.number().positive().max(100).optional().meta({
      description: "Speed at which weights reach the GPUs; by their source when left out.",
      unit: "GiB per second",
    }),
    compileSeconds: seconds("Compilation, CUDA graphs and warm-up.", START_UP.compileSeconds),
  })
  .prefault({})
  .meta({
    description: "How long the start of a replica takes; probes, deadlines and the time budget follow from it.",
  });

/** A group of like GPU nodes. */
export const poolSchema = z
  .strictObject({
    hardware: z
      .discriminatedUnion("kind", [instance, owned, rented])
      .meta({ description: "What a node is and how it is paid." }),
    scaling: z.enum(["fixed", "elastic"]).default("fixed").meta({
      description: "Fixed pools run `maxNodes` all the time; elastic ones follow demand between both bounds.",
    }),
    autoscaler: z.literal("provided").optional().meta({
      description:
        "For an elastic pool of an existing cluster: says that the cluster brings a node autoscaler and KEDA. A new cluster gets Karpenter and KEDA.",
    }),
    onDemandFallback: z.boolean().default(false).meta({
      description:
        "Whether an elastic spot pool buys on demand where there is no spot; it is then billed as on-demand, the careful side.",
    }),
    image: z.enum(["al2023", "bottlerocket"]).default("al2023").meta({
      description: "System image of created nodes, both with NVIDIA's driver: Amazon Linux 2023, or Bottlerocket.",
    }),
    coolDownMinutes: z
      .number()
      .min(0)
      .max(1440)
      .default(POOL_BEHAVIOR.coolDownMinutes)
      .meta({ description: "How long nodes of an elastic pool stay after their load has gone.", unit: "minutes" }),
    minNodes: count("Fewest nodes.").default(0),
    maxNodes: count("Most nodes.", 1),
    zones: z
      .array(text("Zone name."))
      .default([])
      .meta({ description: "Zones the nodes may run in; all zones of the network when empty." }),
    nodeSelector: z
      .record(z.string(), z.string())
      .default({})
      .meta({ description: "Labels that find the nodes of this pool in an existing cluster." }),
    diskGiB: z
      .int()
      .min(50)
      .max(16_000)
      .default(300)
      .meta({ description: "Root disk of a created node: system, images and model weights.", unit: "GiB" }),
    localDisks: z.boolean().optional().meta({
      description:
        "Whether local NVMe disks, made one by RAID0, hold images and weights of a created node; they do where the type has them when left out.",
    }),
    startUp,
  })
  .meta({ description: "A group of like GPU nodes." });

export type PoolConfig = z.output<typeof poolSchema>;
