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
  it("finds the zones of a pool among those of the network", () => {
    expect(zoneIndexes(available, ["us-east-1c"])).toEqual([2]);
    expect(zoneIndexes(available, [])).toEqual([0, 1, 2, 3]);
  });

  it("names the zones of the network when one is not among them", () => {
    expect(() => zoneIndexes(["us-east-1a"], ["us-east-1b"])).toThrow("not part of the network (us-east-1a)");
  });
});
