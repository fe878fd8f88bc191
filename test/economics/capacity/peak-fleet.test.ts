import { expect, it } from "vitest";
import { fleetForPeak } from "../../../economics/capacity/peak-fleet.ts";

const rate = { pessimistic: 0.8, median: 1, optimistic: 1.25 };

it("packs small replicas into nodes", () => {
  expect(fleetForPeak(9.5, rate, 1, 8)).toMatchObject({
    replicas: { pessimistic: 12, median: 10, optimistic: 8 },
    nodes: { pessimistic: 2, median: 2, optimistic: 1 },
  });
});

it("leaves no part of a node to a replica that needs more", () => {
  expect(fleetForPeak(2, rate, 3, 8).nodes).toMatchObject({ median: 1, pessimistic: 2 });
});

it("gives whole nodes to a replica larger than one", () => {
  expect(fleetForPeak(2, rate, 16, 8).nodes).toMatchObject({ median: 4 });
});

it("keeps one replica where there is next to no traffic", () => {
  expect(fleetForPeak(0, rate, 1, 8).replicas.median).toBe(1);
});
