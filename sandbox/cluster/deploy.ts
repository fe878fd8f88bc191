/** A cluster for a stack, with everything the stack expects to find, and the stack on it. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { loadCatalog } from "../../catalog/load.ts";
import { parsePlatformConfig, problemsText } from "../../config/parse.ts";
import type { PlatformConfig } from "../../config/platform.ts";
import { CONFIG_KEY } from "../../config/problems.ts";
import { CONFIG } from "../expectations.ts";
import { ROOT_DIR } from "../places.ts";
import { openStack, type SandboxStack } from "../workspace.ts";
import { borrowCluster } from "./borrowed-cluster.ts";
import { type SandboxCluster, startCluster } from "./control-plane.ts";
import { definitionFiles, installDefinitions } from "./crds.ts";
import { existingNodes, nodeObject } from "./nodes.ts";

/** The cluster that BREAKEVEN_CLUSTER lends, by its context; else a new one on this machine. */
export const sandboxCluster = (env: NodeJS.ProcessEnv = process.env): Promise<SandboxCluster> =>
  env.BREAKEVEN_CLUSTER ? borrowCluster(env.BREAKEVEN_CLUSTER) : startCluster();

/** The config of a committed stack. Throws with every problem of it at once. */
export function platformConfig(stackName: string): PlatformConfig {
  const file = join(ROOT_DIR, `Pulumi.${stackName}.yaml`);
  const parsed = parsePlatformConfig(parse(readFileSync(file, "utf8"))?.config?.[CONFIG_KEY], loadCatalog());
  if (!parsed.ok) throw new Error(`${file}: ${problemsText(parsed.problems)}`);
  return parsed.config;
}

/** Installs the definitions of the operators that stacks talk to, and the nodes of clusters that are already there. */
export async function furnish({ kubectl }: SandboxCluster, config: PlatformConfig): Promise<void> {
  await installDefinitions(kubectl, await definitionFiles());
  const nodes = existingNodes(config).map(nodeObject);
  if (nodes.length === 0) return;
  await kubectl.apply({ apiVersion: "v1", kind: "List", items: nodes });
  await kubectl.run(["wait", "--for=condition=Ready", "nodes", "--all", "--timeout=60s"]);
}

/** Opens a committed stack with placeholders for its keys; its Kubernetes objects go to the cluster. */
export function openOnCluster(cluster: SandboxCluster, stackName: string): Promise<SandboxStack> {
  const config = Object.fromEntries(CONFIG.map((entry) => entry.split(/=(.*)/s).slice(0, 2) as [string, string]));
  const { liveClusterFile } = cluster;
  return openStack({ stackName, projectDir: ROOT_DIR, config, liveClusterFile });
}
