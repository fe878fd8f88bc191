/** What components write on resources and policies read from them: the two never import each other. */

/** Type of the root component. */
export const PLATFORM_TYPE = "breakeven:index:Platform";
/** Label of nodes and pods: the pool they belong to. */
export const POOL_LABEL = "breakeven.dev/pool";
/** Label of pods: the model they serve. */
export const MODEL_LABEL = "breakeven.dev/model";
/** Label of GPU nodes: their system image. */
export const IMAGE_LABEL = "breakeven.dev/image";
/** Tag of a node group: how its hours are bought. */
export const PURCHASE_TAG = "breakeven:purchase";
/** Tag that states usage nobody can read from a plan, in gigabytes per month. */
export const VOLUME_TAG = "breakeven:gb-per-month";
/** Tag of a bucket: what it holds, which says how it is billed. */
export const HOLDS_TAG = "breakeven:holds";
export const CAPTURED_ANSWERS = "captured-answers";
/** Root disk of a system node, GiB. */
export const SYSTEM_DISK_GIB = 50;
/** Disk of a Bottlerocket node beside the one a pool asks for, GiB. */
export const BOTTLEROCKET_ROOT_GIB = 4;
/** Annotations of Karpenter's objects: bounds of a pool that none of their properties states. */
export const MIN_NODES_ANNOTATION = "breakeven.dev/min-nodes";
export const MAX_NODES_ANNOTATION = "breakeven.dev/max-nodes";
