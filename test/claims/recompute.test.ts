import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { ARTICLES } from "../../claims/articles.ts";
import type { Facts } from "../../claims/claim.ts";
import { CLAIMS } from "../../claims/recompute.ts";
import { savedShares } from "../../claims/stacks.ts";
import { claim, facts, result } from "./facts.ts";

/** The committed facts with the price of one API model changed. */
const withPrice = (name: string, inputUsdPerMillion: number, outputUsdPerMillion: number): Facts => {
  const { catalog } = facts;
  const changed = (api: (typeof catalog.apiModels)[number]) =>
    api.name === name ? { ...api, tiers: [{ aboveInputTokens: 0, inputUsdPerMillion, outputUsdPerMillion }] } : api;
  return {
    ...facts,
    catalog: {
      ...catalog,
      apiModels: catalog.apiModels.map(changed),
      apiModel: (wanted) => {
        const found = catalog.apiModel(wanted);
        return found.ok ? { ok: true, value: changed(found.value) } : found;
      },
    },
  };
};

const amount = (id: string, what: string): number => {
  const found = claim(id).figures.find((figure) => figure.what === what)?.ours;
  if (found === undefined) throw new Error(`${id} has no figure "${what}"`);
  return found[0];
};

describe("the claims", () => {
  it("are numbered without a gap, article by article", () => {
    const numbers = { S0: 7, S1: 8, S2: 9, S3: 5, S4: 9 };
    const ids = Object.entries(numbers).flatMap(([article, count]) =>
      Array.from({ length: count }, (_, index) => `${article}-${index + 1}`),
    );
    expect(CLAIMS.map(({ id }) => id)).toEqual(ids);
    expect(Object.keys(ARTICLES)).toEqual(Object.keys(numbers));
  });

  it("all say what they say, and why, in words and finite numbers", () => {
    for (const { id, says, published, ours, reason, figures } of result.claims) {
      for (const text of [says, published, ours, reason]) expect(text, id).toMatch(/\S/);
      expect([published, ours, reason].join(" "), id).not.toMatch(/NaN|Infinity|undefined|null|no verdict/);
      for (const { ours: range } of figures) expect((range ?? [0]).every(Number.isFinite), id).toBe(true);
    }
  });
});

describe("prices", () => {
  it("follow the catalogue: a price that is as published again is reproduced", () => {
    const figures = claim("S0-1", withPrice("anthropic/claude-3-5-haiku-latest", 1, 5)).figures;
    const haiku = (of: typeof figures) =>
      of.filter(({ what }) => what.startsWith("Claude 3.5 Haiku")).map(({ holds }) => holds);
    expect(haiku(figures)).toEqual([true, true]);
    expect(haiku(claim("S0-1").figures)).toEqual([false, false]);
  });

  it("solve for the input share: a quarter, for all three models", () => {
    expect(claim("S0-2")).toMatchObject({ status: "reproduced", ours: "12 of 12 at 25 % input" });
    expect(claim("S0-2").reason).toContain("each model's totals need 25 % input");
  });

  it("of GPT-4o at 10 M tokens a day come to $3,000 a month", () => {
    expect(claim("S1-1").status).toBe("reproduced");
    expect(amount("S1-2", "a month")).toBeCloseTo(3000, 6);
  });

  it("of a fully busy GPU do not stretch: 100 M requests take ten", () => {
    expect(amount("S3-1", "GPUs, 100,000,000 requests")).toBe(18_000);
    expect(claim("S3-1").figures.filter(({ holds }) => !holds)).toHaveLength(1);
  });

  it("fall as the catalogue says", () => {
    expect(claim("S1-8").ours).toBe("38 %");
    expect(claim("S1-8", withPrice("openai/gpt-4o", 2, 6)).status).toBe("reproduced");
  });
});

