import { HOURS_PER_MONTH, MONTHS_PER_YEAR } from "./units.ts";

const WATTS_PER_KILOWATT = 1000;

/** One node that was bought. */
export interface OwnedNode {
  readonly purchaseUsd: number;
  readonly residualUsd: number;
  readonly lifeMonths: number;
  /** Mean draw, at the plug of the node. */
  readonly watts: number;
  /** Total power of the room over power of its machines. */
  readonly pue: number;
  readonly usdPerKwh: number;
  readonly colocationUsdPerMonth: number;
  /** Nodes held for repairs per node in service. */
  readonly spareShare: number;
}

/** What an owned node costs per hour, idle or busy, in US dollars. Spares are bought and housed, not powered. */
export interface OwnedCost {
  readonly writeOffUsd: number;
  /** What the money tied up in it would have earned; 0 without a discount rate. */
  readonly capitalUsd: number;
  readonly powerUsd: number;
  readonly colocationUsd: number;
}

/**
 * Write-off is straight-line. With a discount rate the node must also earn the annuity of its purchase over its life:
 * what that is above the write-off is the cost of capital.
 */
export function ownedCost(node: OwnedNode, discountRatePerYear: number): OwnedCost {
  const { purchaseUsd, residualUsd, lifeMonths, watts, pue, usdPerKwh, colocationUsdPerMonth, spareShare } = node;
  const perHour = (1 + spareShare) / HOURS_PER_MONTH;
  const writeOff = (purchaseUsd - residualUsd) / lifeMonths;
  const rate = (1 + discountRatePerYear) ** (1 / MONTHS_PER_YEAR) - 1;
  const annuity =
    rate === 0
      ? writeOff
      : ((purchaseUsd - residualUsd * (1 + rate) ** -lifeMonths) * rate) / (1 - (1 + rate) ** -lifeMonths);
  return {
    writeOffUsd: writeOff * perHour,
    capitalUsd: (annuity - writeOff) * perHour,
    powerUsd: (watts / WATTS_PER_KILOWATT) * pue * usdPerKwh,
    colocationUsd: colocationUsdPerMonth * perHour,
  };
}

export const ownedUsdPerNodeHour = ({ writeOffUsd, capitalUsd, powerUsd, colocationUsd }: OwnedCost): number =>
  writeOffUsd + capitalUsd + powerUsd + colocationUsd;
