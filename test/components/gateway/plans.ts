import type { GatewayPlan } from "../../../components/gateway/groups.ts";
import type { GatewayModel, GatewayTask } from "../../../components/gateway/routes.ts";
import { taskSchema } from "../../../config/task.ts";

export const model = (name: string, changes: Partial<GatewayModel> = {}): GatewayModel => ({
  url: `http://llm-vllm-${name}.llm.svc.cluster.local:8000/v1`,
  replicas: 2,
  maxConcurrentSequences: 256,
  slo: { ttftMs: 2000, tpotMs: 50 },
  ...changes,
});

const traffic = { requestsPerDay: 100_000, inputTokensPerRequest: 1000, outputTokensPerRequest: 300 };

export const task = (changes: Partial<GatewayTask> = {}): GatewayTask => ({
  ...taskSchema.parse(traffic),
  ...changes,
});
export const plan = (changes: Partial<GatewayPlan> = {}): GatewayPlan => ({
  tasks: {},
  models: {},
  replicas: 2,

  ...changes,
});

/** Own models first, the API behind them; one task splits its traffic three ways. */
export const hybrid = plan({
  tasks: {
    "support-chat": task({ apiModel: "openai/gpt-6.1-terra", selfHosted: [{ model: "qwen", share: 1 }] }),
    classify: task({
      apiModel: "anthropic/claude-haiku-5-5",
      selfHosted: [
        { model: "qwen", share: 0.5 },
        { model: "small", share: 0.2 },
      ],
    }),
  },
  models: { qwen: model("qwen"), small: model("small", { replicas: 1, maxConcurrentSequences: 64 }) },
});

export const apiOnly = plan({
  tasks: {
    "support-chat": task({ apiModel: "google/gemini-3.8-flash" }),
    classify: task({ apiModel: "aws/meta.llama3-1-70b-instruct-v1:0" }),
  },
  replicas: 1,
});

/** The API model is what the task costs today; nothing may go there. */
export const restricted = plan({
  tasks: {
    contracts: task({
      dataClass: "restricted",
      apiModel: "openai/gpt-6.1-terra",
      selfHosted: [{ model: "qwen", share: 1 }],
    }),
  },
  models: { qwen: model("qwen") },
});
