import { describe, expect, it } from "vitest";
import { amiType } from "../../components/node-ami.ts";
import { capacityType, checkCapacityBlock, type InstancePool, scaling } from "../../components/node-group-shape.ts";
import { poolSchema } from "../../config/pool.ts";

const pool = (hardware: object, rest: object = {}) =>
  poolSchema.parse({
    hardware: { kind: "instance", instanceType: "p5.48xlarge", ...hardware },
    maxNodes: 4,
    ...rest,
  }) as InstancePool;

describe("capacityType", () => {
  it.each([
    ["on-demand", "ON_DEMAND"],
    ["commit-1y", "ON_DEMAND"],
    ["commit-3y", "ON_DEMAND"],
    ["spot", "SPOT"],
    ["capacity-block", "CAPACITY_BLOCK"],
  ] as const)("asks for %s nodes as %s", (purchase, expected) => {
    expect(capacityType(purchase)).toBe(expected);
  });
});

describe("amiType", () => {
  it.each([
    ["p5.48xlarge", "gpu", "AL2023_x86_64_NVIDIA"],
    ["g6e.xlarge", "gpu", "AL2023_x86_64_NVIDIA"],
    ["g4dn.xlarge", "gpu", "AL2023_x86_64_NVIDIA"],
    ["p6-b200.48xlarge", "gpu", "AL2023_x86_64_NVIDIA"],
    ["p6e-gb200.36xlarge", "gpu", "AL2023_ARM_64_NVIDIA"],
    ["g5g.xlarge", "gpu", "AL2023_ARM_64_NVIDIA"],
    ["m7i.large", "system", "AL2023_x86_64_STANDARD"],
    ["m8g.large", "system", "AL2023_ARM_64_STANDARD"],
    ["c7gn.large", "system", "AL2023_ARM_64_STANDARD"],
  ] as const)("runs %s %s nodes on %s", (instanceType, use, expected) => {
    expect(amiType(instanceType, use)).toBe(expected);
  });

  it("runs GPU nodes on Bottlerocket where the pool says so", () => {
    expect(amiType("p5.48xlarge", "gpu", "bottlerocket")).toBe("BOTTLEROCKET_x86_64_NVIDIA");
  });
});

describe("scaling", () => {
  it("keeps a fixed pool full", () => {
    expect(scaling(pool({}, { minNodes: 1 }))).toEqual({ minSize: 4, desiredSize: 4, maxSize: 4 });
  });
});

describe("checkCapacityBlock", () => {
  const block = { purchase: "capacity-block", capacityReservationId: "cr-0123456789abcdef0" };

  it("accepts a block with its reservation and zone, and pools without one", () => {
    expect(() => checkCapacityBlock("h100", pool(block, { zones: ["us-east-1a"] }))).not.toThrow();
    expect(() => checkCapacityBlock("h100", pool({}))).not.toThrow();
  });

  it.each([
    [pool({ purchase: "capacity-block" }), "give its capacityReservationId"],
    [pool(block), "has 0 zones; a capacity block is in one zone"],
  ])("refuses what could get no nodes (%#)", (config, message) => {
    expect(() => checkCapacityBlock("h100", config)).toThrow(message);
  });
});
