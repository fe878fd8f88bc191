import { loadCatalog } from "../../catalog/load.ts";
import { gatewayFiles } from "../../components/gateway/files.ts";
import { type GatewayPlan, gatewayGroups } from "../../components/gateway/groups.ts";
import { keyFile } from "../../components/gateway/keys.ts";
import { gatewayModel, gatewayPlan } from "../../components/gateway/plan.ts";
import { keyVariable } from "../../components/gateway/providers.ts";
import { gatewayTokenPrices } from "../../config/gateway-prices.ts";
import { freePort } from "../../sandbox/free-port.ts";
import { GatewayProcess } from "../../sandbox/gateway/process.ts";
import { stackConfig } from "../../test/policies/graphs.ts";
import { EnvoyProcess } from "./envoy.ts";
import { MODEL_HEADER } from "./envoy-config.ts";
import { processUsage } from "./process-usage.ts";
import type { Upstreams } from "./upstreams.ts";

/** Of the production stack. */
export const TASK = "support-chat";
const MODEL = "support";
const KEY = "sk-client-of-the-bench";

/** What stands between a client and the servers. */
export type EngineName = "direct" | "Envoy" | "gateway";

export interface Engine {
  readonly name: EngineName;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Its one process; undefined without one. */
  readonly pid: number | undefined;
}

export interface Start {
  /** From the start of the process until it answers that it is ready. Unit: seconds. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly residentMiB: number;
}

/** One request to the task, in one piece or as a stream. */
export const question = (stream: boolean): string =>
  JSON.stringify({ model: TASK, stream, messages: [{ role: "user", content: "How long does a refund take?" }] });

/** The gateway of the production stack, with all its requests meant for the own model. */
function plan({ model }: Upstreams): GatewayPlan {
  const config = stackConfig("prod", ({ tasks }) => {
    const task = tasks[TASK];
    if (task !== undefined) tasks[TASK] = { ...task, selfHosted: [{ model: MODEL, share: 1 }] };
  });
  const models = Object.entries(config.models).map(
    ([name, own]) => [name, gatewayModel(own, model, own.replicas.max)] as const,
  );
  const prices = gatewayTokenPrices(config, loadCatalog());
  return gatewayPlan(config.gateway, config.tasks, Object.fromEntries(models), 1, prices);
}

/** Both engines, each with its configuration made from the same groups. */
export class Engines {
  readonly #gateway: GatewayProcess;
  readonly #envoy: EnvoyProcess;
  readonly #upstreams: Upstreams;

  private constructor(gateway: GatewayProcess, envoy: EnvoyProcess, upstreams: Upstreams) {
    this.#gateway = gateway;
    this.#envoy = envoy;
    this.#upstreams = upstreams;
  }

  static async start(upstreams: Upstreams): Promise<Engines> {
    const gatewayPlan = plan(upstreams);
    const { tasks } = gatewayPlan;
    const gateway = await GatewayProcess.start({
      maxBodyMiB: 8,
      files: gatewayFiles(gatewayPlan),
      addresses: { "https://api.openai.com/v1": upstreams.api },
      keyFile: keyFile({ bench: [KEY] }, { bench: { keyGeneration: 1 } }, tasks, false),
      secrets: { [keyVariable("openai")]: "sk-fake" },
    });
    const envoy = await EnvoyProcess.start({
      groups: gatewayGroups(gatewayPlan),
      addresses: { [MODEL]: upstreams.model, openai: upstreams.api },
      port: await freePort(),
      adminPort: await freePort(),
    }).catch(async (error: unknown) => {
      await gateway.remove();
      throw error;
    });
    return new Engines(gateway, envoy, upstreams);
  }

  get all(): readonly Engine[] {
    const headers = { authorization: `Bearer ${KEY}`, [MODEL_HEADER]: TASK, "content-type": "application/json" };
    return [
      { name: "direct", url: this.#upstreams.model.replace(/\/v1$/, ""), headers, pid: undefined },
      { name: "Envoy", url: this.#envoy.url, headers, pid: this.#envoy.pid },
      { name: "gateway", url: this.#gateway.url, headers, pid: this.#gateway.pid },
    ];
  }

  /** Ends and starts both in turn. */
  async restart(times: number): Promise<Readonly<Record<"Envoy" | "gateway", readonly Start[]>>> {
    const starts = { Envoy: [] as Start[], gateway: [] as Start[] };
    for (let time = 0; time < times; time++) {
      for (const [name, engine] of [
        ["Envoy", this.#envoy],
        ["gateway", this.#gateway],
      ] as const) {
        await engine.stop();
        const startedAt = performance.now();
        await engine.start();
        const seconds = (performance.now() - startedAt) / 1000;
        starts[name].push({ seconds, ...processUsage(engine.pid as number) });
      }
    }
    return starts;
  }

  async end(): Promise<void> {
    await Promise.all([this.#gateway.remove(), this.#envoy.remove()]);
  }
}
