import { describe, expect, it } from "vitest";
import { requestPrice } from "../../economics/api-bill.ts";
import { planFigures } from "../../economics/plan-figures.ts";
import { tokenPrices } from "../../economics/token-prices.ts";
import { apiModel, TODAY, task } from "./facts.ts";
import { input, nodes } from "./plans.ts";

describe("tokenPrices", () => {
  it.each(["openai/gpt-6.1-terra", "anthropic/claude-haiku-5-5", "deepseek/deepseek-v4-flash"])(
    "of %s add up to the price of a request",
    (name) => {
      const api = apiModel(name);
      const size = { inputTokens: 1000, cachedInputShare: 0.3, outputTokens: 200 };
      const prices = tokenPrices(api, task(), 0, TODAY);
      const whole = requestPrice(api, size, TODAY);
      if (!prices.ok || !whole.ok) throw new Error("no price");
      const { inputUsdPerMillion, cachedInputUsdPerMillion, outputUsdPerMillion } = prices.value;
      const usd = (700 * inputUsdPerMillion + 300 * cachedInputUsdPerMillion + 200 * outputUsdPerMillion) / 1e6;
      const mean = whole.value.interactiveUsd.reduce((sum, one) => sum + one, 0) / 168;
      expect(usd).toBeCloseTo(mean, 12);
    },
  );
});

describe("planFigures", () => {
  it("hold the price of a pool with its day, and everything else that is owned", () => {
    const figures = planFigures(input());
    expect(figures?.pools).toMatchObject([
      { name: "gpus", usdPerNodeHour: 34.6752, priceDate: "2026-09-25", gpusPerNode: 8, paidNodes: 1, isFixed: true },
    ]);
    expect(figures?.otherUsdPerHour).toBeGreaterThan(0);
  });

  it("pay for the fewest nodes of an elastic pool", () => {
    const figures = planFigures(input({ items: [nodes({ scaling: "elastic", minNodes: 1, maxNodes: 4 })] }));
    expect(figures?.pools).toMatchObject([{ paidNodes: 1, isFixed: false }]);
  });

  it("expect of the API what own replicas do not answer", () => {
    const half = task({ selfHosted: [{ model: "small", share: 0.5 }], escalationRate: 0.1 });
    expect(planFigures(input({ tasks: { chat: half } }))?.tasks[0]?.apiShare).toBeCloseTo(0.55);
    const restricted = task({ dataClass: "restricted" });
    expect(planFigures(input({ tasks: { chat: restricted } }))?.tasks[0]).toMatchObject({ apiShare: 0, api: {} });
  });

  it("are none where something has no price", () => {
    expect(planFigures(input({ tasks: { chat: task({ apiModel: "openai/unknown" }) } }))).toBeUndefined();
  });
});
