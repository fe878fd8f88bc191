import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { queueState } from "../../../economics/capacity/queueing.ts";

const linear = (rate: number) => (running: number) => rate * running;

describe("the queue before a replica", () => {
  it("is M/M/1 when one request is served at a time", () => {
    const { inService, waitSeconds } = queueState(0.1, 1, linear(1));
    expect(inService).toBeCloseTo(0.1, 3);
    expect(waitSeconds).toBeCloseTo(0.1 / 0.9, 3);
  });

  it("turns nobody away far below saturation and most far above", () => {
    expect(queueState(1, 32, linear(1)).turnedAway).toBeLessThan(1e-9);
    expect(queueState(64, 32, linear(1)).turnedAway).toBeCloseTo(0.5, 3);
    expect(queueState(64, 32, linear(1)).throughput).toBeCloseTo(32, 3);
  });

  it("survives many sequences without overflow", () => {
    const { inService, waitSeconds } = queueState(900, 1024, linear(1));
    expect(inService).toBeCloseTo(900, 0);
    expect(Number.isFinite(waitSeconds)).toBe(true);
  });

  it("never waits less at a higher rate", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.double({ min: 0.05, max: 2, noNaN: true }),
        fc.double({ min: 1.01, max: 2, noNaN: true }),
        (limit, load, more) => {
          const calm = queueState(load * limit, limit, linear(1));
          const busy = queueState(load * limit * more, limit, linear(1));
          expect(busy.waitSeconds).toBeGreaterThanOrEqual(calm.waitSeconds - 1e-9);
          expect(busy.inService).toBeGreaterThanOrEqual(calm.inService - 1e-9);
        },
      ),
    );
  });
});
