/** The custom resource definitions of the operators a stack talks to, as their Go modules ship them. */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { failureText, fillFolder } from "../cache-folder.ts";
import { findOnPath } from "../find-executable.ts";
import { cacheDir } from "../places.ts";
import { type Log, logToStderr, withProgress } from "../progress.ts";
import { ClusterUnavailableError } from "./binaries.ts";
import type { Kubectl } from "./kubectl.ts";

const run = promisify(execFile);

interface DefinitionSource {
  readonly module: string;
  readonly version: string;
  /** Checksum of the module's content, as go.sum has it. */
  readonly sum: string;
  /** Folder of the definitions in the module. */
  readonly dir: string;
  /** `<group>_<plural>.yaml` in that folder. */
  readonly files: readonly string[];
}

/** Versions are those of the charts and add-ons in components/images.ts where these exist as Go modules, else the nearest. */
export const DEFINITIONS: readonly DefinitionSource[] = [
  {
    module: "github.com/prometheus-operator/prometheus-operator",
    version: "v0.93.1",
    sum: "h1:4Juk8v93RdG1DSGD/mGp+SeQKPmnlLIj2iq3blLZgFY=",
    dir: "example/prometheus-operator-crd",
    files: [
      "monitoring.coreos.com_alertmanagerconfigs.yaml",
      "monitoring.coreos.com_podmonitors.yaml",
      "monitoring.coreos.com_probes.yaml",
      "monitoring.coreos.com_prometheusrules.yaml",
      "monitoring.coreos.com_servicemonitors.yaml",
    ],
  },
  {
    module: "sigs.k8s.io/gateway-api",
    version: "v1.6.3",
    sum: "h1:lKpJa5bGlraC/QeACvCpsHLdmO6y0iKfzVl6gzaFEYc=",
    dir: "config/crd/standard",
    files: [
      "gateway.networking.k8s.io_gatewayclasses.yaml",
      "gateway.networking.k8s.io_gateways.yaml",
      "gateway.networking.k8s.io_httproutes.yaml",
      "gateway.networking.k8s.io_referencegrants.yaml",
    ],
  },
  {
    module: "sigs.k8s.io/gateway-api-inference-extension",
    version: "v1.6.0",
    sum: "h1:cjtwMJYcTnLXBYE5ffR1/hHhn7U1aIFfe2RITYmOXVA=",
    dir: "config/crd/bases",
    files: ["inference.networking.k8s.io_inferencepools.yaml"],
  },
  {
    module: "github.com/aws/karpenter-provider-aws",
    version: "v1.14.1",
    sum: "h1:WGtIQTQcxpElYMdWfWuPwaF2+9muR+hYhPZsTtoY8Gs=",
    dir: "pkg/apis/crds",
    files: ["karpenter.k8s.aws_ec2nodeclasses.yaml", "karpenter.sh_nodeclaims.yaml", "karpenter.sh_nodepools.yaml"],
  },
  {
    module: "github.com/kedacore/keda/v2",
    version: "v2.20.2",
    sum: "h1:SR60v8uIcelbveS8n/1jcl8tLdBBIbHMxmdOHw8tKqA=",
    dir: "config/crd/bases",
    files: [
      "keda.sh_clustertriggerauthentications.yaml",
      "keda.sh_scaledobjects.yaml",
      "keda.sh_triggerauthentications.yaml",
    ],
  },
  {
    module: "github.com/external-secrets/external-secrets",
    version: "v1.3.2",
    sum: "h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=",
    dir: "config/crds/bases",
    files: ["external-secrets.io_externalsecrets.yaml"],
  },
  {
    module: "sigs.k8s.io/lws",
    version: "v0.9.0",
    sum: "h1:DcJCgxjjoGOx//QHZkeKpyiblxYq70aCRZNYSfykWyI=",
    dir: "config/crd/bases",
    files: ["leaderworkerset.x-k8s.io_leaderworkersets.yaml"],
  },
];

/** Files with all definitions: from the cache, else out of the modules. Throws ClusterUnavailableError. */
export async function definitionFiles(log: Log = logToStderr): Promise<string[]> {
  const pins = createHash("sha256").update(JSON.stringify(DEFINITIONS)).digest("hex").slice(0, 8);
  const root = join(cacheDir(), "custom-resources", pins);
  if (!existsSync(root)) {
    log("fetching the custom resource definitions of operators from their Go modules (15 MB, once)");
    try {
      await fillFolder(root, (partial) => withProgress("fetching definitions", () => fetchInto(partial), { log }));
    } catch (error) {
      throw new ClusterUnavailableError(failureText(error));
    }
  }
  return readdirSync(root)
    .sort()
    .map((file) => join(root, file));
}

async function fetchInto(target: string): Promise<void> {
  const go = findOnPath("go");
  if (!go) throw new Error("there is no `go` on PATH");
  for (const { module, version, sum, dir, files } of DEFINITIONS) {
    // Outside of every module: nothing here is compiled, and the checksum is compared below.
    const { stdout } = await run(go, ["mod", "download", "-json", `${module}@${version}`], { cwd: target });
    const found: { Dir: string; Sum: string } = JSON.parse(stdout);
    if (found.Sum !== sum) throw new Error(`${module}@${version} has the checksum ${found.Sum}, not ${sum}`);
    for (const file of files) copyFileSync(join(found.Dir, dir, file), join(target, basename(file)));
  }
}

/** Installs the definitions that the cluster lacks, and waits until the API server serves them. */
export async function installDefinitions(kubectl: Kubectl, files: readonly string[]): Promise<void> {
  const installed = new Set((await kubectl.run(["get", "customresourcedefinitions", "--output=name"])).split("\n"));
  const named = files.filter((file) => !installed.has(definitionName(file))).map((file) => `--filename=${file}`);
  if (named.length === 0) return;
  await kubectl.run(["apply", "--server-side", ...named]);
  await kubectl.run(["wait", "--for=condition=Established", "--timeout=60s", ...named]);
}

/** `keda.sh_scaledobjects.yaml` defines `scaledobjects.keda.sh`. */
const definitionName = (file: string): string =>
  `customresourcedefinition.apiextensions.k8s.io/${basename(file, ".yaml").split("_").reverse().join(".")}`;
