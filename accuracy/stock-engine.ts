import { coefficientsOf } from "../economics/capacity/coefficients.ts";
import { engineOf, performanceOf } from "../economics/capacity/formula.ts";
import { quantile } from "./figures.ts";
import { isBurst, type Point } from "./points.ts";

/** What stock vLLM reached of the formula, whose terms are fitted to tuned runs. Shares. */
export interface StockShare {
  readonly points: number;
  readonly quarter: number;
  readonly median: number;
  readonly threeQuarters: number;
}

/**
 * Measured / formula over the published bursts of vLLM (many prompts at once, flags of the engine's defaults or near them),
 * the formula as for a tuned engine. Its median is the plan factor.
 */
export function stockShare(points: readonly Point[]): StockShare {
  const shares = points.filter(isBurst).flatMap(({ measurement: m, deployment, size, model }) => {
    if (m.engine !== "vllm") return [];
    const engine = engineOf(deployment, size, { ...coefficientsOf(model, m.engine), burstShare: 1 });
    return engine === undefined ? [] : [m.outputTokensPerSecond / performanceOf(engine, m.load).outputTokensPerSecond];
  });
  const at = (share: number) => Math.round(quantile(shares, share) * 100) / 100;
  return { points: shares.length, quarter: at(0.25), median: at(0.5), threeQuarters: at(0.75) };
}
