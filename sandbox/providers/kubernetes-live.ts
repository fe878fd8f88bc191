/**
 * The Kubernetes provider where there is a cluster: objects are applied on its API server, with strict field
 * validation, and waited for. Helm charts come from registries that are not asked here; a release is only recorded.
 */

import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Kubectl, type KubernetesObject, resourceName } from "../cluster/kubectl.ts";
import type { LiveCluster } from "../cluster/live-cluster.ts";
import { STAND_INS_DIR } from "../places.ts";
import { kubernetesProvider, RELEASE } from "./kubernetes.ts";
import { untilSettled } from "./kubernetes-await.ts";
import type { LocalProvider, Resource } from "./local-provider.ts";
import { isObject, isSame, type Properties } from "./values.ts";

export function liveKubernetesProvider(cluster: LiveCluster): LocalProvider {
  const recorded = kubernetesProvider();
  // Undefined in the preview of a cluster that does not exist yet.
  let kubectl: Kubectl | undefined;
  const clientFor = ({ type }: Resource): Kubectl | undefined => (type === RELEASE ? undefined : kubectl);

  const deploy = async (client: Kubectl, resource: Resource, inputs: Properties): Promise<Properties> => {
    await client.apply(inputs);
    return outputsOf(inputs, await untilSettled(client, resource, objectOf(inputs)));
  };

  return {
    ...recorded,

    async configure(config) {
      recorded.configure?.(config);
      kubectl = await connect(cluster, config);
    },

    async create(resource, inputs, isPreview) {
      const client = clientFor(resource);
      const creation = recorded.create(resource, inputs, isPreview);
      if (isPreview || client === undefined) return creation;
      return { ...creation, outputs: await deploy(client, resource, inputs) };
    },

    async update(resource, inputs, olds, isPreview) {
      const client = clientFor(resource);
      if (isPreview || client === undefined) return recorded.update(resource, inputs, olds, isPreview);
      return await deploy(client, resource, inputs);
    },

    async drift(resource, inputs) {
      const client = clientFor(resource);
      if (client === undefined) return [];
      const deployed = await found(client, objectOf(inputs));
      if (deployed === undefined) return ["metadata"];
      const planned = await client.apply(inputs, { isDryRun: true });
      return Object.keys(planned).filter((name) => name !== "status" && !isSameIn(name, deployed, planned));
    },

    async read(resource, _, known) {
      const client = clientFor(resource);
      if (client === undefined) return known;
      const deployed = await found(client, objectOf(known));
      return deployed && outputsOf(known, deployed);
    },

    async remove(resource, known) {
      const client = clientFor(resource);
      if (client === undefined) return;
      const { apiVersion, kind, metadata } = objectOf(known);
      const identity = { apiVersion, kind, metadata: { name: metadata.name, namespace: metadata.namespace } };
      const options = ["--cascade=foreground", "--ignore-not-found", "--timeout=60s", "--filename=-"];
      await client.run(["delete", ...options], JSON.stringify(identity));
    },
  };
}

/** A client with the credentials that the program gives its provider, as long as they lead to the sandbox. */
async function connect(cluster: LiveCluster, config: Map<string, string>): Promise<Kubectl> {
  const given = config.get("kubeconfig");
  const kubeconfig = given === undefined ? cluster.kubeconfig : fileWith(given, cluster.dir);
  const env = {
    ...process.env,
    // kubectl runs what the kubeconfig names, such as the AWS CLI.
    PATH: [STAND_INS_DIR, process.env.PATH].join(delimiter),
    BREAKEVEN_TOKEN_FILE: cluster.tokenFile,
  };
  const cacheDir = join(cluster.dir, "discovery");
  const client = new Kubectl({
    executable: cluster.kubectl,
    kubeconfig,
    context: config.get("context"),
    cacheDir,
    env,
  });
  const server = await client.run(["config", "view", "--minify", "-o", "jsonpath={.clusters[0].cluster.server}"]);
  if (server !== cluster.server) throw new Error(`the sandbox deploys to ${cluster.server} only, not to ${server}`);
  return client;
}

/** Providers take a kubeconfig as a path or as its text. */
function fileWith(kubeconfig: string, dir: string): string {
  if (!/[\n{]/.test(kubeconfig)) return kubeconfig;
  const file = join(dir, "kubeconfigs", randomBytes(8).toString("hex"));
  mkdirSync(join(dir, "kubeconfigs"), { recursive: true, mode: 0o700 });
  writeFileSync(file, kubeconfig, { mode: 0o600 });
  return file;
}

const objectOf = (properties: Properties): KubernetesObject => properties as unknown as KubernetesObject;

const found = (client: Kubectl, object: KubernetesObject): Promise<KubernetesObject | undefined> =>
  client.find(resourceName(object), object.metadata.name, object.metadata.namespace);

/** Counters change by looking at them. */
function isSameIn(property: string, left: KubernetesObject, right: KubernetesObject): boolean {
  const [before, after] = [left[property], right[property]].map((value) => {
    if (property !== "metadata") return value;
    const { resourceVersion: _, generation: __, ...metadata } = value as Properties;
    return metadata;
  });
  return isSame(before, after);
}

/** What is deployed. Of a Secret only what the program gave: the engine knows which of that to encrypt. */
function outputsOf(inputs: Properties, deployed: KubernetesObject): Properties {
  const outputs = deployed as unknown as Properties;
  return inputs.kind === "Secret" && isObject(outputs.metadata) ? { ...inputs, metadata: outputs.metadata } : outputs;
}
