import { describe, expect, it } from "vitest";
import { claimsText, headline, recomputationText, TABLE_COLUMNS } from "../../claims/text.ts";
import { result } from "./facts.ts";

describe("the table of claims", () => {
  it("reads as the golden file, the contradiction first", async () => {
    const text = recomputationText(result);
    expect(text.startsWith(headline(result.contradiction))).toBe(true);
    await expect(`${text}\n`).toMatchFileSnapshot("golden/sources.txt");
  });

  it("fits its columns and clips nothing", () => {
    const text = recomputationText(result);
    for (const line of text.split("\n")) expect(line.length, line).toBeLessThanOrEqual(TABLE_COLUMNS);
    expect(text).not.toContain("…");
  });

  it("paints each status once and keeps the columns", () => {
    const painted = claimsText(result.claims, (_, text) => `«${text}»`);
    expect(painted.match(/^S\d-\d {2}«(not )?(reproduced|computable)»/gm)).toHaveLength(result.claims.length);
    expect(painted.replace(/[«»]/g, "")).toBe(claimsText(result.claims));
  });
});
