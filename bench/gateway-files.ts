import { gatewayFiles } from "../components/gateway/files.ts";
import type { GatewayPlan } from "../components/gateway/groups.ts";
import { model, plan, task } from "../test/components/gateway/plans.ts";

export const TASKS = 50;

/** Tasks on a model of their own each, with two APIs behind it, judged answers, a budget and a Redis. */
function largePlan(): GatewayPlan {
  const numbers = Array.from({ length: TASKS }, (_, index) => index);
  return plan({
    tasks: Object.fromEntries(
      numbers.map((n) => [
        `task-${n}`,
        task({
          apiModel: "openai/gpt-6.1-terra",
          secondApiModel: "anthropic/claude-haiku-5-5",
          selfHosted: [{ model: `model-${n}`, share: 0.9 }],
          answerCheck: { holdCharacters: 60 },
          escalationRate: 0.05,
        }),
      ]),
    ),
    models: Object.fromEntries(numbers.map((n) => [`model-${n}`, model(`model-${n}`)])),
    apiBudgets: { openai: { usd: 500, period: "1d" } },
    redis: { kind: "in-cluster" },
  });
}

/** Everything a gateway of so many tasks reads, as text. */
export function gatewayFilesCase(): () => void {
  const large = largePlan();
  return () => {
    if (!gatewayFiles(large)["config.yaml"]?.includes(`task-${TASKS - 1}`)) throw new Error("nothing was generated");
  };
}
