import { loadCatalog } from "../../../catalog/load.ts";
import { gatewayFiles } from "../../../components/gateway/files.ts";
import { clientsOf, keyFile } from "../../../components/gateway/keys.ts";
import { gatewayModel, gatewayPlan } from "../../../components/gateway/plan.ts";
import { providers } from "../../../components/gateway/providers.ts";
import { isRestricted, keyedProviders, modelsOf, tasksWhere } from "../../../components/gateway/routes.ts";
import { vllmUrl } from "../../../components/vllm-service.ts";
import { gatewayTokenPrices, type TokenPrice } from "../../../config/gateway-prices.ts";
import { parsePlatformConfig, problemsText } from "../../../config/parse.ts";
import type { PlatformConfig, PlatformInput } from "../../../config/platform.ts";
import { type Answer, ask, type Question } from "../../../sandbox/gateway/client.ts";
import { FakeUpstream } from "../../../sandbox/gateway/fake-upstream.ts";
import type { ObjectStore } from "../../../sandbox/gateway/object-store.ts";
import { type GatewayOptions, GatewayProcess } from "../../../sandbox/gateway/process.ts";

type TaskInput = PlatformInput["tasks"][string];
type ModelInput = NonNullable<PlatformInput["models"]>[string];

export interface StageOptions {
  /** Tasks by name, on top of an ordinary hybrid one whose own model is `<task>-model`. */
  readonly tasks: Readonly<Record<string, Partial<TaskInput>>>;
  readonly models?: Readonly<Record<string, Partial<ModelInput>>>;
  readonly gateway?: PlatformInput["gateway"];
  /** Which of the two gateways runs. @default "gateway" */
  readonly role?: "gateway" | "restricted";
  /** Models without any replica when the gateway starts: nobody listens at their address. */
  readonly absent?: readonly string[];
  /** Gateway processes. @default 1 */
  readonly processes?: number;
  /** Where answers are kept; tasks say whether. @default nowhere */
  readonly store?: ObjectStore;
  /** How often they are sent. @default 1 second */
  readonly flushSeconds?: number;
  /** Where the first gateway serves metrics. @default nowhere */
  readonly metricsPort?: number;
  /** What the External Secrets Operator would bring. @default nothing */
  readonly brought?: GatewayOptions["brought"];
  readonly redis?: { readonly port: number; readonly password: string; readonly certificateFile?: string };
}

/** Gateways of a stack file, a FAKE vLLM per model and a FAKE API per provider. */
export interface Stage {
  readonly config: PlatformConfig;
  readonly prices: Readonly<Record<string, TokenPrice>>;
  readonly gateway: GatewayProcess;
  readonly gateways: readonly GatewayProcess[];
  /** The fake API of OpenAI, which ordinary tasks fall back to. */
  readonly api: FakeUpstream;
  apiOf(provider: string): FakeUpstream;
  model(name: string): FakeUpstream;
  /** Connections to all fake APIs and requests on them so far. */
  externalTraffic(): number;
  /** Asks the first gateway with the key of the first client. */
  ask(task: string, question?: Partial<Question>): Promise<Answer>;
  end(): Promise<void>;
}

export const keyOf = (client: string): string => `sk-test-${client}`;

const ordinaryTask = (name: string): TaskInput => ({
  requestsPerDay: 1000,
  inputTokensPerRequest: 100,
  outputTokensPerRequest: 50,
  apiModel: "openai/gpt-6.1-terra",
  selfHosted: [{ model: `${name}-model`, share: 1 }],
});

