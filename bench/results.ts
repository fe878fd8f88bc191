import { readStackFile } from "../cli/stack-file.ts";
import { analyse } from "../economics/analyse.ts";
import { type DecisionInput, decide } from "../economics/decide.ts";
import { AS_PLANNED } from "../economics/scenario.ts";

const TODAY = "2026-11-21";
export const EVALUATIONS = 1000;

/** Production as it is, and the same traffic on elastic nodes, where every hour of every month is worked out. */
function plans(): Readonly<Record<"fixed" | "elastic", DecisionInput>> {
  const { input } = readStackFile("prod", TODAY);
  const items = input.items.map((item) =>
    item.kind === "nodes" && item.pool !== undefined && item.hardware.kind === "instance"
      ? {
          ...item,
          scaling: "elastic" as const,
          minNodes: 0,
          maxNodes: 4,
          hardware: { ...item.hardware, purchase: "on-demand" as const },
        }
      : item,
  );
  const models = input.models.map((model) => ({ ...model, minReplicas: 1, maxReplicas: 32 }));
  return { fixed: input, elastic: { ...input, items, models } };
}

/** A full verdict (decision, curves, sensitivity, options, 1,000 draws), and evaluations of one plan at other traffic. */
export function resultCases(): Readonly<Record<string, () => void>> {
  return Object.fromEntries(
    Object.entries(plans()).flatMap(([name, input]) => {
      const decision = decide(input);
      if (!("projector" in decision)) throw new Error(`no verdict: ${decision.kind}`);
      const { projector } = decision;
      return [
        [`full results with 1,000 draws, ${name} pool`, () => void analyse(input)],
        [
          `${EVALUATIONS.toLocaleString("en-US")} evaluations, ${name} pool`,
          () => {
            for (let index = 0; index < EVALUATIONS; index++)
              projector.totals({ ...AS_PLANNED, traffic: 1 + index / EVALUATIONS });
          },
        ],
      ];
    }),
  );
}
