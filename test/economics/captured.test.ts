import { describe, expect, it } from "vitest";
import { sumUsd } from "../../economics/bill.ts";
import { capturedAnswers } from "../../economics/captured.ts";
import { decide } from "../../economics/decide.ts";
import type { PlannedItem } from "../../economics/planned.ts";
import { DAYS_PER_MONTH } from "../../economics/units.ts";
import { TODAY, task } from "./facts.ts";
import { input, nodes } from "./plans.ts";

const region = "us-east-1";
const of = { kind: "usage", resource: "captured answers", region } as const;
const storage: PlannedItem = {
  ...of,
  label: "storage",
  sku: "s3-standard-gb-month",
  driver: "captured",
  unitsEach: 90 / DAYS_PER_MONTH,
};
const writes: PlannedItem = {
  ...of,
  label: "writes",
  sku: "s3-put-1000",
  driver: "captured-answers",
  unitsEach: 1 / 1000,
};

function captureUsd(share: number | undefined, items: readonly PlannedItem[], requestsPerDay = 600_000): number {
  const capture = share === undefined ? undefined : { share };
  const decision = decide(input({ items: [nodes(), ...items], tasks: { chat: task({ requestsPerDay, capture }) } }));
  if (!("projection" in decision)) throw new Error(decision.kind);
  return sumUsd(decision.projection.owning.filter(({ label }) => /captured answers/.test(label)));
}

describe("captured answers", () => {
  it("are as large as prompt and answer, and as many as are sampled", () => {
    expect(capturedAnswers(task({ capture: { share: 0.1 } }))).toEqual({
      answers: 0.1,
      gigabytes: 0.1 * ((1000 + 200) * 5 + 400) * 1e-9,
    });
    expect(capturedAnswers(task())).toEqual({ answers: 0, gigabytes: 0 });
  });

  it("cost storage for as long as they are kept, and a write each at most", () => {
    const answers = 600_000 * DAYS_PER_MONTH * 0.1;
    const gigabytes = answers * 6400e-9;
    expect(captureUsd(0.1, [storage, writes])).toBeCloseTo(
      gigabytes * (90 / DAYS_PER_MONTH) * 0.023 + (answers / 1000) * 0.005,
      6,
    );
    expect(captureUsd(undefined, [storage, writes])).toBe(0);
    expect(captureUsd(0, [storage, writes])).toBe(0);
  });

  it("cost in proportion to traffic and share, growth included", () => {
    const one = captureUsd(0.1, [storage, writes]);
    expect(captureUsd(0.2, [storage, writes])).toBeCloseTo(2 * one, 6);
    expect(captureUsd(0.1, [storage, writes], 300_000)).toBeCloseTo(one / 2, 6);
  });

  it("cost what is stated of a store that is there", () => {
    const stated: PlannedItem = {
      kind: "stated-usage",
      resource: "captured answers",
      label: "storage",
      driver: "captured",
      usdEach: 2,
      provenance: { source: "contract 12", date: TODAY },
    };
    const gigabytes = 600_000 * DAYS_PER_MONTH * 6400e-9;
    expect(captureUsd(1, [stated])).toBeCloseTo(2 * gigabytes, 6);
  });

  it("have no price in a region whose prices are not known, which refuses the plan", () => {
    const items = [storage, writes].map((item) => ({ ...item, region: "ap-south-2" }) as PlannedItem);
    const decision = decide(input({ items: [nodes(), ...items] }));
    expect(decision.kind).toBe("unpriced");
    expect(JSON.stringify(decision)).toMatch(/s3-standard-gb-month.*ap-south-2/);
  });
});
