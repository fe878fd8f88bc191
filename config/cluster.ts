import { z } from "zod";
import { count, provenance, text, usd } from "./fields.ts";

const systemNodes = z
  .strictObject({
    instanceType: text("CPU instance type of the nodes that run the gateway, monitoring and system pods.").default(
      "m7i.large",
    ),
    count: count("System nodes, spread over the zones.", 1).default(3),
  })
  .prefault({})
  .meta({ description: "Nodes without GPUs, bought on demand." });

const network = z
  .strictObject({
    cidr: z.cidrv4().default("10.40.0.0/16").meta({ description: "Address range of the VPC." }),
    zones: z.int().min(2).max(4).default(2).meta({ description: "Availability zones to use.", unit: "count" }),
    natGateways: z
      .enum(["single", "per-zone"])
      .default("per-zone")
      .meta({ description: "One NAT gateway in all, or one in every zone." }),
    interfaceEndpoints: z.array(text("Service name, e.g. `ecr.api`.")).default([]).meta({
      description:
        "AWS services reached through interface endpoints in every zone, e.g. `ecr.api`. S3 always has its free gateway endpoint.",
    }),
  })
  .prefault({})
  .meta({
    description: "The VPC that is created: public subnets for NAT and public load balancers, private ones for nodes.",
  });

/** For air-gapped clusters. */
const registryMirror = z
  .string()
  .regex(/^[a-z0-9][-.\w]*(:\d+)?(\/[-.\w]+)*$/)
  .optional()
  .meta({
    description:
      "Registry that every image is taken from, with the origin's path behind it; images come from their own registries when left out.",
    expected: 'an address such as "mirror.example.com/hub"',
  });

const eks = z
  .strictObject({
    kind: z.literal("eks"),
    region: text("AWS region, e.g. `us-east-1`."),
    kubernetesVersion: z
      .string()
      .regex(/^1\.\d{2}$/)
      .default("1.35")
      .meta({
        description: "Kubernetes minor version of the control plane, e.g. `1.35`.",
        expected: 'a Kubernetes minor version such as "1.35"',
      }),
    publicEndpoint: z
      .boolean()
      .default(false)
      .meta({ description: "Whether the API server is reachable from the internet." }),
    publicAccessCidrs: z
      .array(z.cidrv4())
      .default([])
      .meta({ description: "Ranges that may reach a public API server; required when it is public." }),
    adminRoleArns: z
      .array(
        z
          .string()
          .regex(/^arn:aws[-a-z]*:iam::\d{12}:(role|user)\/.+$/)
          .meta({ expected: 'the ARN of an IAM role or user such as "arn:aws:iam::123456789012:role/admin"' }),
      )
      .default([])
      .meta({ description: "IAM principals that get cluster administration through access entries." }),
    systemNodes,
    network,
    registryMirror,
  })
  .meta({ description: "A new EKS cluster in a new VPC." });

const existing = z
  .strictObject({
    kind: z.literal("existing"),
    context: text("Context of the kubeconfig to use; the current one when left out.").optional(),
    kubeconfigPath: text(
      "Path of the kubeconfig file; the usual one when left out. Its content is never stored in the config.",
    ).optional(),
    registryMirror,
    usdPerMonth: z
      .strictObject({ amount: usd("The amount per month; 0 if truly nothing."), ...provenance })
      .optional()
      .meta({
        description:
          "What the cluster itself costs this platform per month (its share of control plane and CPU nodes); zero must be said.",
        unit: "US dollars per month",
      }),
  })
  .meta({ description: "A cluster that is already there: on premises, in another cloud, or a sandbox." });

/** Where the platform runs. */
export const clusterSchema = z
  .discriminatedUnion("kind", [eks, existing])
  .meta({ description: "Where the platform runs." });
