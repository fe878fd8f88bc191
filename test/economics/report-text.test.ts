import { describe, expect, it } from "vitest";
import { type Compared, type DecisionInput, decide } from "../../economics/decide.ts";
import { REPORT_COLUMNS, REPORT_LINES, reportText } from "../../economics/report-text.ts";
import { served, task } from "./facts.ts";
import { input, nodes, service } from "./plans.ts";

function text(changes: Partial<DecisionInput>): string {
  const given = input(changes);
  return reportText(decide(given) as Compared, given, 'platform "breakeven", as declared');
}

const onDemand = { kind: "instance", region: "us-east-1", instanceType: "p5.48xlarge", purchase: "on-demand" } as const;

describe("report text", () => {
  it("of a plan that passes", async () => {
    await expect(text({ tasks: { chat: task({ requestsPerDay: 800_000 }) } })).toMatchFileSnapshot("golden/pass.txt");
  });

  it("of an over-built plan names the shrinking that mends it", async () => {
    const models = [served({ maxReplicas: 24 })];
    await expect(text({ items: [nodes({ maxNodes: 3, hardware: onDemand })], models })).toMatchFileSnapshot(
      "golden/block-with-remedy.txt",
    );
  });

  it("of a hopeless plan says to stay", async () => {
    await expect(text({ tasks: { chat: task({ requestsPerDay: 500 }) } })).toMatchFileSnapshot("golden/block-stay.txt");
  });

  it("stays within 25 lines of 100 columns, however many lines and tasks there are", () => {
    const many = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`task-with-a-long-name-${index}`, task({ requestsPerDay: 500 })]),
    );
    const items = [
      nodes(),
      ...Array.from({ length: 30 }, (_, index) =>
        service(`service ${index} with a rather long label`, "nat-gateway-hour", 730 * index),
      ),
    ];
    const lines = text({ tasks: many, items }).split("\n");
    expect(lines.length).toBeLessThanOrEqual(REPORT_LINES);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(REPORT_COLUMNS);
    expect(lines.some((line) => line.startsWith("remedy"))).toBe(true);
  });
});
