import { captureRules, isCapturing } from "./capture.ts";
import { gatewayYaml, hasMountedKeys } from "./config.ts";
import { type GatewayPlan, gatewayGroups, isExternal } from "./groups.ts";
import { capturePlugin, plugins, providersPlugin } from "./plugins.ts";

/** What `gwanswers.py` reads: which groups are asked again elsewhere, and whether their answers are judged. */
export function answerRules(plan: GatewayPlan): Readonly<Record<string, object>> {
  return Object.fromEntries(
    gatewayGroups(plan).flatMap(({ name, task, levels, rescue }) => {
      if (levels.flat().every(isExternal)) return [];
      if (rescue === undefined) return [[name, {}]];
      const { answerCheck, escalationRate } = plan.tasks[task] ?? {};
      const check = answerCheck && {
        hold: answerCheck.holdCharacters,
        share: answerCheck.maxShare ?? escalationRate,
      };
      return [[name, { next: rescue, ...(check && { check }) }]];
    }),
  );
}

/** Everything the gateway reads from its configuration folder, by file name. */
export const gatewayFiles = (plan: GatewayPlan): Readonly<Record<string, string>> => ({
  "config.yaml": gatewayYaml(plan),
  "answers.json": `${JSON.stringify(answerRules(plan), null, 2)}\n`,
  ...plugins,
  ...(hasMountedKeys(plan) && providersPlugin),
  ...(isCapturing(plan.tasks) && {
    "capture.json": `${JSON.stringify(captureRules(plan), null, 2)}\n`,
    ...capturePlugin,
  }),
});
