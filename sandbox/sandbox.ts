/** `npm run sandbox`: a stack on a Kubernetes cluster of this machine, for a person to look at. */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { SandboxCluster } from "./cluster/control-plane.ts";
import { ROOT_DIR } from "./places.ts";
import { isColorful, logToStderr, withProgress } from "./progress.ts";
import { MissingStackError, stackNames } from "./stack-files.ts";

const HELP = `Starts a Kubernetes cluster on this machine, deploys a stack to it, and keeps both until Ctrl-C.
The API server, the scheduler and all controllers are real; nodes are simulated, no container runs, and AWS is played
by a local provider. Needs Go 1.26 or newer for the first start.

Usage: npm run sandbox [-- <stack>] [options]

  <stack>    onprem for Pulumi.onprem.yaml (default), prod, dev, ...
  --quiet    leave out what the engine prints
  --help

Environment: BREAKEVEN_CLUSTER=<context> uses a cluster that is already there, once its owner has labelled it as
disposable; the stack is destroyed at the end.

Exit status: 0 ended by Ctrl-C, 1 no cluster or a stack that failed, 2 wrong usage.
`;

/** A mistake in the command line. */
class UsageError extends Error {}

function readOptions(): { stackName: string; isQuiet: boolean } | undefined {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quiet: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  if (values.help) return undefined;
  const [stackName = "onprem", ...rest] = positionals;
  if (rest.length > 0)
    throw new UsageError(`name one stack, not ${positionals.length}; allowed: ${stackNames(ROOT_DIR).join(", ")}`);
  const configFile = join(ROOT_DIR, `Pulumi.${stackName}.yaml`);
  if (!existsSync(configFile)) throw new MissingStackError(ROOT_DIR, stackName, configFile);
  return { stackName, isQuiet: values.quiet };
}

/** Set off by Ctrl-C, and by what ends a process politely. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => controller.abort());
  return controller.signal;
}

/** A signal alone would not keep the process. */
async function untilAborted(signal: AbortSignal): Promise<void> {
  const longestTimerMs = 2 ** 31 - 1;
  while (!signal.aborted) await sleep(longestTimerMs, undefined, { signal }).catch(() => undefined);
}

async function run(stackName: string, isQuiet: boolean): Promise<boolean> {
  const signal = interruption();
  const { furnish, openOnCluster, platformConfig, sandboxCluster } = await import("./cluster/deploy.ts");
  const config = platformConfig(stackName);
  const cluster = await sandboxCluster();
  try {
    await withProgress("installing custom resource definitions and nodes", () => furnish(cluster, config));
    const stack = await openOnCluster(cluster, stackName);
    const onOutput = isQuiet ? undefined : (text: string) => void process.stderr.write(text);
    const color = isColorful(process.stderr) ? "always" : "never";
    const { verdict, errors } = await withProgress(`deploying ${stackName}`, () =>
      stack.up({ onOutput, color, signal }),
    );
    if (!signal.aborted) {
      if (verdict !== "ok") logToStderr(`${stackName} ${verdict}: ${errors.join("\n")}`);
      process.stdout.write(invitation(cluster, stackName));
      await untilAborted(signal);
    }
    logToStderr("stopping");
    // A cluster of its own goes with everything on it.
    if (process.env.BREAKEVEN_CLUSTER) await stack.destroy({ onOutput });
    stack.close();
    return verdict === "ok";
  } finally {
    await cluster.stop();
  }
}

const invitation = ({ server, kubeconfig, kubernetesVersion, kubectl }: SandboxCluster, stackName: string): string => `
The stack ${stackName} is on Kubernetes ${kubernetesVersion} at ${server}. To look at it, in another terminal:

  export KUBECONFIG=${kubeconfig}
  ${kubectl.executable} get pods,nodes --all-namespaces --output wide

Stop with Ctrl-C.
`;

try {
  const options = readOptions();
  if (!options) process.stdout.write(HELP);
  else process.exitCode = (await run(options.stackName, options.isQuiet)) ? 0 : 1;
} catch (error) {
  const isUsage =
    error instanceof UsageError ||
    error instanceof MissingStackError ||
    (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
  const isExpected = isUsage || /^(Cluster|Engine)(Unavailable|Refused)Error$/.test((error as Error).name);
  logToStderr(isExpected ? (error as Error).message : String((error as Error).stack ?? error));
  if (isUsage) logToStderr("Run with --help for the options.");
  process.exitCode = isUsage ? 2 : 1;
}
