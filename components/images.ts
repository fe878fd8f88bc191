import { readFileSync } from "node:fs";

/** A container image. Without a digest the tag decides what runs, and a tag can be moved. */
export interface Image {
  readonly repository: string;
  readonly tag: string;
  /** `sha256:…` of the tag's manifest list, read from the registry; undefined until someone has. */
  readonly digest?: string | undefined;
}

/** A Helm chart. `repository` is undefined for charts in an OCI registry, whose address is in `chart`. */
export interface Chart {
  readonly chart: string;
  readonly repository?: string | undefined;
  readonly version: string;
}

/** Digests by `repository:tag`, written by `breakeven images --resolve` where a registry can be reached. */
const DIGESTS: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(new URL("./image-digests.json", import.meta.url), "utf8"),
);

const image = (repository: string, tag: string): Image => ({
  repository,
  tag,
  digest: DIGESTS[`${repository}:${tag}`],
});

/** The one home of image versions. */
export const images = {
  /** The version llm-d v0.10.0 tests; the image ships the user `vllm` (2000:0) that the pods run as. */
  vllm: image("docker.io/vllm/vllm-openai", "v0.30.0"),
  /**
   * Version as released to PyPI (vllm-router 0.1.17), tag as the project's release script names it; confirm it with the
   * registry before a first production rollout.
   */
  vllmRouter: image("docker.io/vllm/vllm-router", "v0.1.17"),
  /** Tag by the naming of neighbouring releases; confirm it with the registry before a first production rollout. */
  litellm: image("ghcr.io/berriai/litellm", "v1.106.2"),
  /** The version the gateway's tests run against, from Debian. Still under the BSD licence. */
  redis: image("docker.io/library/redis", "7.0.15"),
} as const satisfies Record<string, Image>;

/** The one home of chart versions. */
export const charts = {
  kubePrometheusStack: {
    chart: "oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack",
    repository: undefined,
    version: "88.5.3",
  },
  /** Address and version as published in 2026; confirm both against the repository before a first rollout. */
  dcgmExporter: {
    chart: "dcgm-exporter",
    repository: "https://nvidia.github.io/dcgm-exporter/helm-charts",
    version: "4.8.2",
  },
  karpenter: { chart: "oci://public.ecr.aws/karpenter/karpenter", repository: undefined, version: "1.14.1" },
  keda: { chart: "keda", repository: "https://kedacore.github.io/charts", version: "2.20.2" },
  /** The newest release whose types can be had as a module; the chart is its own. */
  leaderWorkerSet: { chart: "oci://registry.k8s.io/lws/charts/lws", repository: undefined, version: "0.9.0" },
  efaDevicePlugin: {
    chart: "aws-efa-k8s-device-plugin",
    repository: "https://aws.github.io/eks-charts",
    version: "v0.5.13",
  },
  nvidiaDevicePlugin: {
    chart: "nvidia-device-plugin",
    repository: "https://nvidia.github.io/k8s-device-plugin",
    version: "0.20.0",
  },
} as const satisfies Record<string, Chart>;

/**
 * `repository:tag`, with `@digest` where it is known: the digest then wins. A mirror keeps the path of the origin behind
 * its own address: `mirror.example/hub` makes `mirror.example/hub/vllm/vllm-openai:v0.30.0`.
 */
export function imageReference({ repository, tag, digest }: Image, mirror?: string): string {
  const place = mirror === undefined ? repository : `${mirror}/${repository.slice(repository.indexOf("/") + 1)}`;
  return digest === undefined ? `${place}:${tag}` : `${place}:${tag}@${digest}`;
}
