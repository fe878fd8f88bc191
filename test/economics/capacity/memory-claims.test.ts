import { describe, expect, it } from "vitest";
import { checkMemoryClaim } from "../../../economics/capacity/memory-claims.ts";
import { model } from "../facts.ts";

describe("published minimums of GPU memory", () => {
  it.each([
    ["Mistral-7B", 16, 8, 4],
    ["Llama-3.1-70B", 140, 70, 35],
  ])("of dense models hold the weights and nothing else: %s", (name, half, eight, four) => {
    for (const [precision, claimed] of [
      ["bf16", half],
      ["fp8", eight],
      ["int4", four],
    ] as const) {
      const claim = checkMemoryClaim(model(name), precision, claimed * 1.1);
      expect(claim.ok, `${precision} ${claim.ok ? "" : claim.reason}`).toBe(true);
      if (claim.ok) expect(claim.value.leastGB).toBeGreaterThan(claim.value.weightsGB);
    }
  });

  it("of mixtures counted by active parameters are wrong by a factor of three", () => {
    expect(checkMemoryClaim(model("gpt-oss-120b"), "bf16", 80)).toEqual({
      ok: false,
      reason:
        "80 GB do not hold 238 GB of bf16 weights; all 128 experts are held, not only the 5.71 billion active parameters; at least 241 GB",
    });
    expect(checkMemoryClaim(model("GLM-4.5-Air"), "fp8", 40)).toMatchObject({
      ok: false,
      reason: expect.stringContaining("40 GB do not hold 109 GB"),
    });
    expect(checkMemoryClaim(model("GLM-4.5-Air"), "int4", 20)).toMatchObject({
      ok: false,
      reason: expect.stringContaining("20 GB do not hold 58 GB"),
    });
  });
});
