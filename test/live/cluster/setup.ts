import { clusterBinaries } from "../../../sandbox/cluster/binaries.ts";
import { definitionFiles } from "../../../sandbox/cluster/crds.ts";
import { kubeScoreBinary } from "../../../sandbox/cluster/kube-score.ts";
import { obtainEngine } from "../../../sandbox/engine.ts";

/** Obtains engine, servers and definitions once, with progress, before any test looks for them. */
export async function setup(): Promise<void> {
  await obtainEngine();
  await clusterBinaries();
  await definitionFiles();
  await kubeScoreBinary();
}
