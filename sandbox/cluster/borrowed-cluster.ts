/** A cluster that is already there, lent by name: BREAKEVEN_CLUSTER holds the context of the user's kubeconfig. */

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClusterBinaries, ClusterUnavailableError, clusterBinaries } from "./binaries.ts";
import { kwokArguments, type SandboxCluster } from "./control-plane.ts";
import { Kubectl } from "./kubectl.ts";
import type { LiveCluster } from "./live-cluster.ts";
import { SANDBOX_LABEL } from "./nodes.ts";
import { ServerProcess } from "./server-process.ts";

/** On the namespace `default`: nothing in the cluster is worth keeping. */
export const DISPOSABLE_LABEL = "breakeven.dev/disposable";

/** The cluster may not be used. */
export class ClusterRefusedError extends Error {
  constructor(context: string, reason: string) {
    super(
      `the cluster of context "${context}" is not used: ${reason}\n` +
        "Stacks are created and destroyed in it, and simulated nodes join it. If nothing in it is worth keeping, say so:\n" +
        `  kubectl --context ${context} label namespace default ${DISPOSABLE_LABEL}=true`,
    );
    this.name = "ClusterRefusedError";
  }
}

/** What stands for the user in the kubeconfig of an EKS cluster, where the user's own credentials do not fit. */
const ACCOUNT = "breakeven-sandbox";

/**
 * The cluster of a context, once its owner has labelled it as disposable. Simulated nodes are played by a KWOK of ours;
 * `stop` removes them and the account that was made. Definitions of custom resources stay.
 */
export async function borrowCluster(context: string, binaries?: ClusterBinaries): Promise<SandboxCluster> {
  const { path, stages } = binaries ?? (await clusterBinaries());
  const dir = mkdtempSync(join(tmpdir(), "breakeven-cluster-"));
  try {
    const executable = path.kubectl;
    const kubeconfig = join(dir, "kubeconfig");
    const user = new Kubectl({ executable, context, cacheDir: join(dir, "discovery") });
    const text = await user
      .run(["config", "view", "--minify", "--flatten", "--raw", "--output=json"])
      .catch((error) => {
        throw new ClusterUnavailableError(`BREAKEVEN_CLUSTER is "${context}": ${error.message}`);
      });
    writeFileSync(kubeconfig, text, { mode: 0o600 });
    const kubectl = new Kubectl({ executable, kubeconfig, cacheDir: join(dir, "discovery") });
    const { server, "certificate-authority-data": certificateAuthority = "" } = JSON.parse(text).clusters[0].cluster;
    await checkDisposable(kubectl, context);

    const tokenFile = join(dir, "token");
    writeFileSync(tokenFile, await accountToken(kubectl), { mode: 0o600 });
    const kwok = new ServerProcess("kwok", path.kwok, kwokArguments(kubeconfig, stages), dir);
    const live: LiveCluster = { server, certificateAuthority, kubeconfig, tokenFile, kubectl: executable, dir };
    const liveClusterFile = join(dir, "live-cluster.json");
    writeFileSync(liveClusterFile, JSON.stringify(live));
    const kubernetesVersion = JSON.parse(await kubectl.run(["version", "--output=json"])).serverVersion.gitVersion;
    const stop = async (): Promise<void> => {
      await kubectl.run(["delete", "nodes", `--selector=${SANDBOX_LABEL}=true`]);
      await kubectl.run(["delete", `clusterrolebinding/${ACCOUNT}`, "--ignore-not-found"]);
      await kubectl.run(["delete", `serviceaccount/${ACCOUNT}`, "--namespace=kube-system", "--ignore-not-found"]);
      await kwok.stop();
      rmSync(dir, { recursive: true, force: true });
    };
    return { server, kubeconfig, kubectl, kubernetesVersion, liveClusterFile, stop };
  } catch (error) {
    rmSync(dir, { recursive: true, force: true });
    throw error;
  }
}

async function checkDisposable(kubectl: Kubectl, context: string): Promise<void> {
  const namespace = await kubectl.find("namespace", "default");
  const labels = namespace?.metadata["labels"] as Record<string, string> | undefined;
  if (labels?.[DISPOSABLE_LABEL] !== "true")
    throw new ClusterRefusedError(context, `its namespace "default" has no label ${DISPOSABLE_LABEL}=true`);
}

async function accountToken(kubectl: Kubectl): Promise<string> {
  const account = { kind: "ServiceAccount", name: ACCOUNT, namespace: "kube-system" };
  await kubectl.apply({
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: account.name, namespace: account.namespace },
  });
  await kubectl.apply({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: ACCOUNT },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [account],
  });
  return (await kubectl.run(["create", "token", ACCOUNT, "--namespace=kube-system", "--duration=2h"])).trim();
}
