/** What components write on resources and policies read from them: the two never import each other. */

/** Type of the root component. */
export const PLATFORM_TYPE = "breakeven:index:Platform";
/** Label of nodes and pods: the pool they belong to. */
export const POOL_LABEL = "breakeven.dev/pool";
/** Tag of a node group: how its hours are bought. */
export const PURCHASE_TAG = "breakeven:purchase";
/** Tag that states usage nobody can read from a plan, in gigabytes per month. */
export const VOLUME_TAG = "breakeven:gb-per-month";
/** Root disk of a system node, GiB. */
export const SYSTEM_DISK_GIB = 50;
