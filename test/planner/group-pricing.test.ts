import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../catalog/load.ts";
import { parseUnplannedConfig } from "../../config/parse.ts";
import { evaluatePlan, type Question } from "../../planner/evaluate.ts";
import { groupPricing } from "../../planner/group-pricing.ts";
import { nodeKinds, optionsOf } from "../../planner/option.ts";
import { defaultSpace } from "../../planner/space.ts";

const catalog = loadCatalog();
const parsed = parseUnplannedConfig(
  {
    environment: "prod",
    cluster: { kind: "eks", region: "us-east-1" },
    operations: { engineerUsdPerHour: 95 },
    tasks: {
      chat: {
        requestsPerDay: 400_000,
        inputTokensPerRequest: 1500,
        outputTokensPerRequest: 300,
        apiModel: "openai/gpt-6.1-terra",
        monthlyGrowth: 0.03,
        escalationRate: 0.1,
      },
      rare: {
        requestsPerDay: 300,
        inputTokensPerRequest: 600,
        outputTokensPerRequest: 100,
        apiModel: "openai/gpt-6.1-terra",
        week: "consumer",
      },
    },
  },
  catalog,
);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
const base = parsed.config;
const question: Question = { base, catalog, today: "2026-11-21", slo: { ttftMs: 2000, tpotMs: 50 } };
const space = { ...defaultSpace(base, catalog), models: ["Qwen3-32B"] };
const pricing = groupPricing(Object.keys(base.tasks), question);
const ready = optionsOf(nodeKinds(base, space, catalog), space, catalog).flatMap((option) => {
  const made = pricing.ready(option);
  return made.ok ? [made.value] : [];
});

describe("candidates that share what they have in common", () => {
  it("cost what each of them costs by itself", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ready),
        fc.constantFrom("fixed" as const, "elastic" as const),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom(0.3, 0.8, 1),
        (option, scaling, nodes, share) => {
          const shared = pricing.price(option, { scaling, nodes, share });
          const alone = evaluatePlan(shared.groups, question);
          if (!alone.ok) throw new Error(alone.reason);
          expect(shared.usdPerMonth).toBeCloseTo(alone.value.usdPerMonth, 6);
          expect(shared.inHouseShare).toBeCloseTo(alone.value.inHouseShare, 12);
          expect(shared.unservedShare).toBeCloseTo(alone.value.unservedShare, 12);
          expect(shared.latencySeconds).toBeCloseTo(alone.value.latencySeconds, 12);
        },
      ),
      { numRuns: 300 },
    );
  });
});
