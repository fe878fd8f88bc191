import { describe, expect, it } from "vitest";
import { chooseZones, zoneIndexes } from "../../components/zones.ts";

const available = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"];

describe("chooseZones", () => {
  it("takes the first zones by name", () => {
    expect(chooseZones(available, 2)).toEqual(["us-east-1a", "us-east-1b"]);
  });

  it("includes the required zones, in order of their names", () => {
    expect(chooseZones(available, 2, ["us-east-1d", "us-east-1d"])).toEqual(["us-east-1a", "us-east-1d"]);
  });

  it.each([
    [2, ["us-east-1f"], "zones us-east-1f cannot be used; available: us-east-1a"],
    [2, ["us-east-1a", "us-east-1b", "us-east-1c"], "raise zones"],
    [5, [], "has 4 usable zones"],
  ])("refuses %i zones with %j required", (count, required, message) => {
    expect(() => chooseZones(available, count, required)).toThrow(message);
  });
});

describe("zoneIndexes", () => {
  const place = { pool: "h100", instanceType: "p5.48xlarge", wanted: [], offered: undefined };

  it("finds the zones of a pool among those of the network", () => {
    expect(zoneIndexes(available, { ...place, wanted: ["us-east-1c"] })).toEqual([2]);
    expect(zoneIndexes(available, place)).toEqual([0, 1, 2, 3]);
  });

  it("takes only zones that have the instance type when none is named", () => {
    expect(zoneIndexes(available, { ...place, offered: ["us-east-1b", "us-east-1d", "us-east-1f"] })).toEqual([1, 3]);
  });

  it.each([
    [
      "a named zone that lacks the type",
      { wanted: ["us-east-1a", "us-east-1b"], offered: ["us-east-1b", "us-east-1f"] },
      "pools.h100.zones: us-east-1a without p5.48xlarge; zones that have it: us-east-1b, us-east-1f",
    ],
    [
      "a network none of whose zones has it",
      { offered: ["us-east-1f"] },
      "pools.h100.zones: us-east-1a, us-east-1b, us-east-1c, us-east-1d without p5.48xlarge; zones that have it: us-east-1f",
    ],
    ["a region without it", { offered: [] }, "none of the region, choose another type"],
    [
      "a zone outside the network",
      { wanted: ["us-east-1f"], offered: ["us-east-1f"] },
      "pools.h100.zones: us-east-1f is not part of the network (us-east-1a, us-east-1b, us-east-1c, us-east-1d)",
    ],
  ])("refuses %s", (_, changes, message) => {
    expect(() => zoneIndexes(available, { ...place, ...changes })).toThrow(message);
  });
});
