import { describe, expect, it } from "vitest";
import { type OwnedNode, ownedCost, ownedUsdPerNodeHour } from "../../economics/owned-hardware.ts";
import { HOURS_PER_MONTH } from "../../economics/units.ts";

const node: OwnedNode = {
  purchaseUsd: 240_000,
  residualUsd: 48_000,
  lifeMonths: 48,
  watts: 8000,
  pue: 1.5,
  usdPerKwh: 0.1,
  colocationUsdPerMonth: 1110,
  spareShare: 0.1,
};

describe("an owned node", () => {
  it("costs write-off, rent, spares and electricity", () => {
    const byHand = ((192_000 / 48 + 1110) * 1.1) / HOURS_PER_MONTH + 8 * 1.5 * 0.1;
    expect(ownedUsdPerNodeHour(ownedCost(node, 0))).toBeCloseTo(byHand, 9);
    expect(ownedCost(node, 0).capitalUsd).toBe(0);
  });

  it("earns its purchase back with interest: the present value of its annuity and residual is the purchase", () => {
    const { writeOffUsd, capitalUsd } = ownedCost({ ...node, spareShare: 0 }, 0.08);
    const rate = 1.08 ** (1 / 12) - 1;
    const annuity = (writeOffUsd + capitalUsd) * HOURS_PER_MONTH;
    const paid = Array.from({ length: 48 }, (_, month) => annuity / (1 + rate) ** (month + 1));
    const presentValue = paid.reduce((sum, usd) => sum + usd, 0) + 48_000 / (1 + rate) ** 48;
    expect(presentValue).toBeCloseTo(240_000, 4);
  });
});
