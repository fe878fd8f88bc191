import { describe, expect, it } from "vitest";
import { breakeven } from "./program.ts";

const TODAY = ["--today", "2026-11-21"];

describe("breakeven sources", () => {
  it("prints every claim, the contradiction first, without colours off a terminal", async () => {
    const { code, out } = await breakeven("sources", ...TODAY);
    expect(code).toBe(0);
    expect(out).toMatch(/^From which volume does owning pay\?/);
    await expect(out).toMatchFileSnapshot("../claims/golden/sources.txt");
  });

  it("prints single claims, in any case of the letters", async () => {
    const { code, out } = await breakeven("sources", "s3-4", "S4-5", ...TODAY);
    expect([code, out.match(/^S\d-\d/gm)]).toEqual([0, ["S3-4", "S4-5"]]);
  });

  it("prints the same as JSON", async () => {
    const json = JSON.parse((await breakeven("sources", "--json", ...TODAY)).out);
    expect(json).toMatchObject({ schema: "breakeven/sources/v1", today: "2026-11-21" });
    expect(json.claims).toHaveLength(38);
    expect(json.contradiction.factor).toBeCloseTo(375, 9);
    expect(Object.keys(json.articles)).toEqual(["S0", "S1", "S2", "S3", "S4"]);
    const [one] = JSON.parse((await breakeven("sources", "S0-2", "--json", ...TODAY)).out).claims;
    expect(one).toEqual(json.claims.find(({ id }: { id: string }) => id === "S0-2"));
  });

  it.each([
    [["S9-9", "S0-99"], 2, 'unknown claim "S9-9"; nearest known: S2-9, S4-9\n  unknown claim "S0-99"'],
    [["--yaml"], 2, "--yaml"],
    [["--today", "yesterday"], 1, '--today "yesterday" is not a day'],
  ])("says what is wrong with %j", async (args, code, message) => {
    const result = await breakeven("sources", ...args);
    expect([result.code, result.out]).toEqual([code, ""]);
    expect(result.err).toContain(message);
  });
});
