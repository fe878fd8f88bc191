import { describe, expect, it } from "vitest";
import { randomProvider } from "../../../sandbox/providers/random.ts";
import { type Properties, UNKNOWN } from "../../../sandbox/providers/values.ts";

const provider = randomProvider();
const resource = (kind: string) => {
  const type = `random:index/${kind[0]?.toLowerCase()}${kind.slice(1)}:${kind}`;
  return { urn: `urn:pulumi:s::p::${type}::name`, type, name: "name" };
};
const create = (kind: string, inputs: Properties, isPreview = false) =>
  provider.create(resource(kind), inputs, isPreview);

describe("random values", () => {
  it("are unknown in a preview", () => {
    expect(create("RandomPassword", { length: 8 }, true).outputs).toMatchObject({ result: UNKNOWN, special: true });
  });

  it("have the requested length and characters", () => {
    expect(create("RandomPassword", { length: 30 }).outputs.result).toHaveLength(30);
    expect(create("RandomString", { length: 40, special: false, upper: false }).outputs.result).toMatch(
      /^[a-z0-9]{40}$/,
    );
    expect(create("RandomId", { byteLength: 4 }).outputs.hex).toMatch(/^[0-9a-f]{8}$/);
    expect(create("RandomUuid", {}).id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    const { result } = create("RandomInteger", { min: 5, max: 7 }).outputs;
    expect([5, 6, 7]).toContain(result);
  });

  it("stay the same as long as the inputs do, and are replaced otherwise", () => {
    const first = create("RandomPassword", { length: 8, keepers: { version: "1" } }).outputs.result;
    expect(create("RandomPassword", { length: 8, keepers: { version: "1" } }).outputs.result).toBe(first);
    expect(create("RandomPassword", { length: 8, keepers: { version: "2" } }).outputs.result).not.toBe(first);
    expect(provider.replacedBy(["keepers"], {}, {})).toEqual(["keepers"]);
  });

  it("are refused without their required inputs", () => {
    expect(provider.check(resource("RandomPassword"), {}).failures[0]?.reason).toContain('required property "length"');
    expect(provider.check(resource("RandomThing"), {}).failures[0]?.reason).toContain("no resource type");
  });
});
