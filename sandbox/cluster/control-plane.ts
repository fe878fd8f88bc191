/** A Kubernetes control plane on this machine, with KWOK in place of nodes and kubelets. */

import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePorts } from "../free-port.ts";
import { type ClusterBinaries, clusterBinaries } from "./binaries.ts";
import { Kubectl } from "./kubectl.ts";
import type { LiveCluster } from "./live-cluster.ts";
import { SANDBOX_LABEL } from "./nodes.ts";
import { ServerProcess } from "./server-process.ts";

/** A cluster that a stack can be deployed to. */
export interface SandboxCluster {
  /** `https://127.0.0.1:40001` */
  readonly server: string;
  /** A file for an administrator; the current context is `CONTEXT`. */
  readonly kubeconfig: string;
  readonly kubectl: Kubectl;
  /** `v1.36.3` */
  readonly kubernetesVersion: string;
  /** A file with a `LiveCluster`, for providers. */
  readonly liveClusterFile: string;
  stop(): Promise<void>;
}

export const CONTEXT = "breakeven-sandbox";

/**
 * Starts etcd, API server, scheduler, controller manager and KWOK on free ports of the loopback interface, in a folder
 * that `stop` removes. Takes about 5 s. Nobody pulls images or runs containers, and network policies are kept but not
 * enforced.
 */
export async function startCluster(binaries?: ClusterBinaries): Promise<SandboxCluster> {
  const { path, stages, kubernetesVersion } = binaries ?? (await clusterBinaries());
  const dir = mkdtempSync(join(tmpdir(), "breakeven-cluster-"));
  const servers: ServerProcess[] = [];
  const start = (name: keyof typeof path, args: readonly string[]): ServerProcess => {
    const server = new ServerProcess(name, path[name], args, dir);
    servers.push(server);
    return server;
  };
  const stop = async (): Promise<void> => {
    for (const server of servers.reverse()) await server.stop();
    rmSync(dir, { recursive: true, force: true });
  };

  try {
    const [etcdPort, peerPort, apiPort] = await freePorts(3);
    const etcd = `http://127.0.0.1:${etcdPort}`;
    start("etcd", etcdArguments(dir, etcd, `http://127.0.0.1:${peerPort}`));
    const files = writeCredentials(dir);
    const server = `https://127.0.0.1:${apiPort}`;
    const api = start("kube-apiserver", apiServerArguments(files, etcd, `${apiPort}`));
    await api.untilReady(async () => existsSync(files.certificate));
    const kubeconfig = join(dir, "kubeconfig");
    writeFileSync(kubeconfig, kubeconfigText(server, files), { mode: 0o600 });
    const kubectl = new Kubectl({ executable: path.kubectl, kubeconfig, cacheDir: join(dir, "discovery") });
    await api.untilReady(async () => (await kubectl.run(["get", "--raw=/readyz"])).trim() === "ok");

    const manager = start("kube-controller-manager", controllerManagerArguments(files, kubeconfig));
    start("kube-scheduler", [`--kubeconfig=${kubeconfig}`, "--leader-elect=false", "--secure-port=0"]);
    start("kwok", kwokArguments(kubeconfig, stages));
    // Pods need it, and it shows that controllers work.
    await manager.untilReady(async () => (await kubectl.find("serviceaccount", "default", "default")) !== undefined);
    const live: LiveCluster = {
      server,
      certificateAuthority: readFileSync(files.certificate).toString("base64"),
      kubeconfig,
      tokenFile: files.token,
      kubectl: path.kubectl,
      dir,
    };
    const liveClusterFile = join(dir, "live-cluster.json");
    writeFileSync(liveClusterFile, JSON.stringify(live));
    return { server, kubeconfig, kubectl, kubernetesVersion, liveClusterFile, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Nothing in it has to survive a power cut. */
const etcdArguments = (dir: string, clients: string, peers: string): string[] => [
  `--data-dir=${join(dir, "etcd")}`,
  `--listen-client-urls=${clients}`,
  `--advertise-client-urls=${clients}`,
  `--listen-peer-urls=${peers}`,
  `--initial-advertise-peer-urls=${peers}`,
  `--initial-cluster=default=${peers}`,
  "--unsafe-no-fsync",
  "--log-level=error",
];

/** Plays the nodes that the sandbox makes and no others. */
export const kwokArguments = (kubeconfig: string, stages: readonly string[]): string[] => [
  `--kubeconfig=${kubeconfig}`,
  `--manage-nodes-with-label-selector=${SANDBOX_LABEL}=true`,
  "--node-lease-duration-seconds=40",
  ...stages.map((file) => `--config=${file}`),
];

/** Paths of files. */
interface Credentials {
  readonly dir: string;
  readonly certificate: string;
  /** The administrator's. */
  readonly token: string;
  /** All tokens the API server knows, with their users. */
  readonly tokens: string;
  readonly accountKey: string;
}

const apiServerArguments = (files: Credentials, etcd: string, port: string): string[] => [
  `--etcd-servers=${etcd}`,
  "--bind-address=127.0.0.1",
  `--secure-port=${port}`,
  // Makes a certificate of its own.
  `--cert-dir=${files.dir}`,
  `--token-auth-file=${files.tokens}`,
  "--authorization-mode=Node,RBAC",
  // As clusters have it: PodSecurity decides, namespace by namespace.
  "--allow-privileged=true",
  "--service-account-issuer=https://kubernetes.default.svc",
  `--service-account-signing-key-file=${files.accountKey}`,
  `--service-account-key-file=${files.accountKey}`,
  "--service-cluster-ip-range=10.96.0.0/16",
  "--endpoint-reconciler-type=none",
];

const controllerManagerArguments = (files: Credentials, kubeconfig: string): string[] => [
  `--kubeconfig=${kubeconfig}`,
  "--leader-elect=false",
  "--secure-port=0",
  "--use-service-account-credentials",
  `--service-account-private-key-file=${files.accountKey}`,
  `--root-ca-file=${files.certificate}`,
];

function writeCredentials(dir: string): Credentials {
  const pki = join(dir, "pki");
  mkdirSync(pki, { mode: 0o700 });
  const secret = randomBytes(24).toString("hex");
  const token = join(pki, "token");
  writeFileSync(token, secret, { mode: 0o600 });
  const tokens = join(pki, "tokens.csv");
  writeFileSync(tokens, `${secret},sandbox,sandbox,system:masters\n`, { mode: 0o600 });
  const accountKey = join(pki, "service-accounts.key");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(accountKey, privateKey.export({ type: "pkcs1", format: "pem" }), { mode: 0o600 });
  return { dir: pki, certificate: join(pki, "apiserver.crt"), token, tokens, accountKey };
}

/** JSON is YAML. */
function kubeconfigText(server: string, { certificate, token }: Credentials): string {
  const authority = readFileSync(certificate).toString("base64");
  const named = (value: object) => [{ name: CONTEXT, ...value }];
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: named({ cluster: { server, "certificate-authority-data": authority } }),
    users: named({ user: { token: readFileSync(token, "utf8") } }),
    contexts: named({ context: { cluster: CONTEXT, user: CONTEXT } }),
    "current-context": CONTEXT,
  });
}
