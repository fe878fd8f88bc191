/** The client of everything here: kubectl, with objects in and out instead of text. */

import { spawn } from "node:child_process";

/** An object as the API server has it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
  // biome-ignore lint/suspicious/noExplicitAny: every kind has its own
  readonly [key: string]: any;
}

/** Who owns the fields that are applied here. */
const FIELD_MANAGER = "breakeven-sandbox";

export class KubectlError extends Error {}

export interface KubectlOptions {
  readonly executable: string;
  /** @default the user's */
  readonly kubeconfig?: string;
  /** @default the kubeconfig's current one */
  readonly context?: string | undefined;
  /** Where kubectl keeps what it learns about the API, which is different for every cluster. */
  readonly cacheDir: string;
  /** @default this process's */
  readonly env?: NodeJS.ProcessEnv;
}

export class Kubectl {
  private readonly options: KubectlOptions;

  /** The executable. */
  get executable(): string {
    return this.options.executable;
  }

  constructor(options: KubectlOptions) {
    this.options = options;
  }

  /** Standard output of `kubectl …`. Throws KubectlError with what it wrote to standard error. */
  run(args: readonly string[], input?: string): Promise<string> {
    const { executable, kubeconfig, context, cacheDir, env } = this.options;
    const where = [
      `--cache-dir=${cacheDir}`,
      ...(kubeconfig === undefined ? [] : [`--kubeconfig=${kubeconfig}`]),
      ...(context === undefined ? [] : [`--context=${context}`]),
    ];
    const child = spawn(executable, [...where, ...args], { env });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk) => {
      stdout += chunk;
    });
    child.stderr.on("data", (chunk) => {
      stderr += chunk;
    });
    return new Promise((resolve, reject) => {
      child.on("error", reject);
      child.stdin.on("error", () => {});
      child.on("close", (code) => (code === 0 ? resolve(stdout) : reject(new KubectlError(stderr.trim()))));
      child.stdin.end(input);
    });
  }

  /** Server-side apply; a field that the schema does not have is an error. Returns the object as it then is. */
  async apply(object: object, { isDryRun = false } = {}): Promise<KubernetesObject> {
    const args = [
      "apply",
      "--server-side",
      "--validate=strict",
      `--field-manager=${FIELD_MANAGER}`,
      `--dry-run=${isDryRun ? "server" : "none"}`,
      "--output=json",
      "--filename=-",
    ];
    return JSON.parse(await this.run(args, JSON.stringify(object)));
  }

  /** The object, or undefined where there is none. `resource` is `deployment`, or `podmonitor.monitoring.coreos.com`. */
  async find(resource: string, name: string, namespace?: string): Promise<KubernetesObject | undefined> {
    const text = await this.run(["get", resource, name, ...inNamespace(namespace), "--ignore-not-found", "-o", "json"]);
    return text.trim() === "" ? undefined : JSON.parse(text);
  }

  /** All objects of a kind, in one namespace or in all. */
  async list(resource: string, namespace?: string, selector = ""): Promise<KubernetesObject[]> {
    const where = namespace === undefined ? ["--all-namespaces"] : inNamespace(namespace);
    return JSON.parse(await this.run(["get", resource, ...where, `--selector=${selector}`, "-o", "json"])).items;
  }
}

export const inNamespace = (namespace?: string): string[] =>
  namespace === undefined ? [] : ["--namespace", namespace];

/** `Deployment.v1.apps`: unambiguous where two groups share a kind. */
export function resourceName({ apiVersion, kind }: KubernetesObject): string {
  const [version = "", group] = apiVersion.split("/").reverse();
  return `${kind}.${version}.${group ?? ""}`;
}
