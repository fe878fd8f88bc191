import { spawn } from "node:child_process";
import { RECHECK_METRICS } from "../components/monitoring/recheck-metrics.ts";
import { type Command, parsedArgs, UsageError } from "./command.ts";
import { writeFile } from "./write-file.ts";

const HELP = `Runs the policies on what is deployed, at the prices of this checkout: is the decision still right?

Usage: breakeven recheck <stack> [options]

  <stack>                   name of a Pulumi stack, e.g. prod

Options:
  --file STATE              a file of "pulumi stack export" instead of the live stack: needs no login
  --policy-pack FOLDER      (default: policies)
  --policy-pack-config FILE the platform owner's settings
  --platform NAME           label of the metrics (default: breakeven-<stack>)
  --metrics FILE            write the outcome for Prometheus' textfile collector
  --push URL                send it to a Pushgateway, e.g. http://pushgateway:9091
  --help

It starts "pulumi policy analyze"; the engine is the one in BREAKEVEN_PULUMI, else on PATH.
Refresh prices first: breakeven prices update.

Exit status: 0 the policies pass, 3 they block, 1 they could not run (no metrics are written), 2 wrong usage.
`;

function options(args: readonly string[]) {
  const { values, positionals } = parsedArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      file: { type: "string" },
      "policy-pack": { type: "string", default: "policies" },
      "policy-pack-config": { type: "string" },
      platform: { type: "string" },
      metrics: { type: "string" },
      push: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return undefined;
  const [stack, ...rest] = positionals;
  if (stack === undefined || rest.length > 0) throw new UsageError("name one stack; see breakeven recheck --help");
  return { ...values, stack };
}

type Options = NonNullable<ReturnType<typeof options>>;

/** Everything the engine said, and how it ended. */
function analyze(given: Options): Promise<{ readonly code: number; readonly output: string }> {
  const { stack, file, "policy-pack": pack, "policy-pack-config": config } = given;
  const args = [
    ...["policy", "analyze", "--non-interactive", "--color=never", "--policy-pack", pack],
    ...(config === undefined ? [] : ["--policy-pack-config", config]),
    ...(file === undefined ? ["--stack", stack] : ["--file", file]),
  ];
  return new Promise((resolve, reject) => {
    const engine = process.env.BREAKEVEN_PULUMI || "pulumi";
    const child = spawn(engine, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (text) => {
        output += text;
        process.stdout.write(text);
      });
    child.on("error", (error) =>
      reject(new Error(`${engine} does not start: ${error.message}; install Pulumi, or name it in BREAKEVEN_PULUMI`)),
    );
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Prometheus' text format. */
export function metricsText(platform: string, isBlocked: boolean, unixSeconds: number): string {
  const gauge = (name: string, help: string, value: number): string =>
    `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name}{platform=${JSON.stringify(platform)}} ${value}\n`;
  return [
    gauge(RECHECK_METRICS.blocked, "1 when the deployed plan would be blocked at fresh prices.", isBlocked ? 1 : 0),
    gauge(RECHECK_METRICS.checkedAt, "Unix time of the re-check.", unixSeconds),
  ].join("");
}

async function push(url: string, platform: string, text: string): Promise<void> {
  const address = `${url.replace(/\/$/, "")}/metrics/job/breakeven_recheck/platform/${encodeURIComponent(platform)}`;
  const response = await fetch(address, { method: "PUT", body: text }).catch((error: Error) => {
    throw new Error(`the Pushgateway at ${url} cannot be reached (${error.message})`);
  });
  if (!response.ok) throw new Error(`the Pushgateway at ${url} answered ${response.status}`);
}

/** A pack that could not run says so in other words than one that found something. */
const VIOLATION = /\[mandatory\]/;

/** `breakeven recheck prod --push http://pushgateway:9091` */
export const recheck: Command = {
  summary: "runs the policies on the deployed stack at today's prices",
  async run(args) {
    const given = options(args);
    if (given === undefined) {
      process.stdout.write(HELP);
      return 0;
    }
    const { code, output } = await analyze(given);
    const isBlocked = code !== 0 && VIOLATION.test(output);
    if (code !== 0 && !isBlocked)
      throw new Error(`pulumi policy analyze ended with ${code} and without a violation; nothing was reported`);
    const platform = given.platform ?? `breakeven-${given.stack}`;
    const text = metricsText(platform, isBlocked, Math.floor(Date.now() / 1000));
    if (given.metrics !== undefined) writeFile(given.metrics, text);
    if (given.push !== undefined) await push(given.push, platform, text);
    process.stderr.write(isBlocked ? `${platform} would be blocked at today's prices\n` : `${platform} still passes\n`);
    return isBlocked ? 3 : 0;
  },
};
