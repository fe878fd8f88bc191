import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MeasuredFile } from "../../config/measured.ts";
import { trafficIsProven } from "../../policies/traffic-is-proven.ts";
import { platform, resourceViolations, stackConfig } from "./graphs.ts";

let file: string;
beforeAll(() => {
  file = join(mkdtempSync(join(tmpdir(), "breakeven-evidence-")), "prod.json");
});
afterAll(() => rmSync(join(file, ".."), { recursive: true, force: true }));

const measured: MeasuredFile = {
  schema: "breakeven/measured/v1",
  environment: "prod",
  from: "2026-08-23",
  to: "2026-11-20",
  days: 90,
  coverage: 1,
  complete: true,
  problems: [],
  source: { kind: "prometheus", of: "http://prometheus", detail: {} },
  tasks: {
    "support-chat": {
      requestsPerDay: 580_000,
      inputTokensPerRequest: 1800,
      outputTokensPerRequest: 300,
      cachedInputShare: 0.3,
    },
  },
};

const violations = (content: string) => {
  writeFileSync(file, content);
  const config = stackConfig("prod", (raw) => {
    raw.measured = file;
    delete raw.tasks["support-chat"]?.evidence;
  });
  return resourceViolations(trafficIsProven, platform(config));
};

describe("traffic-is-proven with a measured file", () => {
  it("accepts a declared volume that was measured", async () => {
    expect(await violations(JSON.stringify(measured))).toEqual([]);
  });

  it.each([
    ["incomplete", { complete: false, problems: ["a gap"] }, "is incomplete: a gap"],
    ["too short", { days: 60 }, "holds 60 days; at least 90 are needed"],
    ["of another stack", { environment: "staging" }, "is of staging, not of prod"],
    ["from the future", { to: "2027-01-01" }, "ends on 2027-01-01, which lies after"],
    ["without the task", { tasks: {} }, "has no task support-chat"],
    [
      "far below the declared volume",
      { tasks: { "support-chat": { ...measured.tasks["support-chat"], requestsPerDay: 400_000 } } },
      "requestsPerDay is 600,000 and",
    ],
  ])("refuses one that is %s", async (_, changes, message) => {
    expect(await violations(JSON.stringify({ ...measured, ...changes }))).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    ["is no JSON", "{", "is not JSON"],
    ["has another shape", "{}", "is not what breakeven measure writes"],
  ])("refuses one that %s", async (_, content, message) => {
    expect(await violations(content)).toEqual([expect.stringContaining(message)]);
  });

  it("refuses one that is not there", async () => {
    const config = stackConfig("prod", (raw) => {
      raw.measured = "measured/nothing.json";
    });
    expect(await resourceViolations(trafficIsProven, platform(config))).toEqual([
      "breakeven:platform.measured: measured/nothing.json cannot be read (ENOENT); write it with breakeven measure",
    ]);
  });
});
