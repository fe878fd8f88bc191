import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gatewaySizes, gatewaySizeText, streamIntervals } from "../../config/gateway-size.ts";
import type { PlatformConfig } from "../../config/platform.ts";
import { stackConfig } from "../policies/graphs.ts";

const prod = stackConfig("prod");

/** The production stack with so many times its traffic. */
const busier = (times: number, config = prod): PlatformConfig => ({
  ...config,
  tasks: Object.fromEntries(
    Object.entries(config.tasks).map(([name, task]) => [
      name,
      { ...task, requestsPerDay: task.requestsPerDay * times },
    ]),
  ),
});
const only = <T>([first]: readonly T[]): T => {
  if (first === undefined) throw new Error("there is none");
  return first;
};

describe("the size of a gateway", () => {
  it("is what the busiest hour takes, said in one line", () => {
    expect(gatewaySizeText(prod)).toMatchInlineSnapshot(`
      [
        "gateway: 2 pods for 12 requests/s and 1,479 events/s at the peak, 2 cores; tokens per event: support 3",
      ]
    `);
    expect(gatewaySizeText(busier(20))).toMatchInlineSnapshot(`
      [
        "gateway: 30 pods for 246 requests/s and 20,700 events/s at the peak, 29 cores; tokens per event: support 5",
      ]
    `);
    expect(gatewaySizeText(stackConfig("onprem"))).toMatchInlineSnapshot(`
      [
        "gateway of restricted tasks: 2 pods for 2.4 requests/s and 1,208 events/s at the peak, 1.5 cores; tokens per event: case-files 1",
      ]
    `);
  });

  it("adds requests and events up: a core does 83 requests or 1,250 events a second", () => {
    const flat = { ...only(Object.values(prod.tasks)), week: "flat" as const, batchableShare: 0, selfHosted: [] };
    const of = (requestsPerDay: number, outputTokensPerRequest: number) =>
      only(gatewaySizes({ ...prod, tasks: { one: { ...flat, requestsPerDay, outputTokensPerRequest } } }));
    const day = 86_400;
    expect(of(100 * day, 100).peakCores).toBeCloseTo(1.5 * (100 * 0.012 + 10_000 * 0.0008), 6);
    expect(of(100 * day, 100)).toMatchObject({ replicas: 14, maxReplicas: 28 });
    // Alone events take a core at 1,250 a second; requests beside them leave less.
    expect(of(day, 1e6).eventsPerSecondPerPod).toBeCloseTo(0.6 * 1250, 0);
    expect(of(day, 15).eventsPerSecondPerPod).toBeCloseTo(0.6 * 625, 6);
  });

  it("grows with traffic and never below what is configured", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 500, noNaN: true }), fc.double({ min: 1, max: 10, noNaN: true }), (a, b) => {
        const [less, more] = [only(gatewaySizes(busier(a))), only(gatewaySizes(busier(a * b)))];
        expect(less.replicas).toBeGreaterThanOrEqual(prod.gateway.replicas);
        expect(more.replicas).toBeGreaterThanOrEqual(less.replicas);
        expect(less.maxReplicas).toBeGreaterThanOrEqual(less.replicas);
      }),
    );
  });
});

describe("tokens per event", () => {
  it("are one until the pods that are there anyway cannot carry the peak, and then as few as let them", () => {
    let before = 1;
    for (let times = 1; times <= 64; times *= 2) {
      const config = busier(times);
      const { support = 0 } = streamIntervals(config);
      expect(support).toBeGreaterThanOrEqual(before);
      before = support;
      if (support === 1) continue;
      const models = Object.fromEntries(
        Object.entries(config.models).map(([name, model]) => [
          name,
          { ...model, serving: { ...model.serving, streamInterval: support - 1 } },
        ]),
      );
      expect(only(gatewaySizes({ ...config, models })).peakCores).toBeGreaterThan(config.gateway.replicas);
    }
    expect(before).toBeGreaterThan(1);
  });

  it("pause no stream for more than a quarter of a second at its latency target, however busy it gets", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (tpotMs) => {
        const models = Object.fromEntries(
          Object.entries(prod.models).map(([name, model]) => [name, { ...model, slo: { ...model.slo, tpotMs } }]),
        );
        for (const tokens of Object.values(streamIntervals({ ...busier(1000), models }))) {
          expect(tokens === 1 || tokens * tpotMs <= 250).toBe(true);
          expect(tokens).toBeLessThanOrEqual(10);
        }
      }),
    );
  });

  it("are what the config says where it says so", () => {
    const models = Object.fromEntries(
      Object.entries(prod.models).map(([name, model]) => [
        name,
        { ...model, serving: { ...model.serving, streamInterval: 7 } },
      ]),
    );
    expect(streamIntervals({ ...prod, models })).toEqual({ support: 7 });
  });
});
