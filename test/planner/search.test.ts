import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadCatalog } from "../../catalog/load.ts";
import { parseUnplannedConfig } from "../../config/parse.ts";
import type { PlatformConfig } from "../../config/platform.ts";
import type { Question } from "../../planner/evaluate.ts";
import { search } from "../../planner/search.ts";
import { defaultSpace, type PlanSpace } from "../../planner/space.ts";

const catalog = loadCatalog();
const TODAY = "2026-11-21";

function config(tasks: Readonly<Record<string, object>>, sections: object = {}): PlatformConfig {
  const parsed = parseUnplannedConfig(
    {
      environment: "prod",
      cluster: { kind: "eks", region: "us-east-1" },
      operations: { engineerUsdPerHour: 95 },
      tasks,
      ...sections,
    },
    catalog,
  );
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  return parsed.config;
}

const task = (changes: object = {}): object => ({
  requestsPerDay: 400_000,
  inputTokensPerRequest: 1500,
  outputTokensPerRequest: 300,
  apiModel: "openai/gpt-6.1-terra",
  ...changes,
});

const question = (base: PlatformConfig): Question => ({
  base,
  catalog,
  today: TODAY,
  slo: { ttftMs: 2000, tpotMs: 50 },
});

const small = (base: PlatformConfig, changes: Partial<PlanSpace> = {}): PlanSpace => ({
  ...defaultSpace(base, catalog),
  models: ["Qwen3-32B"],
  precisions: ["fp8"],
  purchases: ["commit-1y"],
  scalings: ["fixed"],
  gpusPerReplica: [1, 2],
  shares: [0.5, 1],
  maxNodes: 3,
  ...changes,
});

const merits = ({ front }: ReturnType<typeof search>) =>
  front.map(({ usdPerMonth, latencySeconds, inHouseShare }) => [usdPerMonth, latencySeconds, inHouseShare]);

describe("planner", () => {
  it("finds what brute force finds", () => {
    fc.assert(
      fc.property(
        fc.record({
          requestsPerDay: fc.integer({ min: 1_000, max: 3_000_000 }),
          outputTokensPerRequest: fc.integer({ min: 20, max: 800 }),
          escalationRate: fc.double({ min: 0, max: 0.4, noNaN: true }),
          week: fc.constantFrom<string>("flat", "business-hours", "consumer"),
        }),
        fc.constantFrom<PlanSpace["purchases"]>(["commit-1y"], ["on-demand"], ["spot", "commit-1y"]),
        fc.subarray<"fixed" | "elastic">(["fixed", "elastic"], { minLength: 1 }),
        (changes, purchases, scalings) => {
          const base = config({ chat: task(changes) });
          const space = small(base, { purchases, scalings });
          expect(merits(search(question(base), space))).toEqual(
            merits(search(question(base), space, { isExhaustive: true })),
          );
        },
      ),
      {
        numRuns: 6,
        examples: [
          [
            { requestsPerDay: 1_000, outputTokensPerRequest: 368, escalationRate: 0, week: "flat" },
            ["spot", "commit-1y"],
            ["elastic"],
          ],
        ],
      },
    );
  });

  it("finds for two tasks what pricing every combination finds", () => {
    const base = config({
      chat: task(),
      classify: task({ requestsPerDay: 2_000_000, inputTokensPerRequest: 400, outputTokensPerRequest: 10 }),
    });
    const space = small(base, { models: ["Qwen3-32B", "Qwen3-8B"], shares: [1], maxNodes: 2 });
    const bounded = search(question(base), space);
    const whole = search(question(base), space, { isExhaustive: true });
    expect(bounded.front[0]?.usdPerMonth).toBe(whole.front[0]?.usdPerMonth);
    expect(bounded.ruledOut).toBeGreaterThan(0);
  });

  it("keeps every request of a restricted task in-house", () => {
    const base = config({ records: task({ dataClass: "restricted", apiModel: undefined }) });
    const { front } = search(question(base), small(base, { maxNodes: 8 }));
    expect(front.length).toBeGreaterThan(0);
    for (const plan of front) {
      expect(plan.groups.map(({ share }) => share)).toEqual([1]);
      expect(plan.inHouseShare).toBeGreaterThan(0.99);
    }
  });

  it("gives no plan, and why, when nothing serves a restricted task", () => {
    const base = config({
      records: task({ dataClass: "restricted", apiModel: undefined, requestsPerDay: 50_000_000 }),
    });
    const { front, families } = search(question(base), small(base, { maxNodes: 1 }));
    expect(front).toEqual([]);
    expect(families.every(({ reason }) => reason !== undefined)).toBe(true);
    expect(families.map(({ reason }) => reason).join()).toContain("requests unanswered that may not go to an API");
  });

  it("uses the nodes of a cluster that exists and no more of them", () => {
    const owned = {
      hardware: {
        kind: "owned",
        gpu: "H100-SXM",
        gpusPerNode: 8,
        purchaseUsd: 250_000,
        watts: 8000,
        usdPerKwh: 0.15,
        source: "quote",
        date: TODAY,
      },
      maxNodes: 2,
      nodeSelector: { "nvidia.com/gpu.product": "NVIDIA-H100-80GB-HBM3" },
    };
    const usdPerMonth = { amount: 100, source: "plan", date: TODAY };
    const base = config({ chat: task() }, { cluster: { kind: "existing", usdPerMonth }, pools: { owned } });
    const { front } = search(question(base), small(base, { regions: [""], maxNodes: 64 }));
    expect(front.length).toBeGreaterThan(0);
    for (const { option, nodes } of front.flatMap(({ groups }) => groups)) {
      expect(option.hardware.kind).toBe("owned");
      expect(nodes).toBeLessThanOrEqual(2);
    }
  });

  it("names what is wrong with a family that can't run", () => {
    const base = config({ chat: task() });
    const { families } = search(question(base), small(base, { models: ["Llama-3.1-405B"], gpusPerReplica: [1] }));
    expect(families.length).toBeGreaterThan(0);
    for (const { reason } of families) expect(reason).toMatch(/GPUs per replica|fit/);
  });
});
