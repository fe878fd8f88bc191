/** Obtains the servers of a cluster, built once from their pinned Go modules: etcd, the control plane, kubectl, KWOK. */

import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { failureText, fillFolder } from "../cache-folder.ts";
import { GoTools } from "../go-tools.ts";
import { cacheDir } from "../places.ts";
import { type Log, logToStderr } from "../progress.ts";

const tools = new GoTools(fileURLToPath(new URL("control-plane", import.meta.url)));
const BINARIES = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl", "kwok"] as const;

/** What KWOK does with nodes and pods: they are ready at once, and gone at once. Folders of its module. */
const STAGES = ["node/fast", "node/heartbeat-with-lease", "pod/fast"];

export interface ClusterBinaries {
  /** The executable of each server. */
  readonly path: Readonly<Record<(typeof BINARIES)[number], string>>;
  /** Files with the stages of KWOK. */
  readonly stages: readonly string[];
  /** `v1.36.3` */
  readonly kubernetesVersion: string;
}

/** There are no servers here and none can be made. */
export class ClusterUnavailableError extends Error {
  constructor(reason: string) {
    super(
      [
        `no Kubernetes cluster is available: ${reason}`,
        "Do one of these, then run the command again:",
        "  1. install Go 1.26 or newer, so that the servers can be built from their pinned modules",
        "  2. lend a cluster that holds nothing of value: BREAKEVEN_CLUSTER=<its context>",
      ].join("\n"),
    );
    this.name = "ClusterUnavailableError";
  }
}

/** From the cache, else built. Throws ClusterUnavailableError. */
export async function clusterBinaries(log: Log = logToStderr): Promise<ClusterBinaries> {
  const kubernetesVersion = tools.version("k8s.io/kubernetes");
  const root = join(cacheDir(), "control-plane", `${kubernetesVersion}-${tools.fingerprint()}`);
  if (!existsSync(root)) await build(root, kubernetesVersion, log);
  const stages = readdirSync(join(root, "stages")).sort();
  return {
    path: Object.fromEntries(BINARIES.map((name) => [name, join(root, "bin", name)])) as ClusterBinaries["path"],
    stages: stages.map((name) => join(root, "stages", name)),
    kubernetesVersion,
  };
}

async function build(root: string, version: string, log: Log): Promise<void> {
  log(
    `building Kubernetes ${version} and KWOK from their Go modules (5 to 15 minutes on ${cpus().length} cores, once)`,
  );
  try {
    await fillFolder(root, async (partial) => {
      const bin = join(partial, "bin");
      mkdirSync(bin);
      await tools.build(bin, { label: "building the control plane", linkerFlags: versionFlags(version), log });
      // The folder of etcd's main package is called server.
      renameSync(join(bin, "server"), join(bin, "etcd"));
      copyStages(await tools.sourceDir("sigs.k8s.io/kwok"), join(partial, "stages"));
    });
  } catch (error) {
    throw new ClusterUnavailableError(failureText(error));
  }
}

/** Without them the servers say they are v0.0.0 and refuse each other. */
function versionFlags(version: string): string {
  const [major, minor] = version.slice(1).split(".");
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: "clean" };
  return Object.entries(values)
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(" ");
}

function copyStages(moduleDir: string, target: string): void {
  mkdirSync(target);
  for (const stage of STAGES) {
    const dir = join(moduleDir, "kustomize", "stage", stage);
    for (const file of readdirSync(dir)) {
      if (!file.endsWith(".yaml") || file === "kustomization.yaml") continue;
      copyFileSync(join(dir, file), join(target, file));
    }
  }
}
