import type { PlatformInput } from "../../config/platform.ts";

/** A hybrid on a new EKS cluster, much like `Pulumi.prod.yaml`. */
export const hybrid: PlatformInput = {
  environment: "prod",
  cluster: { kind: "eks", region: "us-east-1" },
  pools: {
    h100: { hardware: { kind: "instance", instanceType: "p5.48xlarge", purchase: "commit-1y" }, maxNodes: 1 },
  },
  models: {
    support: { catalogModel: "Qwen3-32B", pool: "h100", replicas: { min: 8, max: 8 }, maxContextTokens: 16384 },
  },
  tasks: {
    chat: {
      requestsPerDay: 600_000,
      inputTokensPerRequest: 1800,
      outputTokensPerRequest: 300,
      apiModel: "openai/gpt-6.1-terra",
      selfHosted: [{ model: "support", share: 0.9 }],
      escalationRate: 0.04,
    },
  },
  operations: { engineerUsdPerHour: 95 },
};

const source = "purchase order 2026-0412";
const date = "2026-10-15";

/** Restricted data on owned servers of an existing cluster, much like `Pulumi.onprem.yaml`. */
export const onPrem: PlatformInput = {
  environment: "prod",
  cluster: { kind: "existing", usdPerMonth: { amount: 900, source, date } },
  pools: {
    hall: {
      hardware: {
        kind: "owned",
        gpu: "H100-SXM",
        gpusPerNode: 8,
        purchaseUsd: 262_000,
        watts: 8200,
        usdPerKwh: 0.14,
        source,
        date,
      },
      maxNodes: 2,
      nodeSelector: { "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3" },
    },
  },
  models: {
    files: {
      catalogModel: "Llama-3.3-70B",
      weights: { image: "registry.example.org/weights/llama-3.3-70b:2026-10-15" },
      pool: "hall",
      gpusPerReplica: 2,
      replicas: { min: 8, max: 8 },
    },
  },
  tasks: {
    summaries: {
      requestsPerDay: 90_000,
      inputTokensPerRequest: 6000,
      outputTokensPerRequest: 500,
      dataClass: "restricted",
      selfHosted: [{ model: "files", share: 1 }],
    },
  },
  operations: { engineerUsdPerHour: 85 },
};

/** A store for captured answers that is there. */
export const endpointStore = {
  kind: "endpoint",
  url: "https://s3.example.internal:9000",
  bucket: "answers",
  cidr: "10.20.0.0/24",
  retentionDays: 60,
  usdPerGBMonth: 0.02,
  usdPerThousandWrites: 0,
  source,
  date,
} as const;

/** Values by path, e.g. `pools.h100.minNodes`; `undefined` removes what is there. */
export type Changes = Readonly<Record<string, unknown>>;

/** A copy of the config with some places changed. */
export function changed(base: PlatformInput, changes: Changes): unknown {
  const copy = structuredClone(base) as unknown as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split(".");
    const last = keys.pop() as string;
    let place = copy;
    for (const key of keys) {
      place[key] ??= {};
      place = place[key] as Record<string, unknown>;
    }
    if (value === undefined) delete place[last];
    else place[last] = value;
  }
  return copy;
}

/** A model of one's own, as `models.<name>.custom`. */
export const CUSTOM_MODEL = {
  totalParametersBillion: 34,
  activeParametersBillion: 34,
  layers: 48,
  hiddenSize: 7168,
  attentionHeads: 56,
  kvHeads: 8,
  headSize: 128,
  maxContextTokens: 32_768,
  source: "config.json of our training run",
  date: "2026-10-01",
};
