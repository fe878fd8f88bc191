import { describe, expect, it } from "vitest";
import { loadFigures, quantile, work } from "../../../bench/gateway/figures.ts";
import type { Slice } from "../../../bench/gateway/rounds.ts";
import { ANSWER_EVENTS } from "../../../bench/gateway/upstreams.ts";

const slice = (changes: Partial<Slice>): Slice => ({
  engine: "gateway",
  load: "many",
  answers: 10,
  byApi: 0,
  seconds: 1,
  milliseconds: [],
  cpuSeconds: 0.1,
  ...changes,
});

describe("figures of a run", () => {
  it("takes quantiles from what was measured, without interpolation", () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([quantile(values, 0.5), quantile(values, 0.99), quantile([7], 0.99)]).toEqual([50, 99, 7]);
  });

  it("pools latencies and work of all rounds, and takes the median of their rates", () => {
    const slices = [
      slice({ milliseconds: [1, 2], seconds: 1 }),
      slice({ milliseconds: [9], seconds: 2, cpuSeconds: 0.3 }),
      slice({ milliseconds: [3], seconds: 10, cpuSeconds: 0.2, byApi: 4 }),
      slice({ engine: "Envoy", milliseconds: [1000] }),
    ];
    const figures = loadFigures(slices, "gateway", "many");
    expect(figures).toMatchObject({ answers: 30, byApi: 4, answersPerSecond: 5, p50Ms: 2, p99Ms: 9 });
    expect(figures.cpuMsPerAnswer).toBeCloseTo(20);
  });

  it("knows no work of a process that is not there", () => {
    expect(
      loadFigures([slice({ engine: "direct", cpuSeconds: undefined })], "direct", "many").cpuMsPerAnswer,
    ).toBeUndefined();
  });

  it("takes the work of the request from that of its events", () => {
    const paced = slice({ load: "paced", answers: 1, cpuSeconds: 0.01 + 0.002 * ANSWER_EVENTS });
    const { perRequest, perEvent } = work([slice({}), paced], "gateway");
    expect(perRequest).toBeCloseTo(0.01);
    expect(perEvent).toBeCloseTo(0.002);
  });
});
