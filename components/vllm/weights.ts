import type { WeightsConfig } from "../../config/weights.ts";

/** Where a volume or an image with weights is mounted. */
export const WEIGHTS_FOLDER = "/weights";

export type WeightsSource = "hub" | "cache" | "s3" | "image";

/** How the weights reach a replica. The config gives at most one of the three. */
export function weightsSource({ cache, s3Uri, image }: WeightsConfig): WeightsSource {
  if (cache !== undefined) return "cache";
  if (s3Uri !== undefined) return "s3";
  return image === undefined ? "hub" : "image";
}

/** Folder of an adapter on the weights volume. */
export const adapterPath = (name: string): string => `${WEIGHTS_FOLDER}/adapters/${name}`;

/** The model argument and what belongs to it. From S3 the Run:ai streamer reads straight into GPU memory. */
export function weightsArguments(weights: WeightsConfig, huggingFaceId: string): string[] {
  const source = weightsSource(weights);
  switch (source) {
    case "hub":
    case "cache":
      return [huggingFaceId, `--revision=${weights.revision}`];
    case "s3":
      return [weights.s3Uri ?? "", "--load-format=runai_streamer"];
    case "image":
      return [WEIGHTS_FOLDER];
    default:
      return source satisfies never;
  }
}
