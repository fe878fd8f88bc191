import { gatewayYaml } from "../../../components/gateway/config.ts";
import { keyFile } from "../../../components/gateway/keys.ts";
import { type GatewayTasks, groupNames } from "../../../components/gateway/routes.ts";
import { type Answer, ask, type Question } from "../../../sandbox/gateway/client.ts";
import { FakeUpstream } from "../../../sandbox/gateway/fake-upstream.ts";
import { GatewayProcess } from "../../../sandbox/gateway/process.ts";

export interface StageOptions {
  /** Hybrid tasks; each has a self-hosted model of its own with the same name. */
  readonly tasks: readonly string[];
  readonly timeoutSeconds: number;
  readonly streamTimeoutSeconds: number;
}

/** A gateway with a fake vLLM per task and one fake API. */
export interface Stage {
  readonly gateway: GatewayProcess;
  readonly api: FakeUpstream;
  model(name: string): FakeUpstream;
  ask(task: string, question?: Partial<Question>): Promise<Answer>;
  end(): Promise<void>;
}

const KEY = "sk-client-of-the-test";

export async function startStage({ tasks: names, ...timeouts }: StageOptions): Promise<Stage> {
  const api = await new FakeUpstream("api").start();
  const fakes = new Map<string, FakeUpstream>();
  for (const name of names) fakes.set(name, await new FakeUpstream(name).start());
  const model = (name: string): FakeUpstream => {
    const fake = fakes.get(name);
    if (fake === undefined) throw new Error(`no model ${name}`);
    return fake;
  };
  const address = (name: string): string => `http://llm-vllm-${name}.llm.svc.cluster.local:8000/v1`;
  const tasks: GatewayTasks = Object.fromEntries(
    names.map((name) => [
      name,
      { dataClass: "internal", apiModel: "openai/gpt-6.1-terra", selfHosted: [{ model: name, share: 1 }] },
    ]),
  );
  const models = Object.fromEntries(
    names.map((name) => [name, { url: address(name), replicas: 1, maxConcurrentSequences: 64 }]),
  );
  const gateway = await GatewayProcess.start({
    yaml: gatewayYaml({ tasks, models, replicas: 1, ...timeouts }),
    addresses: {
      "https://api.openai.com/v1": api.url,
      ...Object.fromEntries(names.map((name) => [address(name), model(name).url])),
    },
    keyFile: keyFile({ test: KEY }, groupNames(tasks), false),
    secrets: { COMMERCIAL_KEY_OPENAI: "sk-fake" },
  });
  return {
    gateway,
    api,
    model,
    ask: (task, question) => ask(gateway.url, { model: task, key: KEY, ...question }),
    end: async () => {
      await gateway.remove();
      for (const fake of [api, ...fakes.values()]) await fake.kill();
    },
  };
}
