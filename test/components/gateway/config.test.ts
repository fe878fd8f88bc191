import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  gatewayConfig,
  gatewayYaml,
  type LiteLlmDeployment,
  taskDeployments,
} from "../../../components/gateway/config.ts";
import type { GatewayPlan } from "../../../components/gateway/groups.ts";
import { groupNames } from "../../../components/gateway/routes.ts";
import { apiOnly, hybrid, model, plan, restricted, task } from "./plans.ts";

const targetsOf = (of: GatewayPlan): readonly LiteLlmDeployment[] =>
  gatewayConfig(of).model_list.filter((row): row is LiteLlmDeployment => "timeout" in row.litellm_params);
const group = (name: string, of = hybrid) => targetsOf(of).filter(({ model_name }) => model_name === name);

describe("gateway configuration", () => {
  it.each(Object.entries({ hybrid, "api-only": apiOnly, restricted }))(
    "of a %s platform is as reviewed",
    async (name, of) => {
      await expect(gatewayYaml(of)).toMatchFileSnapshot(`golden/${name}.yaml`);
    },
  );

  it("is the same as YAML", () => {
    expect(parse(gatewayYaml(hybrid))).toEqual(gatewayConfig(hybrid));
  });

  it("asks own models first and the API next", () => {
    expect(group("support-chat").map(({ litellm_params: { model: name, order } }) => [name, order])).toEqual([
      ["hosted_vllm/qwen", 1],
      ["openai/gpt-6.1-terra", 2],
    ]);
  });

  it("splits a task by its shares and gives the API what is left", () => {
    expect(
      group("classify").map(({ litellm_params: { model: name, order, weight } }) => [name, order, weight]),
    ).toEqual([
      ["hosted_vllm/qwen", 1, 0.5],
      ["hosted_vllm/small", 1, 0.2],
      ["anthropic/claude-haiku-5-5", 1, 0.3],
      ["anthropic/claude-haiku-5-5", 2, undefined],
    ]);
  });

  it("overflows to the API when replicas are full, a quarter above their batches", () => {
    const limits = group("classify").map(({ litellm_params }) => litellm_params.max_parallel_requests);
    expect(limits).toEqual([320, 40, undefined, undefined]);
  });

  it("keeps a way to a model that has no replica yet", () => {
    const idle = { ...hybrid, models: { ...hybrid.models, qwen: model("qwen", { replicas: 0 }) } };
    expect(group("support-chat", idle)[0]?.litellm_params.max_parallel_requests).toBe(1);
  });

  it("never turns away requests before all slots are taken", () => {
    const many = { ...hybrid, models: { ...hybrid.models, qwen: model("qwen", { replicas: 16 }) } };
    expect(gatewayConfig(hybrid).general_settings["max_in_flight_requests_per_worker"]).toBe(488);
    expect(gatewayConfig(many).general_settings["max_in_flight_requests_per_worker"]).toBe(2560 + 40 + 128);
  });

  it("names the side for contexts that are too long and answers that are empty", () => {
    expect(gatewayConfig(hybrid).router_settings["context_window_fallbacks"]).toEqual([
      { "support-chat": ["support-chat-ext"] },
      { classify: ["classify-ext"] },
    ]);
    expect(gatewayConfig(apiOnly).router_settings).not.toHaveProperty("context_window_fallbacks");
  });

  it("probes own models where there is somewhere else to go, and never the API", () => {
    const probed = targetsOf(hybrid).filter(({ model_info }) => !model_info.disable_background_health_check);
    expect(probed.map(({ model_info }) => model_info.id)).toEqual([
      "support-chat-on-qwen",
      "classify-on-qwen",
      "classify-on-small",
    ]);
    expect(gatewayConfig(apiOnly).general_settings).not.toHaveProperty("background_health_checks");
  });

  it("gives every target an id of its own and a pinned address", () => {
    const targets = [hybrid, restricted].flatMap(targetsOf);
    const ids = gatewayConfig(hybrid).model_list.map(({ model_info }) => model_info.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { litellm_params } of targets) expect(litellm_params.api_base).toMatch(/^https?:\/\//);
  });

  it("gives restricted tasks no external target, key or fallback", () => {
    const config = gatewayConfig(restricted);
    expect(config.model_list.map(({ model_info }) => model_info.external)).toEqual([false]);
    expect(gatewayYaml(restricted)).not.toMatch(/COMMERCIAL_KEY|openai|https:/);
    expect(config.router_settings).not.toHaveProperty("content_policy_fallbacks");
  });

  it("calls models that sign with a cloud role without a key", () => {
    const [target] = taskDeployments(apiOnly, "classify", apiOnly.tasks["classify"] ?? task());
    expect(target?.litellm_params.model).toBe("bedrock/meta.llama3-1-70b-instruct-v1:0");
    expect(target?.litellm_params).not.toHaveProperty("api_key");
  });

  it("refuses a task that is called like a side of another", () => {
    const tasks = { ...hybrid.tasks, "support-chat-ext": task({ apiModel: "openai/gpt-6.1-terra" }) };
    expect(() => gatewayConfig(plan({ ...hybrid, tasks }))).toThrow('task "support-chat-ext" takes the name');
  });

  it("refuses a task whose model is not there", () => {
    const tasks = { chat: task({ selfHosted: [{ model: "gone", share: 1 }] }) };
    expect(() => gatewayConfig(plan({ tasks, models: { qwen: model("qwen") } }))).toThrow('"gone"; known: qwen');
  });

  it("lists every model group a client may name", () => {
    expect(groupNames(hybrid.tasks)).toEqual([
      "support-chat",
      "support-chat-local",
      "support-chat-ext",
      "classify",
      "classify-local",
      "classify-ext",
    ]);
    const made = new Set(gatewayConfig(hybrid).model_list.map(({ model_name }) => model_name));
    expect([...made].sort()).toEqual([...groupNames(hybrid.tasks)].sort());
  });

  it("asks a second API when the first fails, and lets the surplus wait where it may", () => {
    const tasks = {
      chat: task({
        apiModel: "openai/gpt-6.1-terra",
        secondApiModel: "mistral/mistral-large-2512",
        selfHosted: [{ model: "qwen", share: 1 }],
      }),
    };
    const order = group("chat", plan({ tasks, models: { qwen: model("qwen") }, pastBudget: "degrade" }));
    expect(order.map(({ litellm_params, model_info }) => [litellm_params.order, model_info.id])).toEqual([
      [1, "chat-on-qwen"],
      [2, "chat-ext"],
      [3, "chat-ext-2"],
      [4, "chat-waiting-on-qwen"],
    ]);
    expect(order[3]?.litellm_params).not.toHaveProperty("max_parallel_requests");
  });

  it("waits for each model as long as its latency targets say", () => {
    const waits = (changes: Partial<GatewayPlan>) =>
      group("support-chat", { ...hybrid, ...changes }).map(({ litellm_params: { timeout, stream_timeout } }) => [
        timeout,
        stream_timeout,
      ]);
    expect(waits({})).toEqual([
      [156, 6],
      [180, 30],
    ]);
    expect(waits({ timeoutSeconds: 90, streamTimeoutSeconds: 9 })).toEqual([
      [90, 9],
      [90, 9],
    ]);
  });

  it("counts spend with the plan's prices", () => {
    const tokenPrices = { qwen: { inputUsd: 1e-7, outputUsd: 2e-7 } };
    const [own, api] = group("support-chat", { ...hybrid, tokenPrices });
    expect(own?.model_info).toMatchObject({ input_cost_per_token: 1e-7, output_cost_per_token: 2e-7 });
    expect(api?.model_info).not.toHaveProperty("input_cost_per_token");
  });

  it("shares counters through Redis with both of LiteLLM's settings", () => {
    const config = gatewayConfig({ ...hybrid, redis: { kind: "in-cluster" } });
    expect(config.router_settings).toMatchObject({
      redis_host: "os.environ/REDIS_HOST",
      cache_kwargs: { socket_timeout: 0.25 },
    });
    expect(config.general_settings["coordination_redis"]).toMatchObject({
      host: "os.environ/REDIS_HOST",
      socket_timeout: 0.25,
    });
    expect(JSON.stringify(gatewayConfig(hybrid))).not.toContain("REDIS");
  });

  it("routes by difficulty where the task asks for it", async () => {
    const difficulty = {
      classifier: "small",
      tiers: { simple: "small", medium: "qwen", complex: "api", reasoning: "api" },
    };
    const chat = task({
      apiModel: "openai/gpt-6.1-terra",
      selfHosted: [
        { model: "qwen", share: 0.6 },
        { model: "small", share: 0.2 },
      ],
      difficulty,
    });
    const routed = plan({ tasks: { chat }, models: hybrid.models });
    await expect(gatewayYaml(routed)).toMatchFileSnapshot("golden/by-difficulty.yaml");
    const made = new Set(gatewayConfig(routed).model_list.map(({ model_name }) => model_name));
    expect([...made].sort()).toEqual([...groupNames(routed.tasks)].sort());
  });
});
