import { describe, expect, it } from "vitest";
import { EXAMPLES_FILE, examplesText, headerOf } from "../../cli/examples-page.ts";
import { SOURCES_FILE, sourcesText } from "../../cli/sources-page.ts";
import { staleness } from "../../config/generated-file.ts";

describe("a generated page", () => {
  it.each([
    ["docs/sources.md", SOURCES_FILE, sourcesText, "node cli/sources-page.ts"],
    ["examples/README.md", EXAMPLES_FILE, examplesText, "node cli/examples-page.ts"],
  ])("is current: %s", (_, file, text, command) => {
    expect(staleness(file, text(), command)).toBeUndefined();
  });

  it("takes its paragraphs from the comment a stack file begins with", () => {
    const yaml =
      "# One\n# line.\n# Claim: S1-1.\n# Verdict: PASS, as\n# it must.\n# yaml-language-server: x\nconfig:\n";
    expect(headerOf(yaml)).toEqual(["One line.", "Claim: S1-1.", "Verdict: PASS, as it must."]);
  });
});
