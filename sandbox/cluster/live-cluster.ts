/** How the local providers, processes of their own, learn that there is a cluster to deploy to. */

import { readFileSync } from "node:fs";

/** Names a file with a `LiveCluster`; unset, objects go to the stack's state alone. */
export const LIVE_CLUSTER_VARIABLE = "BREAKEVEN_LIVE_CLUSTER";

export interface LiveCluster {
  /** Address of the API server, the only one that is ever talked to. */
  readonly server: string;
  /** Base64, as EKS gives it. */
  readonly certificateAuthority: string;
  /** A file for an administrator. */
  readonly kubeconfig: string;
  /** The administrator's token. */
  readonly tokenFile: string;
  /** The executable. */
  readonly kubectl: string;
  /** A folder for files of this cluster. */
  readonly dir: string;
}

/** The cluster of this run, if any. */
export function liveCluster(env: NodeJS.ProcessEnv = process.env): LiveCluster | undefined {
  const file = env[LIVE_CLUSTER_VARIABLE];
  return file ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}
