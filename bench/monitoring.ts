import { boards, dashboardFiles } from "../components/monitoring/dashboards.ts";
import type { MonitoringPlan } from "../components/monitoring/plan.ts";
import { rulesYaml } from "../components/monitoring/rules.ts";
import { monitoringPlan } from "../test/components/monitoring/plan.ts";

export const MODELS = 20;

/** The plan of a stack with many models, a task on each. */
function largePlan(): MonitoringPlan {
  const base = monitoringPlan();
  const numbers = Array.from({ length: MODELS }, (_, index) => index);
  const { models, tasks } = base.config;
  const [task] = base.figures?.tasks ?? [];
  if (base.figures === undefined || task === undefined) throw new Error("the plan of the tests has no figures");
  return {
    ...base,
    config: {
      ...base.config,
      models: Object.fromEntries(numbers.map((n) => [`qwen-${n}`, models["qwen"] as (typeof models)[string]])),
      tasks: Object.fromEntries(numbers.map((n) => [`chat-${n}`, tasks["chat"] as (typeof tasks)[string]])),
    },
    targets: numbers.flatMap((n) =>
      base.targets.map((target) => ({ ...target, id: `${target.id}-${n}`, task: `chat-${n}` })),
    ),
    figures: { ...base.figures, tasks: numbers.map((n) => ({ ...task, name: `chat-${n}` })) },
  };
}

/** Every rule and dashboard of it, as text. */
export function monitoringCase(): () => void {
  const plan = largePlan();
  return () => {
    if (rulesYaml(plan).length === 0 || Object.keys(dashboardFiles(plan)).length !== boards(plan).length)
      throw new Error("nothing was rendered");
  };
}