/** A stack file's content: one small model per task on a pool that is there. */
export function stackOf({ tasks, models = {}, gateway }: StageOptions): PlatformInput {
  const allTasks = Object.fromEntries(
    Object.entries(tasks).map(([name, changes]) => [name, { ...ordinaryTask(name), ...changes }]),
  );
  const names = [
    ...new Set([
      ...Object.values(allTasks).flatMap(({ selfHosted = [], difficulty }) => [
        ...selfHosted.map(({ model }) => model),
        ...(difficulty ? [difficulty.classifier] : []),
      ]),
      ...Object.keys(models),
    ]),
  ];
  return {
    environment: "prod",
    cluster: { kind: "eks", region: "us-east-1" },
    pools:
      names.length === 0
        ? {}
        : { gpus: { hardware: { kind: "instance", instanceType: "p5.48xlarge", purchase: "on-demand" }, maxNodes: 9 } },
    models: Object.fromEntries(
      names.map((name) => [
        name,
        { catalogModel: "Qwen3-8B", pool: "gpus", replicas: { min: 1, max: 1 }, ...models[name] } as ModelInput,
      ]),
    ),
    tasks: allTasks,
    gateway,
    operations: { engineerUsdPerHour: 95 },
  };
}

export async function startStage(options: StageOptions): Promise<Stage> {
  const catalog = loadCatalog();
  const parsed = parsePlatformConfig(stackOf(options), catalog);
  if (!parsed.ok) throw new Error(problemsText(parsed.problems));
  const { config } = parsed;
  const processes = options.processes ?? 1;

  const tasks = tasksWhere(config.tasks, (task) => isRestricted(task) === (options.role === "restricted"));
  const address = (model: string) => vllmUrl(`llm-vllm-${model}`, "llm");
  const models = Object.fromEntries(
    Object.entries(config.models).map(([name, model]) => [
      name,
      gatewayModel(model, address(name), model.replicas.max),
    ]),
  );
  const prices = gatewayTokenPrices(config, parsed.catalog);
  const plan = gatewayPlan(config.gateway, tasks, modelsOf(tasks, models), processes, prices);

  const fakes = new Map<string, FakeUpstream>();
  for (const name of [...Object.keys(models), ...Object.keys(providers)])
    fakes.set(name, await new FakeUpstream(name).start());
  for (const name of options.absent ?? []) await fakes.get(name)?.kill();
  const fake = (name: string): FakeUpstream => {
    const found = fakes.get(name);
    if (found === undefined) throw new Error(`no fake of ${name}`);
    return found;
  };
  const keys = Object.fromEntries(
    clientsOf(config.gateway.clients, tasks).map(([client]) => [client, [keyOf(client)]]),
  );
  const addresses = Object.fromEntries([
    ...Object.entries(providers).flatMap(([name, { apiBase }]) => (apiBase ? [[apiBase, fake(name).url]] : [])),
    ...Object.keys(models).map((name) => [address(name), fake(name).url]),
  ]);
  const gateways = await Promise.all(
    Array.from({ length: processes }, () =>
      GatewayProcess.start({
        files: gatewayFiles(plan),
        addresses,
        metricsPort: options.metricsPort,
        ...(options.brought && { brought: options.brought }),
        maxBodyMiB: config.gateway.maxBodyMiB,
        keyFile: keyFile(keys, config.gateway.clients, tasks, options.role === "restricted"),
        redis: options.redis && { ...options.redis, host: "127.0.0.1" },
        ...(options.store && {
          capture: {
            bucket: options.store.bucket,
            endpoint: options.store.url,
            key: options.store.writer,
            flushSeconds: options.flushSeconds ?? 1,
          },
        }),
        secrets: {
          ...Object.fromEntries(
            keyedProviders(tasks).map((name) => [`COMMERCIAL_KEY_${name.toUpperCase()}`, "sk-fake"]),
          ),
          ...(options.redis && { REDIS_PASSWORD: options.redis.password }),
        },
      }),
    ),
  );
  const [gateway] = gateways;
  const [client] = Object.keys(keys);
  if (gateway === undefined || client === undefined) throw new Error("a stage needs a gateway and a client");
  return {
    config,
    prices,
    gateway,
    gateways,
    api: fake("openai"),
    apiOf: fake,
    model: fake,
    externalTraffic: () =>
      Object.keys(providers).reduce((sum, name) => sum + fake(name).connections + fake(name).received.length, 0),
    ask: (task, question) => ask(gateway.url, { model: task, key: keyOf(client), ...question }),
    end: async () => {
      await Promise.all(gateways.map((one) => one.remove()));
      for (const one of fakes.values()) await one.kill();
    },
  };
}
