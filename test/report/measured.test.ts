import { expect, it } from "vitest";
import type { MeasuredFile } from "../../config/measured.ts";
import { reportMarkdown } from "../../report/markdown.ts";
import { measuredTraffic } from "../../report/measured.ts";
import { measuredSection } from "../../report/page/measured-section.ts";
import { stackConfig } from "../policies/graphs.ts";
import { reportOf } from "./stacks.ts";

const measured = {
  from: "2026-08-01",
  to: "2026-10-29",
  days: 90,
  coverage: 0.998,
  complete: true,
  source: { kind: "prometheus", of: "http://prometheus:9090" },
  tasks: {
    "support-chat": {
      requestsPerDay: 450_000,
      inputTokensPerRequest: 1800,
      outputTokensPerRequest: 310,
      cachedInputShare: 0.15,
      answeredShare: 0.999,
    },
    unknown: { requestsPerDay: 1, inputTokensPerRequest: 1, outputTokensPerRequest: 1, cachedInputShare: 0 },
  },
} as unknown as MeasuredFile;
const traffic = measuredTraffic(stackConfig("prod").tasks, measured);

it("sets forecast beside measured, task by task; what was not measured has no row", () => {
  expect(traffic.rows).toEqual([
    { task: "support-chat", quantity: "requests per day", isShare: false, forecast: 600_000, measured: 450_000 },
    { task: "support-chat", quantity: "input tokens", isShare: false, forecast: 1800, measured: 1800 },
    { task: "support-chat", quantity: "output tokens", isShare: false, forecast: 300, measured: 310 },
    { task: "support-chat", quantity: "cached input", isShare: true, forecast: 0.3, measured: 0.15 },
    { task: "support-chat", quantity: "answered", isShare: true, forecast: 1, measured: 0.999 },
  ]);
});

it("stands on the page and in the comment", () => {
  expect(measuredSection(traffic).text).toMatch(/450,000.*75\.0 %/s);
  const { report } = reportOf("prod");
  const comment = reportMarkdown({ ...report, measured: traffic });
  expect(comment).toContain("Measured 2026-08-01 to 2026-10-29, 99.8 % of it, prometheus http://prometheus:9090");
  expect(comment).toContain("| support-chat, requests per day | 600,000 | 450,000 | 75.0 % |");
  expect(reportMarkdown(report)).not.toContain("Measured");
});
