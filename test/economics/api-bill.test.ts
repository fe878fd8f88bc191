import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type RequestSize, requestPrice } from "../../economics/api-bill.ts";
import type { ApiModel } from "../../economics/api-price.ts";
import { apiModel, catalog, TODAY } from "./facts.ts";

const size = (changes: Partial<RequestSize> = {}): RequestSize => ({
  inputTokens: 1000,
  cachedInputShare: 0,
  outputTokens: 1000,
  ...changes,
});

function priceOf(api: ApiModel, request: RequestSize, date = TODAY) {
  const price = requestPrice(api, request, date);
  if (!price.ok) throw new Error(price.reason);
  return { usd: price.value.interactiveUsd[12] as number, ...price.value };
}

describe("price of a request", () => {
  it("is tokens times price: 1,000 in and 1,000 out on gpt-4o cost 1.25 cents", () => {
    expect(priceOf(apiModel("openai/gpt-4o"), size()).usd).toBeCloseTo((1000 * 2.5 + 1000 * 10) / 1e6, 12);
  });

  it("bills cached input at its own price", () => {
    const { usd } = priceOf(apiModel("openai/gpt-4.1"), size({ cachedInputShare: 0.5 }));
    expect(usd).toBeCloseTo((500 * 2 + 500 * 0.5 + 1000 * 8) / 1e6, 12);
  });

  it("bills a batch at half where a batch price is listed, else in full", () => {
    const listed = priceOf(apiModel("openai/gpt-4.1"), size());
    expect(listed.batchUsd).toBeCloseTo(listed.usd / 2, 12);
    const unlisted = priceOf(apiModel("deepinfra/Qwen/Qwen3-32B"), size());
    expect(unlisted.batchUsd).toBeCloseTo(unlisted.usd, 12);
  });

  it("falls off a cliff at the long-context tier: every token costs the higher rate", () => {
    const api = apiModel("openai/gpt-5.4");
    expect(priceOf(api, size({ inputTokens: 272_000, outputTokens: 0.001 })).usd).toBeCloseTo(272_000 * 2.5e-6, 6);
    expect(priceOf(api, size({ inputTokens: 272_001, outputTokens: 0.001 })).usd).toBeCloseTo(272_001 * 5e-6, 6);
  });

  it("follows announced changes from their day on", () => {
    const api = apiModel("google/gemini-4-argon");
    expect(priceOf(api, size(), "2026-11-30").usd).toBeCloseTo(12_000 / 1e6, 12);
    expect(priceOf(api, size(), "2026-12-01").usd).toBeCloseTo(24_000 / 1e6, 12);
  });

  it("doubles in peak hours of weekdays only", () => {
    const { interactiveUsd } = priceOf(apiModel("deepseek/deepseek-v4-flash"), size());
    const offPeak = (150 + 600) / 1e6;
    expect(interactiveUsd[2]).toBeCloseTo(2 * offPeak, 12);
    expect(interactiveUsd[5]).toBeCloseTo(offPeak, 12);
    expect(interactiveUsd[5 * 24 + 2]).toBeCloseTo(offPeak, 12);
  });

  it("splits an hour that a window cuts, and follows windows across midnight", () => {
    const api: ApiModel = {
      ...apiModel("openai/gpt-4o"),
      hourly: [
        { startUtc: "23:30", endUtc: "01:00", weekdaysOnly: false, inputUsdPerMillion: 5, outputUsdPerMillion: 20 },
      ],
    };
    const { interactiveUsd } = priceOf(api, size());
    expect((interactiveUsd[23] as number) / (interactiveUsd[12] as number)).toBeCloseTo(1.5, 9);
    expect((interactiveUsd[0] as number) / (interactiveUsd[12] as number)).toBeCloseTo(2, 9);
    expect((interactiveUsd[1] as number) / (interactiveUsd[12] as number)).toBeCloseTo(1, 9);
  });

  it("refuses a request beyond the context", () => {
    const api = apiModel("openai/gpt-4o");
    expect(requestPrice(api, size({ inputTokens: 130_000 }), TODAY)).toEqual({
      ok: false,
      reason: "a request of 131000 tokens is beyond the context of openai/gpt-4o (128000)",
    });
  });

  it("is positive, and never lower with more tokens or fewer cached ones, for every model of the catalogue", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...catalog.apiModels),
        fc.integer({ min: 1, max: 10_000 }),
        fc.integer({ min: 1, max: 4000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (api, inputTokens, outputTokens, cachedInputShare) => {
          const { usd, batchUsd } = priceOf(api, { inputTokens, outputTokens, cachedInputShare });
          expect(usd).toBeGreaterThan(0);
          expect(batchUsd).toBeLessThanOrEqual(usd * (1 + 1e-9));
          expect(priceOf(api, { inputTokens, outputTokens: outputTokens + 1, cachedInputShare }).usd).toBeGreaterThan(
            usd,
          );
          expect(priceOf(api, { inputTokens, outputTokens, cachedInputShare: 0 }).usd).toBeGreaterThanOrEqual(
            usd * (1 - 1e-9),
          );
        },
      ),
    );
  });
});