describe("hardware", () => {
  it("of mixtures is sized by all experts, whatever the format", () => {
    const mixtures = claim("S0-3").figures.filter(({ what }) => what.includes("mixture"));
    expect(mixtures).toHaveLength(15);
    for (const { holds, published, ours } of mixtures) {
      expect(holds).toBe(false);
      expect(ours?.[0]).toBeGreaterThan(1.3 * published[1]);
    }
  });

  it("that is named for three of five models does not hold their weights", () => {
    const memory = claim("S1-4").figures.filter(({ unit }) => unit.startsWith("GB"));
    expect(memory.filter(({ holds }) => !holds).map(({ what }) => what)).toEqual([
      "Llama-3.1-405B on 8x H100-SXM",
      "Mixtral-8x22B on 2x A100-80-SXM",
      "Qwen2.5-72B on 2x H100-SXM",
    ]);
  });

  it("at 1,000 requests a minute is busy for 167 hours of 10 M requests", () => {
    expect(amount("S1-3", "10 M requests, busy hours only")).toBeCloseTo((10_000_000 / 1000 / 60) * 200, 6);
  });
});

describe("owned hardware", () => {
  it("of all sizes comes out at one purchase price, and no A100-40 is rented that cheaply without spot", () => {
    const { figures } = claim("S4-2");
    expect(figures.filter(({ what }) => what.includes("owned")).map(({ holds }) => holds)).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(figures.filter(({ holds }) => !holds).map(({ what }) => what)).toEqual(["7-9B, 1x A100-40, rent"]);
  });
});

describe("break-evens", () => {
  it("contradict each other by a factor of 375", () => {
    const { claims, factor } = result.contradiction;
    expect(factor).toBeCloseTo(375, 9);
    const lows = claims.map(({ published }) => published[0]);
    expect(lows).toEqual(lows.toSorted((a, b) => a - b));
    expect(claims.every(({ id }) => CLAIMS.some((known) => known.id === id))).toBe(true);
  });

  it("of this repository's plans differ as much, each with its own traffic", () => {
    const { stacks } = result.contradiction;
    expect(stacks.map(({ file }) => file)).toContain("examples/fintech-hybrid.yaml");
    expect(stacks.some(({ breakEvenTokensPerDay }) => breakEvenTokensPerDay === undefined)).toBe(true);
  });

  it("of the calculator: the published amount is one set-up instalment too high", () => {
    expect(1236.11 - amount("S3-4", "own, as its formula says")).toBeCloseTo((40 * 100) / 12, 2);
    expect(claim("S3-4").reason).toContain("a GPU held all month makes it $2,658.33, saving $7,341.67");
  });

  it("of the scenarios: only the first is wrong", () => {
    expect(amount("S4-5", "A, 1 M tokens a day")).toBeCloseTo(7.5, 9);
    expect(
      claim("S4-5")
        .figures.filter(({ holds }) => !holds)
        .map(({ what }) => what),
    ).toEqual(["A, 1 M tokens a day"]);
  });
});

describe("claims about whole deployments", () => {
  it("are not computable without a stack to look at", () => {
    const alone = { ...facts, stacks: facts.stacks.filter(({ decision }) => decision.kind === "rent") };
    for (const id of ["S0-4", "S2-2"]) {
      expect(claim(id, alone).status).toBe("not computable");
      expect(claim(id).figures.length).toBeGreaterThan(5);
    }
  });
});

describe("the reasons", () => {
  it.each(["support-chat", "fintech-hybrid"])(
    "are true of %s: renting the small model saves more than owning it",
    (name) => {
      const saved = savedShares(facts, name);
      expect(saved?.hosted).toBeGreaterThan(saved?.owning ?? 1);
      expect(saved?.hosted).toBeGreaterThan(0.7);
    },
  );

  it("are true of the spot year: idle hours are on the bill", () => {
    expect(claim("S2-1")).toMatchObject({ status: "reproduced", ours: "$10,118/year" });
    expect(claim("S2-1").reason).toContain("Held all year it costs $14,454");
  });
});

describe("the published router", () => {
  it("raises an error: Python refuses a boolean as part of a string", () => {
    const code = "any(p in 'i am not sure' for p in ['not sure']) in 'i am not sure'";
    expect(() => execFileSync("python3", ["-c", code], { stdio: "pipe" })).toThrow(/TypeError/);
    expect(claim("S4-7").status).toBe("not reproduced");
  });
});
