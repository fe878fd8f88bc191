import { describe, expect, it } from "vitest";
import { type Expectation, judge, judgementTable, section } from "../../sandbox/expectations.ts";
import { type Outcome, OutcomeRecorder, type Violation } from "../../sandbox/outcome.ts";

const BLOCKED: Expectation = { stack: "overbuilt", blockedBy: "cheaper-than-api", shows: "" };
const PASSES: Expectation = { stack: "dev", shows: "" };
const outcome = (over: Partial<Outcome>): Outcome => ({
  verdict: "ok",
  text: "",
  violations: [],
  errors: [],
  changes: {},
  seconds: 1.25,
  ...over,
});
const violation = (policy: string, enforcement: Violation["enforcement"] = "mandatory"): Violation => ({
  policy,
  enforcement,
  message: "",
});

describe("judging an outcome", () => {
  it("wants a pass where nothing may block", () => {
    expect(judge(PASSES, outcome({ violations: [violation("x", "advisory")] })).isAsExpected).toBe(true);
    expect(judge(PASSES, outcome({ verdict: "blocked", violations: [violation("x")] }))).toMatchObject({
      isAsExpected: false,
      got: "blocked by x",
    });
  });

  it("wants the very policy that must block", () => {
    const by = (policy: string): Outcome => outcome({ verdict: "blocked", violations: [violation(policy)] });
    expect(judge(BLOCKED, by("cheaper-than-api")).isAsExpected).toBe(true);
    expect(judge(BLOCKED, by("other")).isAsExpected).toBe(false);
    expect(judge(BLOCKED, outcome({ violations: [violation("cheaper-than-api", "advisory")] })).isAsExpected).toBe(
      false,
    );
  });

  it("does not count a failure as blocked, even beside the right violation", () => {
    const failed = outcome({ verdict: "failed", violations: [violation("cheaper-than-api")], errors: ["boom\nat x"] });
    expect(judge(BLOCKED, failed)).toMatchObject({ isAsExpected: false, got: "failed: boom" });
  });

  it("lays the results out as a table", () => {
    const table = judgementTable([judge(PASSES, outcome({})), judge(BLOCKED, outcome({}))]);
    expect(table.split("\n")).toEqual([
      "   stack      expected                     got   seconds",
      "✔  dev        pass                         pass  1.3",
      "✘  overbuilt  blocked by cheaper-than-api  pass  1.3",
    ]);
  });
});

describe("the engine's text", () => {
  it("gives its sections, coloured or not", () => {
    const text = "x\n\u001b[1mPolicies:\u001b[0m\n    a\n\nDiagnostics:\n    b\n\nResources:\n    c\n";
    expect(section(text, "Policies")).toContain("    a");
    expect(section(text, "Policies")).not.toContain("Diagnostics");
    expect(section(text, "Diagnostics")).toBe("Diagnostics:\n    b");
    expect(section("", "Policies")).toBe("");
  });
});

describe("recording an outcome", () => {
  const record = (errorMessage?: string): Outcome => {
    const recorder = new OutcomeRecorder();
    const envelope = { sequence: 0, timestamp: 0 };
    const policy = { policyPackName: "p", policyPackVersion: "1", policyPackVersionTag: "1", color: "never" };
    recorder.onEvent({
      ...envelope,
      policyEvent: { ...policy, message: "<{%reset%}>too dear\n", policyName: "x", enforcementLevel: "mandatory" },
    });
    const severity = "error" as const;
    recorder.onEvent({ ...envelope, diagnosticEvent: { message: "preview failed\n", color: "never", severity } });
    if (errorMessage) {
      recorder.onEvent({ ...envelope, diagnosticEvent: { message: errorMessage, color: "never", severity } });
    }
    return recorder.finish(new Error("exit 1"));
  };

  it("is blocked when policies are the only reason", () => {
    expect(record()).toMatchObject({ verdict: "blocked", errors: [], violations: [{ message: "too dear" }] });
  });

  it("is failed when anything else went wrong too", () => {
    expect(record("no such type")).toMatchObject({ verdict: "failed", errors: ["no such type"] });
  });

  it("is failed with the engine's own words when it ends without events", () => {
    const ended = new OutcomeRecorder().finish(new Error("code: 255\nerror: no plugin\nmore"));
    expect(ended).toMatchObject({ verdict: "failed", errors: ["error: no plugin"] });
  });
});
