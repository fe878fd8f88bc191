/**
 * One component of breakeven in a program of your own: a model on GPU nodes of a cluster that you already run.
 *
 *     pulumi config set --secret alone:vllmKey ...
 *     pulumi up
 */

import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { modelSchema, poolSchema } from "breakeven";
import { VllmService } from "breakeven/components";

const settings = new pulumi.Config("alone");
const provider = new k8s.Provider("cluster", { context: settings.get("context") });
const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
const namespace = new k8s.core.v1.Namespace("chat", { metadata: { name: "chat", labels } }, { provider });

// Schemas fill in every default, and refuse what cannot work.
const pool = poolSchema.parse({
  hardware: {
    kind: "rented",
    gpu: "H100-SXM",
    gpusPerNode: 8,
    usdPerNodeHour: 20,
    source: "quote 7",
    date: "2026-11-01",
  },
  maxNodes: 1,
});
const model = new VllmService(
  "chat-qwen3",
  {
    namespace: "chat",
    model: "qwen3",
    config: modelSchema.parse({ catalogModel: "Qwen3-32B", pool: "h100", replicas: { min: 2, max: 2 } }),
    huggingFaceId: "Qwen/Qwen3-32B",
    weightsGiB: 62,
    nodes: 1,
    efaInterfaces: 0,
    startUp: pool.startUp,
    replicas: 2,
    poolSelector: { "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3" },
    apiKey: settings.requireSecret("vllmKey"),
  },
  {
    provider,
    dependsOn: [namespace],
    // Every resource of a component can be changed on its way.
    transforms: [
      ({ type, props, opts }) => {
        if (!type.startsWith("kubernetes:")) return undefined;
        const metadata = {
          ...props.metadata,
          annotations: { ...props.metadata?.annotations, "example.com/team": "chat" },
        };
        return { props: { ...props, metadata }, opts };
      },
    ],
  },
);

/** OpenAI-compatible, inside the cluster. */
export const url = model.url;
