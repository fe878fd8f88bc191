import type { PoolConfig } from "../config/pool.ts";

/** What an image family of EKS is called, and where it keeps images and pods. */
export interface Ami {
  /** Karpenter's name of the family. */
  readonly family: "AL2023" | "Bottlerocket";
  /** The release Karpenter takes; `latest` follows the cluster's version, and nodes drift to it within `expireAfter`. */
  readonly alias: string;
  /** Second disk with images and pods; the root disk holds them when undefined. */
  readonly dataDevice?: string;
  /** Whether the image brings NVIDIA's device plugin. */
  readonly hasDevicePlugin: boolean;
}

const FAMILIES: Readonly<Record<PoolConfig["image"], Ami>> = {
  al2023: { family: "AL2023", alias: "al2023@latest", hasDevicePlugin: false },
  bottlerocket: {
    family: "Bottlerocket",
    alias: "bottlerocket@latest",
    dataDevice: "/dev/xvdb",
    hasDevicePlugin: true,
  },
};

/** The family of a pool's image. Karpenter takes the NVIDIA variant for types with NVIDIA GPUs. */
export const ami = (image: PoolConfig["image"]): Ami => FAMILIES[image];

/** Graviton families have a `g` after the generation (`m8g`, `g5g`); Grace-Blackwell ones name the superchip. */
const ARM_FAMILY = /^(a1|[a-z]+\d+g[a-z]*|p6e-gb\d+)\./;

/** Image type of a managed node group. */
export function amiType(instanceType: string, use: "system" | "gpu", image: PoolConfig["image"] = "al2023"): string {
  const architecture = ARM_FAMILY.test(instanceType) ? "ARM_64" : "x86_64";
  if (use === "system") return `AL2023_${architecture}_STANDARD`;
  return image === "bottlerocket" ? `BOTTLEROCKET_${architecture}_NVIDIA` : `AL2023_${architecture}_NVIDIA`;
}
