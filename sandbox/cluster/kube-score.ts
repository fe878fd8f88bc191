/** kube-score on Kubernetes objects: limits, probes, anti-affinity, non-root, read-only root, tags and more. */

import { spawn } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { failureText, fillFolder } from "../cache-folder.ts";
import { GoTools } from "../go-tools.ts";
import { cacheDir } from "../places.ts";
import { type Log, logToStderr } from "../progress.ts";
import { ClusterUnavailableError } from "./binaries.ts";

const tools = new GoTools(fileURLToPath(new URL("kube-score", import.meta.url)));

/** The executable: from the cache, else built from its Go module. Throws ClusterUnavailableError. */
export async function kubeScoreBinary(log: Log = logToStderr): Promise<string> {
  const root = join(cacheDir(), "kube-score", `${tools.version("github.com/zegl/kube-score")}-${tools.fingerprint()}`);
  if (!existsSync(root)) {
    log("building kube-score from its Go module (about a minute, once)");
    try {
      await fillFolder(root, async (partial) => {
        mkdirSync(join(partial, "bin"));
        await tools.build(join(partial, "bin"), { label: "building kube-score", log });
      });
    } catch (error) {
      throw new ClusterUnavailableError(failureText(error));
    }
  }
  return join(root, "bin", "kube-score");
}

export interface Finding {
  /** `Deployment breakeven-gateway` */
  readonly object: string;
  /** `container-resources` */
  readonly check: string;
  /** What is wrong, one line per place. */
  readonly comments: readonly string[];
}

interface Scored {
  readonly type_meta: { kind: string };
  readonly object_meta: { name: string };
  readonly checks: readonly {
    check: { id: string };
    grade: number;
    skipped: boolean;
    comments: { path: string; summary: string }[] | null;
  }[];
}

/** The grade of a check that finds nothing, kube-score's own number. */
const ALL_OK = 10;

/** Everything kube-score finds in the objects. CPU limits are not asked for: they slow down what has cores to spare. */
export async function kubeScore(objects: readonly object[]): Promise<Finding[]> {
  const binary = await kubeScoreBinary();
  const args = ["score", "--output-format=json", "--ignore-container-cpu-limit", "--exit-one-on-warning=false", "-"];
  const child = spawn(binary, args, { stdio: ["pipe", "pipe", "inherit"] });
  let stdout = "";
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stdin.end(objects.map((object) => JSON.stringify(object)).join("\n---\n"));
  await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  return (JSON.parse(stdout) as Scored[]).flatMap(({ type_meta, object_meta, checks }) =>
    checks
      .filter(({ grade, skipped }) => !skipped && grade < ALL_OK)
      .map(({ check, comments }) => ({
        object: `${type_meta.kind} ${object_meta.name}`,
        check: check.id,
        comments: (comments ?? []).map(({ path, summary }) => (path ? `${path}: ${summary}` : summary)),
      })),
  );
}
