import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_ZONES, subnetCidrs } from "../../components/subnet-cidrs.ts";

/** First and last address as numbers. */
function span(cidr: string): [first: number, last: number] {
  const [address = "", bits = ""] = cidr.split("/");
  const first = address.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return [first, first + 2 ** (32 - Number(bits)) - 1];
}

const size = (cidr: string): number => {
  const [first, last] = span(cidr);
  return last - first + 1;
};

/** Any valid VPC range in 10.0.0.0/8. */
const vpcCidr = fc.tuple(fc.nat(2 ** 24 - 1), fc.integer({ min: 16, max: 21 })).map(([offset, bits]) => {
  const block = 2 ** (32 - bits);
  const start = 10 * 2 ** 24 + Math.floor(offset / block) * block;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(start / 2 ** shift) % 256).join(".")}/${bits}`;
});
const zones = fc.integer({ min: 1, max: MAX_ZONES });

describe("subnetCidrs", () => {
  it("keeps every subnet inside the VPC and apart from all others", () => {
    fc.assert(
      fc.property(vpcCidr, zones, (vpc, count) => {
        const spans = subnetCidrs(vpc, count)
          .flatMap((zone) => [span(zone.public), span(zone.private)])
          .sort(([a], [b]) => a - b);
        const [first, last] = span(vpc);
        expect(spans).toHaveLength(2 * count);
        for (const [index, [from, to]] of spans.entries()) {
          expect(from).toBeGreaterThanOrEqual(first);
          expect(to).toBeLessThanOrEqual(last);
          expect(from).toBeGreaterThan(spans[index - 1]?.[1] ?? first - 1);
        }
      }),
    );
  });

  it("gives nodes and pods eight times the addresses of the public subnet", () => {
    fc.assert(
      fc.property(vpcCidr, zones, (vpc, count) => {
        for (const zone of subnetCidrs(vpc, count)) expect(size(zone.private)).toBe(8 * size(zone.public));
      }),
    );
  });

  it("moves no subnet when a zone is added", () => {
    fc.assert(
      fc.property(vpcCidr, fc.integer({ min: 1, max: MAX_ZONES - 1 }), (vpc, count) => {
        expect(subnetCidrs(vpc, count + 1).slice(0, count)).toEqual(subnetCidrs(vpc, count));
      }),
    );
  });

  it("lays out the default network", () => {
    expect(subnetCidrs("10.40.0.0/16", 2)).toEqual([
      { public: "10.40.224.0/22", private: "10.40.0.0/19" },
      { public: "10.40.228.0/22", private: "10.40.32.0/19" },
    ]);
  });

  it.each([
    ["10.0.0.0/22", 2, "use /16 to /21"],
    ["10.0.0.0/12", 2, "use /16 to /21"],
    ["10.40.1.0/16", 2, "use 10.40.0.0/16"],
    ["10.40.0.0", 2, "is no range"],
    ["10.40.0.0/16", 8, "use 1 to 7"],
  ])("refuses %s with %i zones and says what is allowed", (vpc, count, hint) => {
    expect(() => subnetCidrs(vpc, count)).toThrow(hint);
  });
});
